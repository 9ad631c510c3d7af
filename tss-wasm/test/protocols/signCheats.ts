import { hashIntegers } from '../../crypto/hash.ts'
import { coordinates, generator, order } from '../../curve/point.ts'
import { randomScalar, reduceScalar } from '../../curve/scalar.ts'
import { integerToFixedBytes } from '../../integers/bytes.ts'
import { signRounds as rounds, signTable, type SignSays } from '../../protocols/messages.ts'
import type { SignInput } from '../../protocols/sign.ts'
import type { PartyId } from '../../partyId.ts'
import type { Broadcast } from '../../round/mailbox.ts'
import { Secret } from '../../secret.ts'
import { altered, choosing, mishearing, rushing, together, type Cheat, type Cheating } from '../cheaters.ts'
import { seats } from '../network.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { partyRandom } from '../simulate.ts'
import { fixtureShare } from './fixtureShare.ts'

export { signTable }

const [first, cheater, third] = seats(3) as [PartyId, PartyId, PartyId]
const digest = seededRandom('digest')(32)
const shares = seats(3).map((seat) => fixtureShare(seat - 1))
const signers = new Map(seats(3).map((seat, i) => [seat, shares[i]?.parties[i]?.key ?? 0n]))

export const signInputs: ReadonlyMap<PartyId, SignInput> = new Map(
  shares.map((share, i) => [(i + 1) as PartyId, { share, signers, digest }]),
)

/** Commits to made-up values in one round and opens them truly in a later one. */
function committing<T extends { readonly opening: readonly bigint[] }>(
  commitment: Broadcast<{ readonly commitment: bigint }>,
  opened: Broadcast<T>,
  opening: readonly bigint[],
): Cheat {
  return together(
    altered(commitment, () => ({ commitment: hashIntegers(opening) })),
    altered(opened, (said) => ({ ...said, opening })),
  )
}

function reopening<T extends { readonly opening: readonly bigint[] }>(opened: Broadcast<T>): Cheat {
  return altered(opened, (said) => ({ ...said, opening: said.opening.map((x, i) => (i === 0 ? x + 1n : x)) }))
}

/** x = 5 is on no point of secp256k1. */
const offCurve = [5n, 1n]
const onCurve = [...coordinates(generator)]
const nobody = (): PartyId[] => []

const another = ({ theta }: SignSays['theta']): SignSays['theta'] => ({ theta: theta === 1n ? 2n : theta - 1n })
/** Both what it says and, by way of the sum, what it computes with. */
const ofAnotherTheta = together(altered(rounds.theta, another), mishearing(rounds.theta, another))

/** The γ that makes all nonce points cancel, which only somebody who knows the others' randomness could choose. */
function cancelling(): Uint8Array<ArrayBuffer> {
  const second = (random = partyRandom(first)): bigint => [randomScalar(random), randomScalar(random)][1] ?? 0n
  const sum = [first, third].reduce((total, id) => total + second(partyRandom(id)), 0n)
  return integerToFixedBytes(reduceScalar(-sum) - 1n, 32) // randomScalar adds 1
}

export const signCheats: readonly Cheating<SignInput>[] = [
  {
    name: "a false answer in Alice's proof",
    check: "Alice's range proof",
    cheat: altered(rounds.encryptedNonce, (said) => ({
      ...said,
      rangeProof: { ...said.rangeProof, s1: said.rangeProof.s1 + 1n },
    })),
  },
  {
    name: 'another encrypted nonce than proven',
    check: "Alice's range proof",
    cheat: altered(rounds.encryptedNonce, (said) => ({ ...said, c: said.c - 1n })),
  },
  {
    name: "a false answer in Bob's proof",
    check: "Bob's proof",
    cheat: altered(rounds.products, (said) => ({ ...said, bobProof: { ...said.bobProof, t1: said.bobProof.t1 + 1n } })),
  },
  {
    name: 'another product than proven',
    check: "Bob's proof",
    cheat: altered(rounds.products, (said) => ({ ...said, c1: said.c2 })),
  },
  {
    name: "a false answer in Bob's proof with check",
    check: "Bob's proof with check",
    cheat: altered(rounds.products, (said) => ({
      ...said,
      bobProofWithCheck: { ...said.bobProofWithCheck, s1: said.bobProofWithCheck.s1 + 1n },
    })),
  },
  {
    name: 'another share than its own',
    check: "Bob's proof with check",
    input: (honest) => ({
      ...honest,
      share: { ...honest.share, secret: new Secret(honest.share.secret.reveal() + 1n) },
    }),
  },
  {
    name: 'a theta out of range',
    check: 'theta is a scalar',
    cheat: altered(rounds.theta, () => ({ theta: order })),
  },
  {
    name: 'a theta that cancels the others',
    check: 'theta is invertible',
    cheat: rushing(rounds.theta, (theirs) => ({
      theta: reduceScalar(-theirs.reduce((sum, { theta }) => sum + theta, 0n)),
    })),
    culprits: nobody,
  },
  {
    name: 'another nonce point than committed to',
    check: 'nonce opening matches the commitment',
    cheat: reopening(rounds.nonceOpening),
  },
  {
    name: 'a nonce point off the curve',
    check: 'nonce point is on the curve',
    cheat: committing(rounds.nonceCommitment, rounds.nonceOpening, [7n, ...offCurve]),
  },
  {
    name: 'a nonce point it does not know',
    check: 'Schnorr proof of the nonce point',
    cheat: committing(rounds.nonceCommitment, rounds.nonceOpening, [7n, ...onCurve]),
  },
  {
    name: 'a nonce proof off the curve',
    check: 'Schnorr proof of the nonce point',
    cheat: altered(rounds.nonceOpening, (said) => ({ ...said, proofAlphaX: 5n })),
  },
  {
    name: 'a nonce point that cancels the others',
    check: 'nonce points combine to a nonce',
    cheat: ofAnotherTheta, // with the honest one the sum would be zero
    random: choosing(partyRandom(cheater), 1, cancelling()),
    culprits: nobody,
  },
  {
    name: 'another V than committed to',
    check: 'V and A match the commitment',
    cheat: reopening(rounds.blindOpening),
  },
  {
    name: 'V off the curve',
    check: 'V and A are on the curve',
    cheat: committing(rounds.blindCommitment, rounds.blindOpening, [7n, ...offCurve, ...onCurve]),
  },
  {
    name: 'an A it does not know',
    check: 'Schnorr proof of A',
    cheat: altered(rounds.blindOpening, (said) => ({ ...said, proofT: said.proofT === 1n ? 2n : said.proofT - 1n })),
  },
  {
    name: 'a V it does not know',
    check: 'proof of V',
    cheat: altered(rounds.blindOpening, (said) => ({ ...said, vProofU: said.vProofU === 1n ? 2n : said.vProofU - 1n })),
  },
  {
    name: 'another U than committed to',
    check: 'U and T match the commitment',
    cheat: reopening(rounds.checkOpening),
  },
  {
    name: 'U off the curve',
    check: 'U and T are on the curve',
    cheat: committing(rounds.checkCommitment, rounds.checkOpening, [7n, ...offCurve, ...onCurve]),
  },
  {
    name: 'made-up U and T',
    check: 'U = T',
    cheat: committing(rounds.checkCommitment, rounds.checkOpening, [
      7n,
      ...onCurve,
      ...coordinates(generator.double()),
    ]),
    culprits: nobody,
  },
  {
    name: 'another digest',
    check: 'U = T',
    input: (honest) => ({ ...honest, digest: new Uint8Array(32).fill(1) }),
    culprits: nobody,
  },
  {
    name: 'a wrong theta and the R that follows from it',
    check: 'U = T',
    cheat: ofAnotherTheta,
    culprits: nobody,
  },
  {
    name: 'a wrong theta and the R of the right one',
    check: 'proof of V',
    cheat: altered(rounds.theta, another),
  },
  { name: 'an s out of range', check: 's is a scalar', cheat: altered(rounds.signatureShare, () => ({ s: order })) },
  {
    name: 'a false s',
    check: 'signature verifies',
    cheat: altered(rounds.signatureShare, ({ s }) => ({ s: s === 1n ? 2n : s - 1n })),
    culprits: nobody,
  },
]
