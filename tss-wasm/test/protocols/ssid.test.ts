import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { coordinates, sumPoints } from '../../curve/point.ts'
import { bytesToHex } from '../../integers/bytes.ts'
import { deriveChild } from '../../curve/derivation.ts'
import { prepareSigning } from '../../protocols/signingPreparation.ts'
import { keygenSsid, signingSsid } from '../../protocols/ssid.ts'
import { fixtureShare } from './fixtureShare.ts'

// Expected values: WIRE 12.2.
const share = fixtureShare(0)
const keys = share.parties.map(({ key }) => key)

describe('ssid', () => {
  it('of keygen hashes the sorted keys', () => {
    assert.equal(bytesToHex(keygenSsid(keys)), '3361ba8b8ee9d3cb864afebb3ed9dd8a30fe9daca79cf6ef20ec44d09b786959')
  })

  const expected: [number[], string][] = [
    [[0, 1, 2], 'c228915cfdfa485e0eb5ae72cc6cbf44ca9197dc62cf29728599d5e5696fa507'],
    [[0, 2, 3], 'a38ce93ffbbe21cc4d21396c01cae6bbc2df2875b8957d27d6f8528bf4162a92'],
    [[0, 1, 2, 3, 4], 'a96608c80ff7ae95504e869b717068be6d2e7f7ab87ec2d92403e98c6a838557'],
  ]
  for (const [indexes, digest] of expected) {
    it(`of signing by ${indexes.join(', ')} covers keys, public shares and moduli`, () => {
      assert.equal(bytesToHex(signingSsid(prepareSigning(share, indexes).signers)), digest)
    })
  }
})

describe('preparation', () => {
  it('turns Shamir shares into additive ones', () => {
    const prepared = prepareSigning(share, [2, 0, 1])
    assert.equal(prepared.additiveShare.reveal(), 0xbb8150282d14a56a678bc1f5e3c35bd64afb49a6ef75fb1155a68f2007005e02n)
    assert.equal(
      firstCoordinate(prepared.additivePublicShares[1]),
      0x46d2f38159b185a721a6ac2d93c0a624a431ec211bef614ac69214170ef22629n,
    )
    const other = prepareSigning(share, [0, 2, 3])
    assert.equal(
      firstCoordinate(other.additivePublicShares[1]),
      0xb459f11d554473d67a9ba1d65015ea0a239d14e4a2e8ddba0b25d02888de23c3n,
    )
    assert.ok(sumPoints(other.additivePublicShares).equals(share.publicKey))
  })

  it('refuses fewer signers than the threshold, strangers, doubles, and a run without us', () => {
    for (const indexes of [
      [0, 1],
      [0, 1, 5],
      [0, 1, 1],
      [1, 2, 3],
    ]) {
      assert.throws(() => prepareSigning(share, indexes), RangeError)
    }
  })

  it('moves every share and the key by the tweak', () => {
    const tweak = 12345n
    const { signers, additivePublicShares, publicKey } = prepareSigning(share, [0, 1, 2], tweak)
    assert.ok(sumPoints(additivePublicShares).equals(publicKey))
    assert.ok(!publicKey.equals(share.publicKey))
    assert.notEqual(bytesToHex(signingSsid(signers)), bytesToHex(signingSsid(share.parties.slice(0, 3))))
  })
})

describe('child keys', () => {
  const chainCode = Uint8Array.from({ length: 32 }, (_, i) => i)

  it('follow BIP-32', () => {
    const child = deriveChild(share.publicKey, chainCode, [12, 209, 3])
    assert.equal(child.tweak, 0x6aedf0946c8f0d0c8bcdf19b6c1ebfd6e954dc8c1743b96eef27629a0472eb9cn)
    assert.deepEqual(coordinates(child.publicKey), [
      0xec2d36c563899b418836993da528439b2730cb2397234d8538ee736ce4c489f7n,
      0x29485a7a69870e2fbd17f593aaf01083006706e84758a4763b0eba39a38b2089n,
    ])
    assert.equal(bytesToHex(child.chainCode), '69eb56bd1f54d9a94833a6d30a08b4fcb3d3465a4b4f02c8bac5f687fe92168d')
    assert.ok(prepareSigning(share, [0, 1, 2], child.tweak).publicKey.equals(child.publicKey))
  })

  it('need a path, and a public one', () => {
    for (const path of [[], [2 ** 31], [-1], [0.5], Array<number>(256).fill(0)]) {
      assert.throws(() => deriveChild(share.publicKey, chainCode, path), RangeError)
    }
    assert.throws(() => deriveChild(share.publicKey, chainCode.subarray(1), [0]), RangeError)
  })
})

function firstCoordinate(point: Parameters<typeof coordinates>[0] | undefined): bigint | undefined {
  return point && coordinates(point)[0]
}
