import { sha256 } from '@noble/hashes/sha2.js'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { secretsOfPreParameters } from '../../crypto/types.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { wasmArithmetic } from '../../integers/wasm.ts'
import { walletIdOf } from '../../keyShare/keyShare.ts'
import {
  describeSealed,
  resealWallet,
  sealWallet,
  unsealWallet,
  type SealedShare,
  type Sealing,
} from '../../keyShare/seal.ts'
import { sealPreParameters, unsealPreParameters } from '../../keyShare/sealedPreParameters.ts'
import { holding } from '../../keyShare/wallet.ts'
import { systemRandom } from '../../random.ts'
import { Secret } from '../../secret.ts'
import { fixtureSealing, fixtureWallet } from '../fixtures/sealed/make.ts'
import { fixturePreParameters } from '../protocols/fixtureShare.ts'
import { refused } from './refused.ts'

const wallet = fixtureWallet(0)
const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
let withKey: Sealing
let withPassphrase: Sealing
let sealed: SealedShare
before(async () => {
  withKey = await fixtureSealing('key')
  withPassphrase = await fixtureSealing('passphrase')
  sealed = await sealWallet(wallet, withKey, systemRandom)
})

/** With the checksum made right again, as somebody who means harm would. */
function forged(change: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = sealed.slice()
  change(bytes)
  bytes.set(sha256(bytes.subarray(0, -32)), bytes.length - 32)
  return bytes
}

describe('a sealed share', () => {
  it('opens with what it was sealed with', async () => {
    assert.deepEqual(await unsealWallet(sealed, withKey), wallet)
    const other = await sealWallet(wallet, withPassphrase, systemRandom)
    assert.deepEqual(await unsealWallet(other, withPassphrase, tools), wallet)
  })

  it('takes another passphrase or key, and opens with the new one only', async () => {
    const next: Sealing = { kind: 'passphrase', passphrase: new TextEncoder().encode('another, as long as this') }
    const resealed = await resealWallet(
      await sealWallet(wallet, withPassphrase, systemRandom),
      withPassphrase,
      next,
      systemRandom,
    )
    assert.deepEqual(await unsealWallet(resealed, next, tools), wallet)
    await assert.rejects(unsealWallet(resealed, withPassphrase), refused(/wrong passphrase/))
    await assert.rejects(resealWallet(resealed, withPassphrase, next, systemRandom), refused(/wrong passphrase/))
    assert.deepEqual(await unsealWallet(await resealWallet(resealed, next, withKey, systemRandom), withKey), wallet)
  })

  it('says what it is without being opened, and shows nothing secret', () => {
    assert.deepEqual(describeSealed(sealed), {
      walletId: walletIdOf(wallet.share.publicKey),
      seat: 1,
      epoch: wallet.epoch,
      sealedWith: 'key',
    })
    const text = Buffer.from(sealed).toString('latin1')
    for (const word of ['ShareID', 'Paillier', 'Ersparnisse', String(wallet.share.secret.reveal())])
      assert.ok(!text.includes(word))
  })

  it('keeps nothing of what was opened once its scope is left, by an error too', async () => {
    const keys = { signing: new Secret(new Uint8Array(32).fill(7)), encryption: new Secret(new Uint8Array(32).fill(9)) }
    const again = await unsealWallet(await sealWallet({ ...wallet, identity: keys }, withKey, systemRandom), withKey)
    const signing = again.identity?.signing.reveal()
    assert.ok(signing)
    assert.ok(signing.some((byte) => byte !== 0))
    assert.throws(() => {
      using held = holding(again)
      throw new RangeError(held.wallet.name)
    }, RangeError)
    assert.ok(signing.every((byte) => byte === 0))
    const { secret, preParameters } = again.share
    for (const each of [secret, ...secretsOfPreParameters(preParameters)])
      assert.throws(() => each.reveal(), /after it was erased/)
  })

  it('is never sealed twice the same', async () => {
    assert.notDeepEqual(await sealWallet(wallet, withKey, systemRandom), sealed)
  })

  for (const kind of ['passphrase', 'key'] as const) {
    it(`of format 1, sealed with a ${kind} by an earlier version, still opens`, async () => {
      const golden = readFileSync(new URL(`../fixtures/sealed/v1-${kind}.bin`, import.meta.url))
      assert.deepEqual(await unsealWallet(new Uint8Array(golden), await fixtureSealing(kind), tools), wallet)
    })
  }

  it('does not open with another passphrase or key, or with the wrong kind', async () => {
    const golden = new Uint8Array(readFileSync(new URL('../fixtures/sealed/v1-passphrase.bin', import.meta.url)))
    const wrong = { kind: 'passphrase', passphrase: new TextEncoder().encode('wrong') } as const
    await assert.rejects(unsealWallet(golden, wrong), refused(/wrong passphrase/))
    await assert.rejects(unsealWallet(golden, { ...wrong, passphrase: new Uint8Array() }), refused(/empty/))
    await assert.rejects(unsealWallet(golden, withKey), refused(/sealed with a passphrase/))
    const other = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    await assert.rejects(unsealWallet(sealed, { kind: 'key', key: other }), refused(/wrong key/))
  })

  it('is told to be damaged, not wrongly sealed, after any accident', async () => {
    for (let at = 20; at < sealed.length; at += 997) {
      const damaged = sealed.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      await assert.rejects(unsealWallet(damaged, withKey), refused(/damaged/))
    }
    for (const length of [20, 60, sealed.length - 1]) {
      await assert.rejects(unsealWallet(sealed.slice(0, length), withKey), refused(/damaged/))
    }
  })

  it('is told from other files and from later versions', async () => {
    await assert.rejects(
      unsealWallet(new TextEncoder().encode('{"PaillierSK":null}'), withKey),
      refused(/not a Quorate share/),
    )
    await assert.rejects(unsealWallet(new Uint8Array(), withKey), refused(/not a Quorate share/))
    await assert.rejects(
      unsealWallet(
        forged((bytes) => (bytes[14] = 2)),
        withKey,
      ),
      refused(/version/),
    )
  })

  it('cannot be passed off as another wallet’s, seat’s or epoch’s', async () => {
    for (const at of [15, 30, 32, 36]) {
      const passedOff = forged((bytes) => (bytes[at] = (bytes[at] ?? 0) ^ 1))
      await assert.rejects(unsealWallet(passedOff, withKey), refused(/tampered/))
    }
  })

  it('cannot make us work beyond bounds', async () => {
    const greedy = forged(() => undefined)
    const golden = new Uint8Array(readFileSync(new URL('../fixtures/sealed/v1-passphrase.bin', import.meta.url)))
    assert.equal(greedy[37], 0)
    for (const [at, value] of [
      [38, 0xff],
      [42, 200],
      [43, 200],
    ] as const) {
      const bytes = golden.slice()
      bytes[at] = value
      bytes.set(sha256(bytes.subarray(0, -32)), bytes.length - 32)
      await assert.rejects(unsealWallet(bytes, withPassphrase), refused(/out of bounds/))
    }
  })
})

describe('sealed pre-parameters', () => {
  it('open under their key and no other', async () => {
    if (withKey.kind !== 'key') return assert.fail()
    const parameters = fixturePreParameters(1)
    const bytes = await sealPreParameters(parameters, withKey.key, systemRandom)
    assert.deepEqual(await unsealPreParameters(bytes, withKey.key, tools), parameters)
    const other = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    await assert.rejects(unsealPreParameters(bytes, other, tools), refused(/another key/))
    await assert.rejects(unsealPreParameters(bytes.slice(0, 30), withKey.key, tools), refused(/damaged/))
    await assert.rejects(unsealPreParameters(sealed, withKey.key, tools), refused(/no pre-parameters/))
  })
})
