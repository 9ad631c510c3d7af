import { verifyShare } from '../crypto/feldman.ts'
import { coordinates, type Point } from '../curve/point.ts'
import { bytesToInteger } from '../integers/bytes.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { verifyMod } from '../proofs/mod.ts'
import { firstFailed, type Verdict } from './checks.ts'
import { bothDlnProofs, openedPolynomial, type Dealt } from './keygenChecks.ts'
import type { ReshareSays } from './messages.ts'

/** That an old member means this key and these old shares (RESHARING 2.2). tss-lib compares nothing that binds (1.3, 1.4). */
export function sameStart(
  { publicKeyX, publicKeyY, ssid }: ReshareSays['commitment'],
  ours: { readonly publicKey: Point; readonly ssid: Uint8Array },
): Verdict<true> {
  const [x, y] = coordinates(ours.publicKey)
  return (
    firstFailed({
      'public key is that of the wallet': publicKeyX === x && publicKeyY === y,
      'session is that of the old shares': ssid === bytesToInteger(ours.ssid),
    }) ?? { passed: true }
  )
}

/**
 * The proofs of a new member's moduli, whose shape is checked (RESHARING 2.4).
 * @param context ctx(prover), by its position among the new members
 */
export async function provenModuli(
  said: ReshareSays['moduli'],
  context: Uint8Array,
  arithmetic: Arithmetic,
): Promise<Verdict<true>> {
  const [dln, modFlaw] = await Promise.all([
    bothDlnProofs(said, arithmetic),
    verifyMod({ n: said.paillierN, context }, said.modProof, arithmetic),
  ])
  if ('failed' in dln) return dln
  return firstFailed({ 'mod proof': modFlaw === undefined }) ?? { passed: true }
}

/**
 * What an old member dealt, against its commitment and against the share that everybody knows it to hold: without
 * V_i,0 = λ_i·X_i a dealer of another secret is not found by anybody, and tss-lib blames the victim (RESHARING 1.5).
 */
export function dealtAgain(
  said: ReshareSays['share'] & Pick<ReshareSays['opening'], 'opening'> & { readonly commitment: bigint },
  to: {
    /** The reader's new party key. */
    readonly key: bigint
    /** t' */
    readonly threshold: number
    /** λ_i·X_i */
    readonly additivePublicShare: Point
  },
): Verdict<Dealt> {
  const opened = openedPolynomial(said.commitment, said.opening, to.threshold)
  if ('failed' in opened) return opened
  const points = opened.passed
  return (
    firstFailed({
      'secret dealt is the share of the dealer': points[0]?.equals(to.additivePublicShare),
      'share matches the opening': verifyShare(said.share, to.key, points, to.threshold),
    }) ?? { passed: { share: said.share, points } }
  )
}
