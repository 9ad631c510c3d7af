import { schnorr } from '@noble/curves/secp256k1.js'
import { p2tr, TEST_NETWORK } from '@scure/btc-signer'
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { deriveChild } from '../../curve/derivation.ts'
import { decodeScalar, encodeScalar, timesGenerator } from '../../groups/group.ts'
import { secp256k1, type SecpPoint } from '../../groups/secp256k1.ts'
import { evaluate, interpolateInExponent } from '../../groups/sharing.ts'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../integers/bytes.ts'
import { mod } from '../../integers/numberTheory.ts'
import { frostSign } from '../../schemes/frostSign.ts'
import { flawOfGroupShare } from '../../schemes/groupShare.ts'
import { taprootSuite } from '../../schemes/suite.ts'
import {
  taprootInternalKey,
  taprootOutputKey,
  taprootOutputShare,
  xOnly,
  type TaprootPath,
  type TaprootShare,
} from '../../schemes/taproot.ts'
import { Secret } from '../../secret.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { results, simulate } from '../simulate.ts'
import { schemeFixture } from './fixtures.ts'
import { frostSetting, hexOf, newShares } from './settings.ts'
import { entry } from '../../protocols/members.ts'

const point = (hex: string): SecpPoint => {
  const decoded = secp256k1.decodeElement(hexToBytes(hex))
  assert.ok('passed' in decoded)
  return decoded.passed
}
const scalar = (hex: string): bigint => {
  const decoded = decodeScalar(secp256k1, hexToBytes(hex))
  assert.ok('passed' in decoded)
  return decoded.passed
}
const isOdd = (key: SecpPoint): boolean => hexOf(key).startsWith('03')

/** 2-of-3, from the secrets of all three. */
function sharesOf(secrets: readonly bigint[], publicKey: SecpPoint): readonly TaprootShare[] {
  const parties = secrets.map((secret, i) => ({ key: BigInt(i + 1), publicShare: timesGenerator(secp256k1, secret) }))
  return secrets.map((secret, index) => {
    return { suite: taprootSuite, threshold: 2, index, secret: new Secret(secret), publicKey, parties }
  })
}

async function signedBy(shares: readonly TaprootShare[], message: Uint8Array): Promise<Uint8Array> {
  const [signature] = results(await simulate(frostSign<SecpPoint>, frostSetting(taprootSuite, shares, message)))
  assert.ok(signature)
  return signature
}

describe('a Taproot key of the vectors', () => {
  const { cases } = schemeFixture('taproot-tweak') as {
    readonly cases: readonly {
      readonly internalKey_sumOfFirstCommitments: string
      readonly dkgGroupKey: string
      readonly bip86Address: string
      readonly merkleRoot: string
      readonly outputKeyWithRoot: string
      readonly message: string
      readonly signatureUnderDkgKey: string
      readonly signatureUnderOutputKeyWithRoot: string
      readonly signingSharesOfDkg: readonly string[]
      readonly tweakedShares: readonly string[]
    }[]
  }
  for (const [i, each] of cases.entries()) {
    it(`number ${i + 1} is tweaked as noble, the Rust crates and btc-signer tweak it`, async () => {
      const internal = point(each.internalKey_sumOfFirstCommitments)
      const output = point(each.dkgGroupKey)
      assert.equal(bytesToHex(taprootOutputKey(internal)), bytesToHex(xOnly(output)))
      assert.equal(p2tr(taprootInternalKey(internal)).address, each.bip86Address)
      assert.deepEqual(p2tr(xOnly(internal)).tweakedPubkey, taprootOutputKey(internal))
      // Their output key as the internal key of a script tree: with these shares, this root, that output key.
      const shares = sharesOf(each.signingSharesOfDkg.map(scalar), output)
      const merkleRoot = hexToBytes(each.merkleRoot)
      const tweaked = shares.map((share) => taprootOutputShare(share, { merkleRoot }))
      const secrets = tweaked.map(({ secret }) => bytesToHex(encodeScalar(secp256k1, secret.reveal())))
      assert.deepEqual(secrets, each.tweakedShares)
      for (const share of tweaked) assert.equal(hexOf(share.publicKey), each.outputKeyWithRoot)
      assert.equal(bytesToHex(taprootOutputKey(output, { merkleRoot })), each.outputKeyWithRoot.slice(2))
      const message = hexToBytes(each.message)
      assert.ok(schnorr.verify(hexToBytes(each.signatureUnderDkgKey), message, xOnly(output)))
      assert.ok(schnorr.verify(await signedBy(shares.slice(0, 2), message), message, xOnly(output)))
      const key = hexToBytes(each.outputKeyWithRoot.slice(2))
      assert.ok(schnorr.verify(hexToBytes(each.signatureUnderOutputKeyWithRoot), message, key))
      assert.ok(schnorr.verify(await signedBy(tweaked.slice(1), message), message, key))
    })
  }

  it('covers both signs of the internal key and of the output key', () => {
    const signs = cases.map((each) =>
      [each.internalKey_sumOfFirstCommitments, each.dkgGroupKey].map((hex) => hex.slice(0, 2)).join(),
    )
    assert.equal(new Set(signs).size, 4)
  })

  it('of the crate comes out of its own key generation, once it is tweaked', () => {
    interface Party {
      readonly signing_key: string
      readonly coefficient: string
      readonly vss_commitments: readonly [string, string]
      readonly signing_shares: Readonly<Record<string, string>>
      readonly signing_share: string
      readonly verifying_share: string
    }
    const { inputs } = schemeFixture('frost-secp256k1-tr-dkg') as {
      readonly inputs: Readonly<Record<string, Party>> & { readonly verifying_key: string }
    }
    const parties = [1, 2, 3].map((seat) => {
      const found = inputs[String(seat)]
      assert.ok(found)
      return found
    })
    const secrets = parties.map(({ signing_key, coefficient, signing_shares }, i) => {
      const own = evaluate(secp256k1, [scalar(signing_key), scalar(coefficient)], BigInt(i + 1))
      return mod(
        Object.values(signing_shares)
          .map(scalar)
          .reduce((sum, each) => sum + each, own),
        secp256k1.order,
      )
    })
    const internal = parties
      .map(({ vss_commitments }) => point(vss_commitments[0]))
      .reduce((sum, each) => sum.add(each))
    for (const [i, share] of sharesOf(secrets, internal).entries()) {
      assert.equal(flawOfGroupShare(share), undefined)
      const tweaked = taprootOutputShare(share)
      assert.equal(hexOf(tweaked.publicKey), inputs.verifying_key)
      assert.equal(bytesToHex(encodeScalar(secp256k1, tweaked.secret.reveal())), parties[i]?.signing_share)
      assert.deepEqual(
        tweaked.parties.map(({ publicShare }) => hexOf(publicShare)),
        parties.map(({ verifying_share }) => verifying_share),
      )
    }
  })

  it('recorded in a mixed session is the tweaked sum of what the dealers committed to', () => {
    const ceremonies = schemeFixture('frost-interop') as {
      readonly suite: string
      readonly round1: readonly { readonly commitment: readonly string[] }[]
      readonly groupKey: string
    }[]
    const taproot = ceremonies.filter(({ suite }) => suite === taprootSuite.name)
    assert.equal(taproot.length, 3)
    for (const { round1, groupKey } of taproot) {
      const internal = round1.map(({ commitment }) => point(commitment[0] ?? '')).reduce((sum, each) => sum.add(each))
      assert.equal(bytesToHex(taprootOutputKey(internal)), groupKey.slice(2))
    }
  })
})

describe('a Taproot key of ours', () => {
  const message = seededRandom('sighash')(32)
  const chainCode = seededRandom('chain code')(32)
  let shares: readonly TaprootShare[] = []
  let internal: SecpPoint
  before(async () => {
    shares = await newShares(taprootSuite, 2, 3)
    internal = entry(shares, 0).publicKey
  })

  const root = seededRandom('root')(32)
  const paths: [string, TaprootPath][] = [
    ['the wallet itself', {}],
    ['a script tree', { merkleRoot: root }],
    ['a child', { child: { chainCode, path: [0, 7] } }],
    ['a child with a script tree', { child: { chainCode, path: [1, 3] }, merkleRoot: root }],
  ]
  for (const [what, path] of paths) {
    it(`signs for the output key of ${what}, whatever the signs of the keys are`, async () => {
      const isFixed = path.child === undefined
      const seen = new Set<string>()
      // Each pair of signs: one is missing after 80 children once in ten thousand million times.
      for (let i = 0; i < 80 && seen.size < (isFixed ? 1 : 4); i += 1) {
        const child = path.child && { chainCode, path: [...path.child.path, i] }
        const at = { ...path, ...(child && { child }) }
        const tweaked = shares.map((share) => taprootOutputShare(share, at))
        const [first] = tweaked as [TaprootShare]
        const derived = child === undefined ? internal : deriveChild(internal, chainCode, child.path).publicKey
        const signs = [derived, first.publicKey].map(isOdd).join()
        if (seen.has(signs)) continue
        seen.add(signs)
        for (const share of tweaked) assert.equal(flawOfGroupShare(share), undefined)
        const outputKey = taprootOutputKey(internal, at)
        assert.deepEqual(xOnly(first.publicKey), outputKey)
        if (at.merkleRoot === undefined)
          assert.deepEqual(p2tr(taprootInternalKey(internal, child)).tweakedPubkey, outputKey)
        const signature = await signedBy([entry(tweaked, 0), entry(tweaked, 2)], message)
        assert.ok(schnorr.verify(signature, message, outputKey))
      }
      assert.equal(seen.size, isFixed ? 1 : 4)
    })
  }

  it('keeps its untweaked shares, which are of one polynomial with the sum of the parts at 0', () => {
    const points = (shares[0]?.parties ?? []).map(({ key, publicShare }) => ({ key, element: publicShare }))
    assert.ok(interpolateInExponent(secp256k1, points.slice(1), secp256k1.zero).equals(internal))
    const tweaked = taprootOutputShare(entry(shares, 0))
    assert.ok(!tweaked.publicKey.equals(internal))
    assert.ok(shares[0]?.publicKey.equals(internal))
  })

  it('has the output key that btc-signer gives a script tree', () => {
    const script = concatBytes(Uint8Array.of(32), xOnly(internal), Uint8Array.of(0xac))
    const tree = p2tr(xOnly(internal), { script, leafVersion: 0xc0 }, TEST_NETWORK, true)
    assert.ok(tree.tapMerkleRoot)
    assert.deepEqual(taprootOutputKey(internal, { merkleRoot: tree.tapMerkleRoot }), tree.tweakedPubkey)
  })

  it('refuses a root of another length and hardened paths', () => {
    const share = entry(shares, 0)
    assert.throws(() => taprootOutputShare(share, { merkleRoot: utf8ToBytes('root') }), RangeError)
    assert.throws(() => taprootOutputKey(internal, { child: { chainCode, path: [2 ** 31] } }), RangeError)
    assert.throws(() => taprootOutputShare(share, { child: { chainCode: root.subarray(1), path: [1] } }), RangeError)
  })
})
