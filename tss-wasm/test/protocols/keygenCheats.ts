import { hashIntegers } from '../../crypto/hash.ts'
import { order } from '../../curve/point.ts'
import { randomScalar, reduceScalar } from '../../curve/scalar.ts'
import { integerToFixedBytes } from '../../integers/bytes.ts'
import { keygenRounds as rounds, keygenTable, type KeygenSays } from '../../protocols/messages.ts'
import type { KeygenInput } from '../../protocols/keygen.ts'
import type { PartyId } from '../../partyId.ts'
import { altered, choosing, together, type Cheat, type Cheating } from '../cheaters.ts'
import { seats } from '../network.ts'
import { partyRandom } from '../simulate.ts'
import { fixturePreParameters } from './fixtureShare.ts'

export { keygenTable }

const [first, cheater, third] = seats(3) as [PartyId, PartyId, PartyId]
const partyKeys = new Map(seats(3).map((seat) => [seat, BigInt(seat)]))

export const keygenInputs: ReadonlyMap<PartyId, KeygenInput> = new Map(
  seats(3).map((seat) => [seat, { threshold: 2, partyKeys, preParameters: fixturePreParameters(seat - 1) }]),
)

const moduli = (change: (said: KeygenSays['commitment']) => Partial<KeygenSays['commitment']>): Cheat =>
  altered(rounds.commitment, (said) => ({ ...said, ...change(said) }))

/** Commits to made-up values and opens them truly. */
const committing = (opening: readonly bigint[]): Cheat =>
  together(
    moduli(() => ({ commitment: hashIntegers(opening) })),
    altered(rounds.opening, (said) => ({ ...said, opening })),
  )

/** x = 5 is on no point of secp256k1. */
const offCurve = [5n, 1n]
const raise = (list: readonly bigint[], at = 0): bigint[] => list.map((x, i) => (i === at ? x + 1n : x))

/** The part of the key that cancels the others', which only somebody who knows their randomness could choose. */
function cancelling(): Uint8Array<ArrayBuffer> {
  const sum = [first, third].reduce((total, id) => total + randomScalar(partyRandom(id)), 0n)
  return integerToFixedBytes(reduceScalar(-sum) - 1n, 32) // randomScalar adds 1
}

export const keygenCheats: readonly Cheating<KeygenInput>[] = [
  {
    name: 'N of 2047 bits',
    check: 'N has 2048 bits',
    cheat: moduli(({ paillierN }) => ({ paillierN: (paillierN >> 1n) | 1n })),
  },
  { name: 'an even N', check: 'N has 2048 bits', cheat: moduli(({ paillierN }) => ({ paillierN: paillierN - 1n })) },
  { name: 'h1 = h2', check: 'h1 and h2 differ', cheat: moduli(({ h1 }) => ({ h2: h1 })) },
  {
    name: 'Ñ of 2047 bits',
    check: 'Ñ has 2048 bits',
    cheat: moduli(({ nTilde }) => ({ nTilde: (nTilde >> 1n) | 1n })),
  },
  { name: 'Ñ = N', check: 'N and Ñ differ', cheat: moduli(({ paillierN }) => ({ nTilde: paillierN })) },
  {
    name: 'the key material of party 1',
    check: 'no key is used twice',
    input: (honest) => ({ ...honest, preParameters: fixturePreParameters(0) }),
    culprits: (observer) => (observer === first ? [cheater] : []), // who watches cannot tell who copied from whom
  },
  {
    name: 'a false answer in the first DLN proof',
    check: 'DLN proof of h2 to the base h1',
    cheat: moduli(({ dlnProof1 }) => ({ dlnProof1: { ...dlnProof1, t: raise(dlnProof1.t, 127) } })),
  },
  {
    name: 'a false answer in the second DLN proof',
    check: 'DLN proof of h1 to the base h2',
    cheat: moduli(({ dlnProof2 }) => ({ dlnProof2: { ...dlnProof2, t: raise(dlnProof2.t) } })),
  },
  {
    name: 'h2 outside the group of h1',
    check: 'DLN proof of h2 to the base h1',
    cheat: moduli(({ nTilde, h2 }) => ({ h2: nTilde - h2 })),
  },
  {
    name: 'a polynomial of higher degree',
    check: 'opening has as many points as signers',
    cheat: altered(rounds.opening, (said) => ({ ...said, opening: [...said.opening, ...said.opening.slice(1, 3)] })),
  },
  {
    name: 'a polynomial of lower degree',
    check: 'opening has as many points as signers',
    cheat: altered(rounds.opening, (said) => ({ ...said, opening: said.opening.slice(0, 3) })),
  },
  {
    name: 'another polynomial than committed to',
    check: 'opening matches the commitment',
    cheat: altered(rounds.opening, (said) => ({ ...said, opening: raise(said.opening) })),
  },
  {
    name: 'points off the curve',
    check: 'opened points are on the curve',
    cheat: committing([7n, ...offCurve, ...offCurve]),
  },
  {
    name: 'a false root in the mod proof',
    check: 'mod proof',
    cheat: altered(rounds.opening, (said) => ({
      ...said,
      modProof: { ...said.modProof, X: raise(said.modProof.X, 79) },
    })),
  },
  {
    name: 'a mod proof without W',
    check: 'mod proof',
    cheat: altered(rounds.opening, (said) => ({ ...said, modProof: { ...said.modProof, W: 4n } })), // Jacobi(4/N) = 1
  },
  {
    name: 'a false share',
    check: 'share matches the opening',
    cheat: altered(rounds.share, (said) => ({ ...said, share: said.share + 1n })),
  },
  {
    name: 'a share out of range',
    check: 'share matches the opening',
    cheat: altered(rounds.share, (said) => ({ ...said, share: order })),
  },
  {
    name: 'a false answer in the no-small-factor proof',
    check: 'no-small-factor proof',
    cheat: altered(rounds.share, (said) => ({
      ...said,
      noSmallFactorProof: { ...said.noSmallFactorProof, z1: said.noSmallFactorProof.z1 + 1n },
    })),
  },
  {
    name: 'a share that cancels the sum of the others',
    check: 'shares combine to a key',
    random: choosing(partyRandom(cheater), 0, cancelling()),
    culprits: () => [],
  },
  {
    name: 'a false root in the Paillier proof',
    check: 'Paillier proof',
    cheat: altered(rounds.paillierProof, ({ paillierProof }) => ({ paillierProof: raise(paillierProof, 12) })),
  },
]
