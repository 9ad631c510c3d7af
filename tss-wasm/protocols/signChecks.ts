import { openCommitment } from '../crypto/commitment.ts'
import { order, unflattenPoints, type Point } from '../curve/point.ts'
import { decodeSchnorr, verifySchnorr } from '../proofs/schnorr.ts'
import { decodeSchnorrV, verifySchnorrV } from '../proofs/schnorrV.ts'
import { firstFailed, type Verdict } from './checks.ts'
import type { SignSays } from './messages.ts'

/** tss-lib takes any integer; an honest one is a non-zero scalar. */
export function thetaInRange({ theta }: SignSays['theta']): Verdict<bigint> {
  return isScalar(theta) ? { passed: theta } : { failed: 'theta is a scalar' }
}

export function signatureShareInRange({ s }: SignSays['signatureShare']): Verdict<bigint> {
  return isScalar(s) ? { passed: s } : { failed: 's is a scalar' }
}

/** Gam_j, committed to in round 1, opened and proven in round 4 (WIRE 6.4, round 5). */
export function openedNoncePoint(
  commitment: bigint,
  { opening, proofAlphaX, proofAlphaY, proofT }: SignSays['nonceOpening'],
  context: Uint8Array,
): Verdict<Point> {
  const opened = openCommitment(commitment, opening, 2)
  if (opened === undefined) return { failed: 'nonce opening matches the commitment' }
  const [point] = unflattenPoints(opened) ?? []
  if (point === undefined) return { failed: 'nonce point is on the curve' }
  const proof = decodeSchnorr([proofAlphaX, proofAlphaY, proofT])
  const proven = proof !== undefined && verifySchnorr({ point, context }, proof) === undefined
  return proven ? { passed: point } : { failed: 'Schnorr proof of the nonce point' }
}

export interface Blinded {
  readonly V: Point
  readonly A: Point
}

/** V_j and A_j, committed to in round 5, opened and proven in round 6 (WIRE 6.4, round 7). */
export function openedBlinds(
  commitment: bigint,
  said: SignSays['blindOpening'],
  { context, R }: { readonly context: Uint8Array; readonly R: Point },
): Verdict<Blinded> {
  const opened = openCommitment(commitment, said.opening, 4)
  if (opened === undefined) return { failed: 'V and A match the commitment' }
  const [V, A] = unflattenPoints(opened) ?? []
  if (V === undefined || A === undefined) return { failed: 'V and A are on the curve' }
  const ofA = decodeSchnorr([said.proofAlphaX, said.proofAlphaY, said.proofT])
  const ofV = decodeSchnorrV([said.vProofAlphaX, said.vProofAlphaY, said.vProofT, said.vProofU])
  return (
    firstFailed({
      'Schnorr proof of A': ofA !== undefined && verifySchnorr({ point: A, context }, ofA) === undefined,
      'proof of V': ofV !== undefined && verifySchnorrV({ point: V, base: R, context }, ofV) === undefined,
    }) ?? { passed: { V, A } }
  )
}

export interface CheckValues {
  readonly U: Point
  readonly T: Point
}

/** U_j and T_j, committed to in round 7, opened in round 8 (WIRE 6.4, round 9; the curve check is our addition). */
export function openedCheckValues(commitment: bigint, { opening }: SignSays['checkOpening']): Verdict<CheckValues> {
  const opened = openCommitment(commitment, opening, 4)
  if (opened === undefined) return { failed: 'U and T match the commitment' }
  const [U, T] = unflattenPoints(opened) ?? []
  return U === undefined || T === undefined ? { failed: 'U and T are on the curve' } : { passed: { U, T } }
}

function isScalar(x: bigint): boolean {
  return x > 0n && x < order
}
