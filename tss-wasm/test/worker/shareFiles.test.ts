import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../failure.ts'
import {
  createIdentity,
  identityOfKeys,
  sealIdentity,
  unsealIdentity,
  unsealIdentityKeys,
} from '../../identity/identity.ts'
import { isSigned, signed } from '../../identity/signed.ts'
import { writeBackup } from '../../keyShare/backup.ts'
import { sealWallet, unsealWallet } from '../../keyShare/seal.ts'
import { writeSaveData } from '../../keyShare/saveData.ts'
import { systemRandom } from '../../random.ts'
import type { SealedShare } from '../../worker/api.ts'
import { startEngine } from '../../worker/client.ts'
import { spawnInNode } from '../../worker/spawn.node.ts'
import { fixtureWallet } from '../fixtures/sealed/make.ts'
import { aesKey, withPassphrase } from './engines.ts'

const fixture = (index: number) =>
  readFileSync(new URL(`../fixtures/tss-lib/keygen_data_${index}.json`, import.meta.url))
const threshold = 3
const labels = ['Ana', 'Ben', 'Eva', 'Uma', 'Tom'].map((label) => ({ label }))
const old = withPassphraseText('the old passphrase')

function withPassphraseText(words: string) {
  return () => withPassphrase(words)
}

function engine() {
  return startEngine(() => spawnInNode(undefined, 1))
}

/** A wallet with the identity that its own seat has, as keygen would leave it. */
async function sealedHere(): Promise<{ sealed: SealedShare; sealedIdentity: Uint8Array; signingKey: Uint8Array }> {
  const identity = await createIdentity({ extractable: true })
  const sealedIdentity = await sealIdentity(identity, aesKey, systemRandom)
  const wallet = fixtureWallet(1)
  const seats = wallet.seats.map((seat, i) => (i === 1 ? identity.public : seat))
  const keys = await unsealIdentityKeys(sealedIdentity, aesKey)
  const sealed = await sealWallet({ ...wallet, seats, identity: keys }, old(), systemRandom)
  return { sealed, sealedIdentity, signingKey: identity.public.signingKey }
}

function isRefused(check: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ProtocolAbort && error.failure.kind === 'refused' && check.test(error.message)
}

describe('a share as a file', () => {
  it('is backed up, lost and restored: share and identity are those the others know', async () => {
    const { sealed, signingKey } = await sealedHere()
    using first = engine()
    const backupPassphrase = new Uint8Array(utf8ToBytes('the one of the file'))
    const sealing = old()
    const request = {
      sealedShare: sealed,
      sealing,
      name: 'Renamed since',
      labels,
      nowMs: 1_790_000_000_000,
      history: '[{"end":"signed"}]',
      backupPassphrase,
    }
    const file = await first.makeBackup(request)
    assert.ok(
      backupPassphrase.every((byte) => byte === 0),
      'overwritten',
    )

    using second = engine()
    const other = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const passphrase = new Uint8Array(utf8ToBytes('the one of the file'))
    const shown = await second.openShareFile({ kind: 'backup', file, passphrase })
    assert.ok(
      passphrase.every((byte) => byte === 0),
      'overwritten',
    )
    assert.deepEqual([shown.mySeat, shown.threshold, shown.epoch, shown.hasIdentity], [2, threshold, 0, true])
    assert.deepEqual(
      shown.seats.map(({ label }) => label),
      labels.map(({ label }) => label),
    )
    assert.deepEqual(shown.backup, {
      name: 'Renamed since',
      createdAtMs: 1_790_000_000_000,
      madeAtMs: 1_790_000_000_000,
      history: '[{"end":"signed"}]',
    })
    assert.deepEqual(shown.seats[1]?.signingKey, signingKey)

    const kept = await second.keepOpened({ sealing: withPassphrase('a new passphrase'), installationKey: other })
    const summary = await second.checkShare(kept.sealedShare, withPassphrase('a new passphrase'))
    assert.deepEqual([summary.walletId, summary.seat], [shown.walletId, 2])
    assert.ok(kept.sealedIdentity)
    const identity = await unsealIdentity(kept.sealedIdentity, other)
    assert.equal(identity.signing.privateKey.extractable, false)
    const message = utf8ToBytes('it is me again')
    assert.ok(await isSigned('watch', message, await signed('watch', message, identity), signingKey))
    await assert.rejects(
      second.keepOpened({ sealing: withPassphrase('once more'), installationKey: other }),
      /kept after it was opened/,
    )
  })

  it('is imported from tss-lib, with this installation’s identity, and exported byte for byte', async () => {
    const { sealedIdentity, signingKey } = await sealedHere()
    using worker = engine()
    const shown = await worker.openShareFile({ kind: 'save-data', file: fixture(1), threshold })
    assert.deepEqual([shown.mySeat, shown.hasIdentity, shown.backup], [2, false, undefined])
    assert.ok(shown.seats.every((seat) => seat.signingKey.length === 0))
    const mine = (await identityOfKeys(await unsealIdentityKeys(sealedIdentity, aesKey))).public
    assert.deepEqual(mine.signingKey, signingKey)
    const seats = shown.seats.map((seat, i) => (i === 1 ? mine : seat))
    const adopting = { name: 'From Go', nowMs: 1, seats, sealedIdentity }
    const { sealedShare } = await worker.keepOpened({ sealing: old(), installationKey: aesKey, adopting })
    const exported = await worker.exportSaveData(sealedShare, old())
    assert.equal(bytesToHex(exported), bytesToHex(writeSaveData(fixtureWallet(1).share)))
    const { identity, name } = await unsealWallet(sealedShare, old())
    assert.ok(identity && name === 'From Go')
    assert.deepEqual((await identityOfKeys(identity)).public, mine)
  })

  it('is refused with another threshold, or when a prime or a number is not what it should be', async () => {
    using worker = engine()
    const json = fixture(0).toString()
    const cases: [file: string, threshold: number, check: RegExp][] = [
      [json, 2, /public shares interpolate to the public key/],
      [json, 4, /threshold is the one the key was made with/],
      [json, 6, /threshold is possible/],
      [json.replace(/"ShareID":\s*/, '"ShareID":1'), 3, /own key is among the party keys/],
      [json.slice(0, -20), 3, /near character/],
    ]
    for (const [text, t, check] of cases) {
      const file = utf8ToBytes(text)
      await assert.rejects(
        worker.openShareFile({ kind: 'save-data', file, threshold: t }),
        isRefused(check),
        String(check),
      )
    }
    await assert.rejects(
      worker.keepOpened({ sealing: old(), installationKey: aesKey }),
      /kept after it was opened/,
      'nothing refused is held',
    )
  })

  it('is refused when its identity is not the one of its seat', async () => {
    const { sealedIdentity } = await sealedHere()
    const identity = await unsealIdentityKeys(sealedIdentity, aesKey)
    const wallet = { ...fixtureWallet(1), identity }
    using worker = engine()
    const file = await writeBackup({ madeAtMs: 1, labels, wallet }, utf8ToBytes('x'), 2)
    await assert.rejects(
      worker.openShareFile({ kind: 'backup', file, passphrase: new Uint8Array(utf8ToBytes('x')) }),
      isRefused(/identity belongs to its seat/),
    )
  })
})
