import type { SigningOrder } from '../content/signing.ts'
import type { BrokenRule } from './brokenRule.ts'
import { decide } from './decide.ts'
import type { PublishedRules } from './published.ts'

/** What a member is going to answer, by the rules that it has told. */
export type Foretold =
  | { readonly type: 'signs' }
  | { readonly type: 'refuses'; readonly rule: BrokenRule }
  /** Nothing stands against it but what was signed before, of which it has not told. */
  | { readonly type: 'unsure' }

/** @throws ContentRefused when the content does not decode */
export function foretell(
  { policy, spent }: Pick<PublishedRules, 'policy' | 'spent'>,
  order: SigningOrder,
  nowMs: number,
): Foretold {
  const decision = decide(policy, order, spent ?? [], nowMs)
  if (decision.type === 'refuses') return { type: 'refuses', rule: decision.rule }
  return { type: spent === undefined ? 'unsure' : 'signs' }
}
