import assert from 'node:assert/strict'
import type { WalletEpochs } from '../../participant/reshare/walletEpochs.ts'
import type { SealedPreParameters } from '../../tss-wasm/worker/api.ts'
import { sealedShare, walletRecord } from '../../web/test/shareStoreContract.ts'
import { openDesktopFolder, type DesktopFolder } from '../desktopFolder.ts'
import { ports, type TestKeychain } from './folders.ts'

export const oldShare = sealedShare(...Array.from({ length: 300 }, (_, i) => i % 251))
export const newShare = sealedShare(...Array.from({ length: 300 }, (_, i) => (i * 7) % 251))
const nextEpoch = (now: WalletEpochs): WalletEpochs => ({
  ...now,
  highest: 1,
  current: { ...(now.current ?? assert.fail()), number: 1 },
})
const set = (fill: number) => new Uint8Array(64).fill(fill) as SealedPreParameters

/** A party with an active wallet, a pending one and a set of pre-parameters. */
export async function fill(path: string, keychain: TestKeychain): Promise<void> {
  await using folder = await openDesktopFolder(path, ports(keychain))
  await folder.shares.putPending(walletRecord('old', 1), oldShare)
  await folder.shares.activate('old')
  await folder.shares.putPending(walletRecord('waiting', 2), oldShare)
  await folder.prepared.add(set(1))
}

/** Everything that changes a folder. `settled` looks at the folder afterwards, whether the change was made or not. */
export interface Operation {
  readonly name: string
  /** Works on an empty folder, not on a filled one. */
  readonly fresh?: boolean
  change(folder: DesktopFolder): Promise<unknown>
  settled(folder: DesktopFolder, done: boolean): Promise<void>
}

export const operations: readonly Operation[] = [
  {
    name: 'storing a share',
    change: ({ shares }) => shares.putPending(walletRecord('new', 3), newShare),
    async settled({ shares }, done) {
      const listed = (await shares.list()).find(({ walletId }) => walletId === 'new')
      if (done) assert.ok(listed, 'what was confirmed is there')
      if (listed !== undefined) {
        assert.deepEqual(listed, walletRecord('new', 3))
        assert.deepEqual(await shares.getShare('new'), newShare)
      } else {
        await shares.putPending(walletRecord('new', 3), newShare) // nothing stands in the way of trying again
        assert.deepEqual(await shares.getShare('new'), newShare)
      }
    },
  },
  {
    name: 'activating a wallet',
    change: ({ shares }) => shares.activate('waiting'),
    async settled({ shares }, done) {
      const record = (await shares.list()).find(({ walletId }) => walletId === 'waiting')
      assert.ok(record, 'the wallet is listed')
      if (done) assert.equal(record.state, 'active')
      assert.deepEqual({ ...record, state: 'pending' }, walletRecord('waiting', 2))
      assert.deepEqual(await shares.getShare('waiting'), oldShare)
    },
  },
  {
    name: 'another passphrase for a share',
    change: ({ shares }) => shares.replaceShare('waiting', oldShare, newShare),
    async settled({ shares }, done) {
      const stored = await shares.getShare('waiting')
      if (done) assert.deepEqual(stored, newShare)
      else assert.ok([oldShare, newShare].some((whole) => Buffer.compare(whole, stored ?? new Uint8Array()) === 0))
      await shares.replaceShare('waiting', stored ?? oldShare, newShare) // nothing stands in the way of trying again
      assert.deepEqual(await shares.getShare('waiting'), newShare)
    },
  },
  {
    name: 'removing a wallet',
    change: ({ shares }) => shares.remove('waiting'),
    async settled({ shares }, done) {
      const listed = (await shares.list()).some(({ walletId }) => walletId === 'waiting')
      assert.equal(done && listed, false)
      assert.deepEqual(await shares.getShare('waiting'), listed ? oldShare : undefined)
    },
  },
  {
    name: 'storing pre-parameters',
    change: ({ prepared }) => prepared.add(set(2)),
    async settled({ prepared }, done) {
      const { count } = await prepared.look(false)
      if (done) assert.equal(count, 2)
      const found = []
      for (let i = 0; i < count; i += 1) found.push((await prepared.look(true)).taken)
      assert.ok(found.some((taken) => taken?.[0] === 1))
      for (const taken of found) assert.ok(taken?.length === 64 && taken.every((byte) => byte === taken[0]))
    },
  },
  {
    name: 'taking pre-parameters',
    change: ({ prepared }) => prepared.look(true),
    async settled({ prepared }, done) {
      const { count } = await prepared.look(false)
      assert.ok(count === 0 || (!done && count === 1), 'a set that was handed out is gone from the disk')
    },
  },
  {
    name: 'a pending share beside the one that signs',
    change: ({ shares }) => shares.epochs.putShare('waiting', 1, newShare),
    async settled({ shares }, done) {
      const stored = await shares.epochs.share('waiting', 1)
      if (done || stored !== undefined) assert.deepEqual(stored, newShare)
      assert.deepEqual(await shares.getShare('waiting'), oldShare)
      assert.equal((await shares.epochs.read('waiting'))?.current?.number, 0)
    },
  },
  {
    name: 'the switch to another epoch',
    change: ({ shares }) => shares.epochs.change('waiting', nextEpoch),
    async settled({ shares }, done) {
      const number = (await shares.epochs.read('waiting'))?.current?.number
      assert.ok(number === 1 || (!done && number === 0))
      assert.deepEqual(await shares.epochs.share('waiting', 0), oldShare)
    },
  },
  {
    name: 'erasing a share',
    change: ({ shares }) => shares.epochs.eraseShare('waiting', 0),
    async settled({ shares }, done) {
      const held = await shares.epochs.held('waiting')
      assert.ok(held.length === 0 || !done)
      await shares.epochs.eraseShare('waiting', 0) // whatever is left of it
      assert.deepEqual(await shares.epochs.held('waiting'), [])
      assert.deepEqual(await shares.epochs.share('waiting', 0), undefined)
    },
  },
  {
    name: 'the first start',
    fresh: true,
    change: (folder) => folder.installation(),
    async settled(folder) {
      const first = await folder.installation()
      assert.deepEqual(await folder.installation(), first)
    },
  },
]
