import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { OpenedShare } from '../../tss-wasm/worker/api.ts'
import { checkBackup, exportSaveData, makeBackup } from '../jobs/backup.ts'
import { identityIn } from '../jobs/identities.ts'
import { openShareFile } from '../jobs/restore.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { backupDouble, pinnedParty, script, sealedDouble, testPorts, type TestPorts } from './doubles.ts'

const passphrase = () => new Uint8Array(utf8ToBytes('quite a long phrase'))
const forFile = () => new Uint8Array(utf8ToBytes('another one, for the file'))
const file = backupDouble(forFile())
const source = () => ({ kind: 'backup', file, passphrase: forFile() }) as const

/** A device without wallets restores one, as the double's backup names it. */
async function restored(ports = testPorts(script())): Promise<{ ports: TestPorts; wallet: WalletRecord }> {
  using opened = await openShareFile(ports, source())
  return { ports, wallet: await opened.keep({ passphrase: passphrase() }) }
}

/** The engine of `ports`, which finds something else in every file. */
function finding(ports: TestPorts, other: Partial<OpenedShare>): TestPorts {
  return {
    ...ports,
    startEngine() {
      const engine = ports.startEngine()
      return { ...engine, openShareFile: async (from) => ({ ...(await engine.openShareFile(from)), ...other }) }
    },
  }
}

function refusedFor(reason: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ProtocolAbort && error.failure.kind === 'refused' && reason.test(error.message)
}

suite('restoring', () => {
  test('stores the wallet as active, and ends the worker', async () => {
    const run = script()
    const { ports, wallet } = await restored(testPorts(run))
    assert.deepEqual(await ports.shares.list(), [wallet])
    assert.deepEqual([wallet.state, wallet.name, wallet.mySeat], ['active', 'Family savings', 1])
    assert.deepEqual(
      wallet.seats.map(({ seat, serverParty }) => [seat, serverParty]),
      [
        [1, undefined],
        [2, 'server-1'],
        [3, 'server-2'],
      ],
    )
    assert.equal(run.log.at(-1), 'engine ended')
  })

  test('shows the names in a file without what nobody sees of them, and opens it', async () => {
    const ports = testPorts(script())
    const hidden = `Sav\u200bings${'\u0301'.repeat(30)}`
    using sound = await openShareFile(ports, source())
    const seats = sound.shown.seats.map((seat) => ({ ...seat, label: `\u202e${seat.label}` }))
    const backup = { name: hidden, createdAtMs: 1, madeAtMs: 2 }
    using opened = await openShareFile(finding(ports, { seats, backup }), source())
    const { name, seats: kept } = await opened.keep({ passphrase: passphrase() })
    assert.equal(name, `Savings${'\u0301'.repeat(4)}`)
    assert.deepEqual(
      kept.map(({ label }) => label),
      sound.shown.seats.map(({ label }) => label),
    )
  })

  test('changes nothing and keeps nothing open when the file does not open', async () => {
    const run = script()
    const ports = testPorts(run)
    const wrong = { ...source(), passphrase: passphrase() }
    await assert.rejects(openShareFile(ports, wrong), refusedFor(/backup-passphrase: wrong passphrase/))
    assert.equal(ports.shelf.size, 0)
    assert.equal(run.log.at(-1), 'engine ended')
  })

  test('says that the same share is here already, and leaves it', async () => {
    const { ports } = await restored()
    const before = structuredClone(ports.shelf)
    using opened = await openShareFile(ports, source())
    assert.equal(opened.here, 'same-share')
    await assert.rejects(opened.keep({ passphrase: passphrase() }), refusedFor(/here-already: /))
    assert.deepEqual(ports.shelf, before)
  })

  for (const [what, other] of [
    ['another seat', { mySeat: 2 as PartyId }],
    ['another epoch', { epoch: 1 }],
  ] as const) {
    test(`never puts a share of ${what} in the place of the one that is here`, async () => {
      const { ports } = await restored()
      const before = structuredClone(ports.shelf)
      using opened = await openShareFile(finding(ports, other), source())
      assert.equal(opened.here, 'other-share')
      await assert.rejects(opened.keep({ passphrase: passphrase() }), refusedFor(/here-already: /))
      assert.deepEqual(ports.shelf, before)
    })
  }

  test('goes on where it was interrupted between storing and activating', async () => {
    const died = testPorts(
      script((call) => {
        if (call === 'activate') throw new Error('the power is gone')
      }),
    )
    await assert.rejects(restored(died), /power/)
    assert.deepEqual(
      (await died.shares.list()).map(({ state }) => state),
      ['pending'],
    )
    const again: TestPorts = { ...testPorts(script()), shelf: died.shelf, shares: { ...died.shares, activate } }
    async function activate(walletId: string) {
      const kept = died.shelf.get(walletId)
      if (kept !== undefined) kept.record = { ...kept.record, state: 'active' }
      return Promise.resolve()
    }
    const { wallet } = await restored(again)
    assert.equal(wallet.state, 'active')
    assert.equal(died.shelf.size, 1)
  })

  test('of tss-lib’s own file asks for a name, and gives the seat this installation’s identity', async () => {
    const ports = testPorts(script())
    using opened = await openShareFile(ports, { kind: 'save-data', file: new Uint8Array(), threshold: 2 })
    const wallet = await opened.keep({ name: 'From Go', passphrase: passphrase() })
    const mine = await ports.identity.load()
    assert.equal(wallet.name, 'From Go')
    assert.deepEqual(wallet.seats[0]?.signingKey, mine.public.signingKey)
    assert.equal(wallet.seats[1]?.signingKey.length, 0)
    assert.deepEqual((await identityIn(ports, wallet)).public, mine.public)
  })
})

suite('a backup', () => {
  test('is made with the wallet’s passphrase only, and both passphrases are overwritten', async () => {
    const { ports, wallet } = await restored()
    const [mine, theirs] = [passphrase(), forFile()]
    assert.deepEqual(await makeBackup(ports, wallet, mine, theirs), file)
    assert.ok([...mine, ...theirs].every((byte) => byte === 0))
    await assert.rejects(makeBackup(ports, wallet, forFile(), forFile()), refusedFor(/wrong passphrase/))
    await assert.rejects(exportSaveData(ports, wallet, forFile()), refusedFor(/wrong passphrase/))
  })

  test('that fits passes the drill, and nothing changes', async () => {
    const { ports, wallet } = await restored()
    const before = structuredClone(ports.shelf)
    const checked = await checkBackup(ports, wallet, file, forFile())
    assert.deepEqual(checked, { madeAtMs: Date.UTC(2026, 9, 4), hasIdentity: true })
    assert.deepEqual(ports.shelf, before)
    await assert.rejects(
      checkBackup(ports, wallet, file, passphrase()),
      refusedFor(/backup-passphrase: wrong passphrase/),
    )
  })

  for (const [what, other, reason] of [
    ['another wallet', { publicKey: new Uint8Array(33) }, /backup-of-another: of another wallet/],
    ['another seat', { mySeat: 3 as PartyId }, /backup-of-another: of another share of this wallet \(number 3\)/],
    ['another threshold', { threshold: 3 }, /other threshold/],
    ['another epoch', { epoch: 2 }, /were renewed/],
    [
      'other holders',
      { seats: [1, 2, 3].map((fill) => ({ label: '', ...pinnedParty('', 50 * fill).identity })) },
      /names other holders/,
    ],
  ] as const) {
    test(`of ${what} does not pass the drill`, async () => {
      const { ports, wallet } = await restored()
      await assert.rejects(checkBackup(finding(ports, other), wallet, file, forFile()), refusedFor(reason))
    })
  }

  test('is checked against what is stored, also where the share is gone', async () => {
    const { ports, wallet } = await restored()
    ports.shelf.set(wallet.walletId, {
      record: wallet,
      shares: new Map([[0, sealedDouble(wallet.walletId, '')]]),
    })
    assert.ok((await checkBackup(ports, wallet, file, forFile())).hasIdentity)
    ports.shelf.delete(wallet.walletId)
    assert.ok((await checkBackup(ports, wallet, file, forFile())).hasIdentity)
  })
})
