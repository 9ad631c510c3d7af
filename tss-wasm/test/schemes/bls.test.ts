import { PublicKey, Signature, verify } from '@chainsafe/blst'
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { g1 } from '../../groups/bls12381.ts'
import { decodeScalar } from '../../groups/group.ts'
import { evaluateInExponent, lagrangeAtZero } from '../../groups/sharing.ts'
import { bytesToHex, hexToBytes, integerToFixedBytes, utf8ToBytes } from '../../integers/bytes.ts'
import { ProtocolAbort } from '../../failure.ts'
import type { PartyId } from '../../partyId.ts'
import { checkPartial, combinePartials, partialSignature, type BlsKeyShare } from '../../schemes/bls.ts'
import { domainContext, dstOf, sameDomain, type BlsDomain } from '../../content/blsDomain.ts'
import { blsKeygen, blsSign } from '../../schemes/blsSign.ts'
import { flawOfGroupShare } from '../../schemes/groupShare.ts'
import { blsSuite } from '../../schemes/suite.ts'
import { Secret } from '../../secret.ts'
import { results, simulate } from '../simulate.ts'
import { schemeFixture } from './fixtures.ts'
import { blsKeygenSetting, blsSetting, hexOf } from './settings.ts'
import { entry } from '../../protocols/members.ts'

const eth2: BlsDomain = { kind: 'ethereum-validator', chainId: 1n }
const ours: BlsDomain = { kind: 'application', name: 'MPC-WALLET-v1', chainId: 1n }
const message = utf8ToBytes('Pay 1 to Ana')

/** blst knows Ethereum's DST and no other. */
function blstTakes(signature: Uint8Array, signed: Uint8Array, key: Uint8Array): boolean {
  return verify(signed, PublicKey.fromBytes(key, true), Signature.fromBytes(signature, true))
}

function partialsOf(shares: readonly BlsKeyShare[], signed: Uint8Array) {
  return new Map(
    shares.map((share) => {
      const key = share.parties[share.index]?.key ?? 0n
      return [Number(key) as PartyId, { key, bytes: partialSignature(share, signed) }] as const
    }),
  )
}

/** All ways to leave some out. */
function subsets<T>(list: readonly T[]): T[][] {
  return list.reduce<T[][]>((all, each) => [...all, ...all.map((some) => [...some, each])], [[]])
}

describe('the BLS vectors', () => {
  const { keygen, signatures } = schemeFixture('bls12381-3of5') as {
    readonly keygen: {
      readonly groupPublicKey: string
      readonly feldman: readonly string[]
      readonly shares: readonly { readonly x: number; readonly secret: string; readonly publicShare: string }[]
    }
    readonly signatures: readonly {
      readonly name: string
      readonly dst: string
      readonly message: string
      readonly partials: readonly string[]
      readonly lagrange_1_3_5: readonly string[]
      readonly signature: string
    }[]
  }
  const element = (hex: string) => {
    const decoded = g1.decodeElement(hexToBytes(hex))
    assert.ok('passed' in decoded)
    return decoded.passed
  }
  const shares = (domain: BlsDomain): BlsKeyShare[] =>
    keygen.shares.map(({ secret }, index) => {
      const own = decodeScalar(g1, hexToBytes(secret))
      assert.ok('passed' in own)
      return {
        suite: blsSuite,
        threshold: 3,
        index,
        secret: new Secret(own.passed),
        publicKey: element(keygen.groupPublicKey),
        parties: keygen.shares.map(({ x, publicShare }) => ({ key: BigInt(x), publicShare: element(publicShare) })),
        domain,
      }
    })

  it('have shares of one key, whose commitments give the public ones', () => {
    for (const share of shares(eth2)) assert.equal(flawOfGroupShare(share), undefined)
    const commitments = keygen.feldman.map(element)
    for (const { x, publicShare } of keygen.shares)
      assert.equal(hexOf(evaluateInExponent(g1, commitments, BigInt(x))), publicShare)
  })

  const domains: [string, BlsDomain][] = [
    ['eth2', eth2],
    ['MPC-WALLET-v1, chain 1', ours],
    ['MPC-WALLET-v1, chain 11155111', { ...ours, chainId: 11155111n }],
  ]
  for (const [name, domain] of domains) {
    it(`of ${name} come out the same`, () => {
      const vector = signatures.find((each) => each.name === name)
      assert.ok(vector)
      assert.equal(new TextDecoder().decode(dstOf(domain)), vector.dst)
      const signed = hexToBytes(vector.message)
      const held = shares(domain)
      assert.deepEqual(
        held.map((share) => bytesToHex(partialSignature(share, signed))),
        vector.partials,
      )
      const some = [held[0], held[2], held[4]] as BlsKeyShare[]
      assert.equal(bytesToHex(combinePartials(entry(some, 0), signed, partialsOf(some, signed))), vector.signature)
      const weights = [1n, 3n, 5n].map((key) =>
        bytesToHex(integerToFixedBytes(lagrangeAtZero(g1, key, [1n, 3n, 5n]), 32)),
      )
      assert.deepEqual(weights, vector.lagrange_1_3_5)
    })
  }

  it('give one signature, whoever of at least three signs', () => {
    const held = shares(eth2)
    const [first] = held as [BlsKeyShare]
    const enough = subsets(held).filter((some) => some.length >= 3)
    assert.equal(enough.length, 16)
    const all = [...partialsOf(held, message)]
    const of = (some: readonly BlsKeyShare[]) => new Map(all.filter((_, i) => some.includes(entry(held, i))))
    const made = enough.map((some) => bytesToHex(combinePartials(first, message, of(some))))
    assert.equal(new Set(made).size, 1)
    assert.ok(blstTakes(hexToBytes(made[0] ?? ''), message, first.publicKey.toBytes()))
    const two = of(held.slice(0, 2))
    assert.throws(() => combinePartials(first, message, two), /too few signers/)
    const short = { ...first, threshold: 2 }
    assert.throws(() => combinePartials(short, message, two), /signature verifies/)
  })
})

describe('a BLS key of ours', () => {
  let shares: readonly BlsKeyShare[] = []
  before(async () => {
    shares = results(await simulate(blsKeygen, blsKeygenSetting(eth2, 3, 5)))
  })

  it('signs in one round what blst takes', async () => {
    for (const indexes of [
      [0, 1, 2],
      [0, 2, 4],
      [0, 1, 2, 3, 4],
    ]) {
      const some = indexes.map((i) => entry(shares, i))
      const run = await simulate(blsSign, blsSetting(some, message))
      for (const signature of results(run))
        assert.ok(blstTakes(signature, message, shares[0]?.publicKey.toBytes() ?? new Uint8Array()))
    }
  })

  it('puts together what was signed at different times by parties that never met', () => {
    const [first] = shares as [BlsKeyShare]
    const mailed = new Map<PartyId, { key: bigint; bytes: Uint8Array }>()
    for (const share of [shares[4], shares[1], shares[3]] as BlsKeyShare[]) {
      for (const [id, partial] of partialsOf([share], message)) {
        assert.ok('passed' in checkPartial(first, partial.key, message, partial.bytes))
        mailed.set(id, partial)
      }
    }
    const { threshold, parties, publicKey, domain } = first // what an aggregator knows: no secret
    const signature = combinePartials({ threshold, parties, publicKey, domain }, message, mailed)
    assert.ok(blstTakes(signature, message, publicKey.toBytes()))
  })

  it('names everybody whose partial signature is wrong', () => {
    const [first] = shares as [BlsKeyShare]
    const partials = partialsOf(shares.slice(0, 4), message)
    const others = partialsOf(shares.slice(0, 4), utf8ToBytes('Pay 2 to Ana'))
    const mixed = new Map([...partials].map(([id, own]) => [id, id === 2 || id === 4 ? (others.get(id) ?? own) : own]))
    assert.throws(
      () => combinePartials(first, message, mixed),
      (error) => {
        assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'misbehaviour')
        assert.deepEqual([error.failure.culprits, error.failure.check], [[2, 4], 'signature share is right'])
        return true
      },
    )
  })

  it('takes no partial of a stranger, none twice, and none under a foreign key', () => {
    const [first] = shares as [BlsKeyShare]
    const bytes = partialSignature(first, message)
    const said = (id: number, key: bigint) => [id as PartyId, { key, bytes }] as const
    assert.throws(() => combinePartials(first, message, new Map([said(1, 1n), said(2, 1n), said(3, 1n)])), RangeError)
    assert.throws(() => combinePartials(first, message, new Map([said(1, 1n), said(2, 2n), said(9, 9n)])), RangeError)
    assert.throws(() => checkPartial(first, 9n, message, bytes), RangeError)
    assert.deepEqual(checkPartial(first, 2n, message, bytes), { failed: 'signature share is right' })
  })
})

describe('the domain of a BLS key', () => {
  it('is part of the signature: no other chain, name or kind takes it', async () => {
    const [share] = results(await simulate(blsKeygen, blsKeygenSetting(ours, 2, 2))) as [BlsKeyShare]
    const partial = partialSignature(share, message)
    const others: BlsDomain[] = [{ ...ours, chainId: 2n }, { ...ours, name: 'MPC-WALLET-v2' }, eth2]
    for (const domain of others) {
      assert.deepEqual(checkPartial({ ...share, domain }, 1n, message, partial), { failed: 'signature share is right' })
      assert.ok(!sameDomain(domain, ours))
    }
    assert.ok('passed' in checkPartial(share, 1n, message, partial))
  })

  it('is one byte string for one domain, and none is made of another by moving its parts', () => {
    const all: BlsDomain[] = [
      ours,
      { ...ours, chainId: 11n },
      { ...ours, name: 'MPC-WALLET-v1.1' },
      eth2,
      { ...eth2, chainId: 5n },
    ]
    assert.equal(new Set(all.map((each) => bytesToHex(domainContext(each)))).size, all.length)
  })

  it('has a name and a chain that can be written', () => {
    for (const wrong of [
      { ...ours, name: '' },
      { ...ours, name: 'a:1' },
      { ...ours, name: 'a'.repeat(65) },
      { ...ours, chainId: 0n },
      { ...ours, chainId: 2n ** 64n },
    ])
      assert.throws(() => dstOf(wrong), RangeError)
    assert.ok(dstOf({ ...ours, name: 'a'.repeat(64), chainId: 2n ** 64n - 1n }).length <= 255)
  })
})
