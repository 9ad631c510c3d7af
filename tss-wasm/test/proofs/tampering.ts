import { Point } from '../../curve/point.ts'
import type { Flaw } from '../../crypto/flaw.ts'
import { assertFlaw } from './setting.ts'

/** What a verifier answers to its proof, or statement, with some fields changed. */
export type Refused<P> = (changed: Partial<P>, check: RegExp) => Promise<void>

export function refusing<S extends object, P extends object>(
  verify: (statement: S, proof: P) => Flaw | Promise<Flaw>,
  statement: S,
  proof: P,
): { readonly ofProof: Refused<P>; readonly ofStatement: Refused<S> } {
  return {
    ofProof: (changed, check) =>
      assertFlaw(verify(statement, { ...proof, ...changed }), check, Object.keys(changed).join()),
    ofStatement: (changed, check) =>
      assertFlaw(verify({ ...statement, ...changed }, proof), check, Object.keys(changed).join()),
  }
}

export const infinity = Point.ZERO
