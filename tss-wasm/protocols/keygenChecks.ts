import type { ProtocolCheck } from '../checks.ts'
import { openCommitment } from '../crypto/commitment.ts'
import { verifyShare } from '../crypto/feldman.ts'
import type { RingPedersen, RingPedersenPrivate } from '../crypto/types.ts'
import { unflattenPoints, type Point } from '../curve/point.ts'
import { misbehaviour } from '../failure.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { isModulus2048 } from '../integers/numberTheory.ts'
import { swapBases, verifyDln } from '../proofs/dln.ts'
import { verifyMod } from '../proofs/mod.ts'
import { verifyNoSmallFactor } from '../proofs/noSmallFactor.ts'
import type { PartyId } from '../partyId.ts'
import { firstFailed, type Verdict } from './checks.ts'
import type { KeygenSays } from './messages.ts'

type Moduli = Pick<KeygenSays['commitment'], 'paillierN' | 'nTilde' | 'h1' | 'h2'>

/** Sizes and shapes, before anything is raised to a power (WIRE 5, round 2). */
export function shapeOfModuli({ paillierN, nTilde, h1, h2 }: Moduli): Verdict<true> {
  return (
    firstFailed({
      'N has 2048 bits': isModulus2048(paillierN),
      'h1 and h2 differ': h1 !== h2,
      'Ñ has 2048 bits': isModulus2048(nTilde),
      'N and Ñ differ': paillierN !== nTilde,
    }) ?? { passed: true }
  )
}

/**
 * No N, Ñ, h1 or h2 comes twice among all parties (WIRE 5; N and Ñ are our addition). A copier can copy the proofs
 * too, so bystanders blame nobody; but a party knows that it did not copy, and so who copied from it.
 */
export function refuseCopies(moduli: ReadonlyMap<PartyId, Moduli>, me: PartyId): void {
  const check: ProtocolCheck = 'no key is used twice'
  const owners = new Map<bigint, PartyId>()
  const culprits = new Set<PartyId>()
  let copied = false
  for (const [id, { paillierN, nTilde, h1, h2 }] of moduli) {
    for (const value of [paillierN, nTilde, h1, h2]) {
      const owner = owners.get(value)
      owners.set(value, owner ?? id)
      if (owner === undefined) continue
      copied = true
      if (owner === id || owner === me) culprits.add(id)
      else if (id === me) culprits.add(owner)
    }
  }
  if (copied) throw misbehaviour([...culprits], check)
}

/** Both ways between h1 and h2: neither base may generate less than the other (WIRE 4.9). */
export async function bothDlnProofs(
  { nTilde, h1, h2, dlnProof1, dlnProof2 }: Omit<KeygenSays['commitment'], 'commitment' | 'paillierN'>,
  arithmetic: Arithmetic,
): Promise<Verdict<true>> {
  const statement = { nTilde, h1, h2 }
  const [flaw1, flaw2] = await Promise.all([
    verifyDln(statement, dlnProof1, arithmetic),
    verifyDln(swapBases(statement), dlnProof2, arithmetic),
  ])
  return (
    firstFailed({
      'DLN proof of h2 to the base h1': flaw1 === undefined,
      'DLN proof of h1 to the base h2': flaw2 === undefined,
    }) ?? { passed: true }
  )
}

export interface Dealt {
  readonly share: bigint
  /** V_j,c for c = 0..t-1 */
  readonly points: readonly Point[]
}

/** The `threshold` points V_c that a dealer committed to (WIRE 5, round 3). */
export function openedPolynomial(
  commitment: bigint,
  opening: readonly bigint[],
  threshold: number,
): Verdict<readonly Point[]> {
  const count = 2 * threshold
  if (opening.length !== 1 + count) return { failed: 'opening has as many points as signers' }
  const opened = openCommitment(commitment, opening, count)
  if (opened === undefined) return { failed: 'opening matches the commitment' }
  const points = unflattenPoints(opened)
  return points === undefined ? { failed: 'opened points are on the curve' } : { passed: points }
}

/** Everything a dealer said in round 2, against what it committed to in round 1 (WIRE 5, round 3). */
export async function dealtShare(
  said: KeygenSays['share'] & KeygenSays['opening'] & { readonly committed: KeygenSays['commitment'] },
  to: {
    readonly key: bigint
    readonly threshold: number
    readonly ringPedersen: RingPedersen | RingPedersenPrivate
    /** ctx(dealer) */
    readonly context: Uint8Array
  },
  arithmetic: Arithmetic,
): Promise<Verdict<Dealt>> {
  const { commitment, paillierN: n } = said.committed
  const opened = openedPolynomial(commitment, said.opening, to.threshold)
  if ('failed' in opened) return opened
  const points = opened.passed
  const { context, ringPedersen: verifier } = to
  const [modFlaw, factorFlaw] = await Promise.all([
    verifyMod({ n, context }, said.modProof, arithmetic),
    verifyNoSmallFactor({ n0: n, verifier, context }, said.noSmallFactorProof, arithmetic),
  ])
  return (
    firstFailed({
      'mod proof': modFlaw === undefined,
      'share matches the opening': verifyShare(said.share, to.key, points, to.threshold),
      'no-small-factor proof': factorFlaw === undefined,
    }) ?? { passed: { share: said.share, points } }
  )
}
