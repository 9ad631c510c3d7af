import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { createIdentity } from '../../identity/identity.ts'
import { encodeRoster } from '../../identity/roster.ts'
import { isSigned, isUsableKey } from '../../identity/signed.ts'
import { ProtocolAbort } from '../../failure.ts'
import { company } from '../parties.ts'

/** The eight points whose order divides 8, each as it is written. */
const smallOrderKeys = (): Uint8Array[] => {
  const { Point } = ed25519
  const eighth = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')
  return Array.from({ length: 8 }, (_, times) =>
    (times === 0 ? Point.ZERO : eighth.multiplyUnsafe(BigInt(times))).toBytes(),
  )
}

describe('a signing key', () => {
  it('of small order is refused: it verifies nothing, and no roster seats it', async () => {
    const { roster } = await company(2, 3)
    const keys = smallOrderKeys()
    assert.equal(new Set(keys.map((key) => key.join())).size, 8)
    // R = A = the neutral point, s = 0: the verification equation holds for every message.
    const neutral = new Uint8Array(32).fill(1, 0, 1)
    const forged = new Uint8Array(64).fill(1, 0, 1)
    assert.equal(await isSigned('roster', new Uint8Array([7]), forged, neutral), false)
    for (const signingKey of keys) {
      assert.equal(isUsableKey(signingKey), false)
      const [first, ...others] = roster.seats
      assert.ok(first)
      const stranger = { ...first, identity: { ...first.identity, signingKey } }
      assert.throws(
        () => encodeRoster({ ...roster, seats: [stranger, ...others] }),
        (error: unknown) => error instanceof ProtocolAbort && error.message.includes('small order'),
      )
    }
  })

  it('has one encoding: one that is not reduced is refused', () => {
    for (const first of [0xed, 0xee, 0xff]) {
      const y = new Uint8Array(32).fill(0xff)
      y[0] = first
      for (const last of [0x7f, 0xff]) {
        y[31] = last
        assert.equal(isUsableKey(y), false)
      }
    }
  })

  it('of an honest installation is one', async () => {
    for (let i = 0; i < 20; i += 1) assert.ok(isUsableKey((await createIdentity()).public.signingKey))
  })
})
