import { hashIntegers } from '../../crypto/hash.ts'
import { lagrangeWeight, randomScalar, reduceScalar } from '../../curve/scalar.ts'
import { order } from '../../curve/point.ts'
import { inverseScalar } from '../../curve/scalar.ts'
import { integerToFixedBytes } from '../../integers/bytes.ts'
import { reshareRounds as rounds, type ReshareSays } from '../../protocols/messages.ts'
import type { PartyId } from '../../partyId.ts'
import { Secret } from '../../secret.ts'
import { altered, choosing, together, type Cheat, type Cheating } from '../cheaters.ts'
import { seats } from '../network.ts'
import { partyRandom } from '../simulate.ts'
import { oldShares, recordedSet, reshareSetting, type ReshareInput } from './reshareSetting.ts'

/** Seats 1 to 3 deal, 4 to 6 receive. */
export const reshareCheatSetting = reshareSetting(oldShares, 2, 3)
const [, dealer, , first, receiver] = seats(6) as [PartyId, PartyId, PartyId, PartyId, PartyId, PartyId]
const keyOf = (seat: PartyId): bigint => {
  const input = reshareCheatSetting.inputs.get(first)
  if (input === undefined || !('fresh' in input)) throw new Error('a receiver')
  return input.fresh.receivers.get(seat) ?? 0n
}

const raise = (list: readonly bigint[], at = 0): bigint[] => list.map((x, i) => (i === at ? x + 1n : x))
const begins = (change: (said: ReshareSays['commitment']) => Partial<ReshareSays['commitment']>): Cheat =>
  altered(rounds.commitment, (said) => ({ ...said, ...change(said) }))
const moduli = (change: (said: ReshareSays['moduli']) => Partial<ReshareSays['moduli']>): Cheat =>
  altered(rounds.moduli, (said) => ({ ...said, ...change(said) }))

/** Commits to made-up values and opens them truly. x = 5 is on no point of secp256k1. */
const offCurve = [7n, 5n, 1n, 5n, 1n]
const committingOffCurve = together(
  begins(() => ({ commitment: hashIntegers(offCurve) })),
  altered(rounds.opening, () => ({ opening: offCurve })),
)

/** The slope that makes the first receiver's share zero: only somebody who knows the others' randomness could choose it. */
function cancelling(): Uint8Array<ArrayBuffer> {
  const keys = oldShares.map(({ parties, index }) => parties[index]?.key ?? 0n)
  const weighted = oldShares.map((share, i) => lagrangeWeight(keys[i] ?? 0n, keys) * share.secret.reveal())
  const others = seats(3).filter((seat) => seat !== dealer)
  const slopes = others.map((seat) => randomScalar(partyRandom(seat)))
  const atFirst = [...weighted, ...slopes.map((slope) => slope * keyOf(first))].reduce((sum, x) => sum + x, 0n)
  const slope = reduceScalar(-atFirst * inverseScalar(keyOf(first)))
  return integerToFixedBytes(slope - 1n, 32) // randomScalar adds 1
}

export interface ReshareCheating extends Cheating<ReshareInput> {
  readonly cheater: PartyId
}

/** By an old member. */
const dealerCheats: readonly Cheating<ReshareInput>[] = [
  {
    name: 'another public key',
    check: 'public key is that of the wallet',
    cheat: begins(({ publicKeyX }) => ({ publicKeyX: publicKeyX + 1n })),
  },
  {
    name: 'the negative of the public key',
    check: 'public key is that of the wallet',
    cheat: begins(({ publicKeyY }) => ({ publicKeyY: 2n ** 256n - 2n ** 32n - 977n - publicKeyY })),
  },
  {
    name: 'the session of other shares',
    check: 'session is that of the old shares',
    cheat: begins(({ ssid }) => ({ ssid: ssid + 1n })),
  },
  {
    name: 'a polynomial of higher degree',
    check: 'opening has as many points as signers',
    cheat: altered(rounds.opening, ({ opening }) => ({ opening: [...opening, ...opening.slice(1, 3)] })),
  },
  {
    name: 'a polynomial of lower degree',
    check: 'opening has as many points as signers',
    cheat: altered(rounds.opening, ({ opening }) => ({ opening: opening.slice(0, 3) })),
  },
  {
    name: 'another polynomial than committed to',
    check: 'opening matches the commitment',
    cheat: altered(rounds.opening, ({ opening }) => ({ opening: raise(opening) })),
  },
  { name: 'points off the curve', check: 'opened points are on the curve', cheat: committingOffCurve },
  {
    name: 'another secret than its share, dealt truly',
    check: 'secret dealt is the share of the dealer',
    input: (honest) =>
      'old' in honest
        ? { old: { ...honest.old, share: { ...honest.old.share, secret: new Secret(order - 5n) } } }
        : honest,
  },
  {
    name: 'false shares',
    check: 'share matches the opening',
    cheat: altered(rounds.share, ({ share }) => ({ share: share + 1n })),
  },
  {
    name: 'shares out of range',
    check: 'share matches the opening',
    cheat: altered(rounds.share, () => ({ share: order })),
  },
  {
    name: 'a slope that leaves a new member nothing',
    check: 'shares combine to a key',
    random: choosing(partyRandom(dealer), 0, cancelling()),
    culprits: () => [],
  },
]

/** By a new member. */
const receiverCheats: readonly Cheating<ReshareInput>[] = [
  {
    name: 'N of 2047 bits',
    check: 'N has 2048 bits',
    cheat: moduli(({ paillierN }) => ({ paillierN: (paillierN >> 1n) | 1n })),
  },
  { name: 'h1 = h2', check: 'h1 and h2 differ', cheat: moduli(({ h1 }) => ({ h2: h1 })) },
  {
    name: 'Ñ of 2047 bits',
    check: 'Ñ has 2048 bits',
    cheat: moduli(({ nTilde }) => ({ nTilde: (nTilde >> 1n) | 1n })),
  },
  { name: 'Ñ = N', check: 'N and Ñ differ', cheat: moduli(({ paillierN }) => ({ nTilde: paillierN })) },
  {
    name: 'the key material of another',
    check: 'no key is used twice',
    input: (honest) => ('fresh' in honest ? { fresh: { ...honest.fresh, preParameters: recordedSet(0) } } : honest),
    culprits: (observer) => (observer === first ? [receiver] : []), // who watches cannot tell who copied from whom
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
    name: 'a false root in the mod proof',
    check: 'mod proof',
    cheat: moduli(({ modProof }) => ({ modProof: { ...modProof, X: raise(modProof.X, 79) } })),
  },
  {
    name: 'a false answer in the no-small-factor proof',
    check: 'no-small-factor proof',
    cheat: altered(rounds.noSmallFactor, ({ noSmallFactorProof }) => ({
      noSmallFactorProof: { ...noSmallFactorProof, z1: noSmallFactorProof.z1 + 1n },
    })),
  },
]

export const reshareCheats: readonly ReshareCheating[] = [
  ...dealerCheats.map((cheating) => ({ ...cheating, cheater: dealer })),
  ...receiverCheats.map((cheating) => ({ ...cheating, cheater: receiver })),
]
