import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { SealedPreParameters, SealedShare } from '../../tss-wasm/worker/api.ts'
import { openDataFolder, writeDurably } from '../../files/dataFolder.ts'
import { openPartyFolder } from '../party/folder.ts'
import type { PartyWallet } from '../party/wallet.ts'
import { temporaryFolder } from '../../testkit/harness.ts'

const share = new Uint8Array([1, 2, 3]) as SealedShare
const publicKey = new Uint8Array(33).fill(2)
const wallet: PartyWallet = {
  walletId: 'ab'.repeat(16),
  name: 'Ours',
  state: 'pending',
  publicKey,
  threshold: 2,
  mySeat: 2 as PartyId,
  seats: [1, 2].map((seat) => ({
    seat: seat as PartyId,
    identity: { signingKey: new Uint8Array(32).fill(seat), encryptionKey: new Uint8Array(32).fill(seat + 10) },
  })),
  pending: {
    sessionId: 'cd'.repeat(16),
    joinToken: 'a.b.c',
    roster: new Uint8Array([8]),
    confirmation: new Uint8Array([9]),
    isLeaving: false,
    storedAtMs: 1,
    expiresAtMs: 2,
  },
}

describe("a server party's folder", () => {
  it('keeps identity, wallets and their states over a restart', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'party')
    let signingKey: Uint8Array
    {
      await using folder = await openPartyFolder(path, undefined, systemRandom)
      signingKey = folder.identity.public.signingKey
      await folder.putPending(wallet, share)
      await assert.rejects(openPartyFolder(path, undefined, systemRandom), /another process is using/)
    }
    await using folder = await openPartyFolder(path, undefined, systemRandom)
    assert.deepEqual(folder.identity.public.signingKey, signingKey)
    assert.deepEqual(await folder.pendingWallets(() => assert.fail('damaged')), [wallet])
    await folder.activate(wallet.walletId)
    assert.deepEqual(await folder.pendingWallets(() => assert.fail('damaged')), [])
    assert.deepEqual(await folder.wallet(wallet.walletId), { ...wallet, state: 'active', pending: undefined })
    assert.deepEqual(await folder.share(wallet.walletId), share)
    for (const file of ['master.key', 'identity.sealed', `wallets/${wallet.walletId}.share`]) {
      assert.equal((await stat(join(path, file))).mode & 0o777, 0o600, file)
    }
    assert.equal((await stat(path)).mode & 0o777, 0o700)
  })

  it('finds pending wallets that an earlier version has left, and names those of them it cannot read', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'party')
    const [active, damaged] = ['ef'.repeat(16), '01'.repeat(16)]
    {
      await using folder = await openPartyFolder(path, undefined, systemRandom)
      await folder.putPending(wallet, share)
      for (const walletId of [active, damaged]) await folder.putPending({ ...wallet, walletId }, share)
      await folder.activate(active)
    }
    await rm(join(path, 'pending'), { recursive: true })
    await writeFile(join(path, 'wallets', `${damaged}.json`), '{"version":1')
    await using folder = await openPartyFolder(path, undefined, systemRandom)
    const unreadable: string[] = []
    assert.deepEqual(await folder.pendingWallets((walletId) => unreadable.push(walletId)), [wallet])
    assert.deepEqual(unreadable, [damaged])
  })

  it('goes by its records where a crash has left the index behind', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'party')
    {
      await using folder = await openPartyFolder(path, undefined, systemRandom)
      await folder.putPending(wallet, share)
      await folder.activate(wallet.walletId)
    }
    // Died before the index had forgotten one, and before another was stored.
    for (const walletId of [wallet.walletId, 'ef'.repeat(16)]) await writeFile(join(path, 'pending', walletId), '')
    await using folder = await openPartyFolder(path, undefined, systemRandom)
    assert.deepEqual(await folder.pendingWallets(() => assert.fail('damaged')), [])
  })

  it('reads no record of a wallet that is active to find those that are pending', async () => {
    await using at = await temporaryFolder()
    await using folder = await openPartyFolder(join(at.path, 'party'), undefined, systemRandom)
    await folder.putPending(wallet, share)
    await folder.activate(wallet.walletId)
    await writeFile(join(at.path, 'party', 'wallets', `${wallet.walletId}.json`), 'nobody reads this')
    assert.deepEqual(await folder.pendingWallets(() => assert.fail('it was read')), [])
  })

  const skip = process.platform === 'linux' ? false : 'only Linux has names of sockets that are no files'
  it('is one process’s, wherever each of them has its temporary files', { skip }, async () => {
    await using at = await temporaryFolder()
    const { TMPDIR } = process.env
    try {
      process.env['TMPDIR'] = at.path
      await using mine = await openDataFolder(join(at.path, 'party'))
      process.env['TMPDIR'] = '/tmp'
      await assert.rejects(openDataFolder(mine.path), /another process is using/)
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = TMPDIR
    }
  })

  it('never overwrites a wallet and never discards an active one', async () => {
    await using at = await temporaryFolder()
    await using folder = await openPartyFolder(join(at.path, 'party'), undefined, systemRandom)
    await folder.putPending(wallet, share)
    await assert.rejects(folder.putPending(wallet, new Uint8Array([4]) as SealedShare), /already stored/)
    await folder.activate(wallet.walletId)
    await assert.rejects(folder.discard(wallet.walletId), /only a pending wallet/)
    assert.deepEqual(await folder.share(wallet.walletId), share)
  })

  it('leaves nothing of a discarded wallet', async () => {
    await using at = await temporaryFolder()
    await using folder = await openPartyFolder(join(at.path, 'party'), undefined, systemRandom)
    await folder.putPending(wallet, share)
    await folder.discard(wallet.walletId)
    assert.deepEqual(await readdir(join(at.path, 'party', 'wallets')), [])
  })

  it('gives out pre-parameters once', async () => {
    await using at = await temporaryFolder()
    await using folder = await openPartyFolder(join(at.path, 'party'), undefined, systemRandom)
    await folder.addPrepared(share as unknown as SealedPreParameters)
    const [name] = await folder.prepared()
    assert.deepEqual(await folder.takePrepared(name ?? ''), share)
    assert.deepEqual(await folder.prepared(), [])
    await assert.rejects(folder.takePrepared(name ?? ''), /already been used/)
  })

  it('refuses another master key, an invalid key and damaged files, and changes none of them', async () => {
    await using at = await temporaryFolder()
    const path = join(at.path, 'party')
    await (await openPartyFolder(path, 'aa'.repeat(32), systemRandom))[Symbol.asyncDispose]()
    const identity = await readFile(join(path, 'identity.sealed'))
    const refused = (error: unknown) => error instanceof ProtocolAbort && error.failure.kind === 'refused'
    await assert.rejects(openPartyFolder(path, 'bb'.repeat(32), systemRandom), refused)
    await assert.rejects(openPartyFolder(path, 'short', systemRandom), /CRYPTO_MASTER_KEY must hold 64 hex digits/)
    assert.deepEqual(await readFile(join(path, 'identity.sealed')), identity)
    await truncate(join(path, 'identity.sealed'), 40)
    await assert.rejects(openPartyFolder(path, 'aa'.repeat(32), systemRandom), refused)
    await writeFile(join(path, 'identity.sealed'), identity)
    await using folder = await openPartyFolder(path, 'aa'.repeat(32), systemRandom)
    await writeFile(join(path, 'wallets', `${wallet.walletId}.json`), '{"version":1')
    const damaged: string[] = []
    await folder.checkWallets((walletId) => damaged.push(walletId))
    assert.deepEqual(damaged, [wallet.walletId])
    await assert.rejects(folder.wallet(wallet.walletId), /JSON/)
  })

  it('replaces a file whole: what a crash left half written beside it does not matter', async () => {
    await using at = await temporaryFolder()
    const file = join(at.path, 'record')
    await writeDurably(file, new Uint8Array([1]))
    await writeFile(`${file}.writing`, 'half of a recor')
    await writeDurably(file, new Uint8Array([2]))
    assert.deepEqual(await readdir(at.path), ['record'])
    await mkdir(join(at.path, 'folder'))
    await assert.rejects(writeDurably(join(at.path, 'folder'), new Uint8Array([3])))
  })
})
