import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generator } from '../../curve/point.ts'
import type { KeyShareParty, PublicShares } from '../../keyShare/keyShare.ts'
import { publicSharesHash } from '../../keyShare/publicSharesHash.ts'
import { fixtureShare } from '../protocols/fixtureShare.ts'

const hash = (shares: PublicShares) => Buffer.from(publicSharesHash(shares)).toString('hex')

describe('the hash of public shares', () => {
  it('is the same for all holders of one key', () => {
    assert.equal(new Set([0, 1, 2, 3, 4].map((index) => hash(fixtureShare(index)))).size, 1)
  })

  it('is another one when anything public is another', () => {
    const share = fixtureShare(0)
    const [first, ...others] = share.parties as [KeyShareParty, ...KeyShareParty[]]
    const { ringPedersen } = first
    const changed: Partial<KeyShareParty>[] = [
      { key: first.key + 1n },
      { publicShare: generator },
      { paillierN: first.paillierN + 2n },
      { ringPedersen: { ...ringPedersen, nTilde: ringPedersen.nTilde + 2n } },
      { ringPedersen: { ...ringPedersen, h1: ringPedersen.h1 + 1n } },
      { ringPedersen: { ...ringPedersen, h2: ringPedersen.h2 + 1n } },
    ]
    const all = [
      share,
      { ...share, threshold: 2 },
      { ...share, publicKey: generator },
      { ...share, parties: others },
      ...changed.map((change) => ({ ...share, parties: [{ ...first, ...change }, ...others] })),
    ]
    assert.equal(new Set(all.map(hash)).size, all.length)
  })
})
