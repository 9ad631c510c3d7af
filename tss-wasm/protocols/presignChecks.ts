import { generator, multiplyPublic, sumPoints, type Point } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { verifyAffineGroup } from '../proofs/affineGroup.ts'
import { verifyEncElGamal } from '../proofs/encElGamal.ts'
import { verifyLogElGamal } from '../proofs/logElGamal.ts'
import { firstFailed, type Verdict } from './checks.ts'
import { entry } from './members.ts'
import type { Encrypted, Multiplied, PresignShares, ProductProofs, Products, RangeProofs } from './presignMessages.ts'
import type { PresignPeer, PresignSession } from './presignSession.ts'

/** ψ0 and ψ1 of one peer, in one slot (CGGMP24 3, round 2). */
export async function rangesHold(
  session: PresignSession,
  slot: number,
  { paillier, seat }: PresignPeer,
  { K, G, Y, A1, A2, B1, B2 }: Encrypted,
  { ofK, ofG }: RangeProofs,
  arithmetic: Arithmetic,
): Promise<Verdict<true>> {
  const shared = { prover: paillier, A: Y, verifier: session.own.ringPedersen, uses: session.uses }
  const [flawOfK, flawOfG] = await Promise.all([
    verifyEncElGamal(
      { ...shared, C: K, B: A1, X: A2, state: session.state(slot, 'enc-k', seat, session.seat) },
      ofK,
      arithmetic,
    ),
    verifyEncElGamal(
      { ...shared, C: G, B: B1, X: B2, state: session.state(slot, 'enc-gamma', seat, session.seat) },
      ofG,
      arithmetic,
    ),
  ])
  return firstFailed({ 'proof of K': flawOfK === undefined, 'proof of G': flawOfG === undefined }) ?? { passed: true }
}

/** What the peer in `from` made for the seat `to`. */
export function productsFor({ products }: Multiplied, from: number, to: number): Products {
  return entry(products, to < from ? to : to - 1)
}

/** ψ̃, ψ and ψ̂ of one peer, in one slot, for the K we sent (CGGMP24 3, round 3). */
export async function productsHold(
  session: PresignSession,
  slot: number,
  { paillier, seat, share }: PresignPeer,
  said: {
    readonly K: bigint
    readonly encrypted: Encrypted
    readonly multiplied: Multiplied
    readonly proofs: ProductProofs
  },
  arithmetic: Arithmetic,
): Promise<Verdict<true>> {
  const { Γ, proof } = said.multiplied
  const { Y, B1, B2 } = said.encrypted
  const elog = { L: B1, M: B2, X: Y, Y: Γ, h: generator, state: session.state(slot, 'elog-gamma', seat) }
  const flawOfΓ = verifyLogElGamal(elog, proof)
  if (flawOfΓ !== undefined) return { failed: 'proof of Γ' }
  const { D, F, hatD, hatF } = productsFor(said.multiplied, seat, session.seat)
  const { paillier: receiver, ringPedersen: verifier } = session.own
  const shared = { receiver, prover: paillier, C: said.K, verifier, uses: session.uses }
  const [flawOfγ, flawOfX] = await Promise.all([
    verifyAffineGroup(
      { ...shared, D, Y: F, X: Γ, state: session.state(slot, 'aff-gamma', seat, session.seat) },
      said.proofs.withγ,
      arithmetic,
    ),
    verifyAffineGroup(
      { ...shared, D: hatD, Y: hatF, X: share, state: session.state(slot, 'aff-x', seat, session.seat) },
      said.proofs.withX,
      arithmetic,
    ),
  ])
  return (
    firstFailed({
      'proof of the product with γ': flawOfγ === undefined,
      'proof of the product with x': flawOfX === undefined,
    }) ?? { passed: true }
  )
}

/** ψ' of one peer, in one slot (CGGMP24 3, output). */
export function nonceShareHolds(
  session: PresignSession,
  slot: number,
  { seat }: PresignPeer,
  { Y, A1, A2 }: Encrypted,
  { Δ, proof }: PresignShares,
  Γ: Point,
): Verdict<true> {
  const statement = { L: A1, M: A2, X: Y, Y: Δ, h: Γ, state: session.state(slot, 'elog-k', seat) }
  return verifyLogElGamal(statement, proof) === undefined ? { passed: true } : { failed: 'proof of Δ' }
}

/** Which equation does not hold, and in which slot. */
export interface Misfit {
  readonly kind: 'gamma' | 'x'
  readonly slot: number
}

/** δ·G = ΣΔ_j and δ·X = ΣS_j in every slot, or the lowest where one fails. */
export function misfitOf(slots: readonly (readonly PresignShares[])[], publicKey: Point): Misfit | undefined {
  for (const [slot, shares] of slots.entries()) {
    const δ = reduceScalar(shares.reduce((sum, share) => sum + share.δ, 0n))
    if (!multiplyPublic(generator, δ).equals(sumPoints(shares.map(({ Δ }) => Δ)))) return { kind: 'gamma', slot }
    if (!multiplyPublic(publicKey, δ).equals(sumPoints(shares.map(({ S }) => S)))) return { kind: 'x', slot }
  }
  return undefined
}
