import type { BrokenRule } from './brokenRule.ts'
import { type Asked, decide, justAsked } from './decide.ts'
import type { PublishedRules } from './published.ts'

/** What a member is going to answer, by the rules that it has told. */
export type Foretold =
  | { readonly type: 'signs' }
  | { readonly type: 'refuses'; readonly rule: BrokenRule }
  /** It signs a request that waits, once something has changed: not at once. */
  | { readonly type: 'waits'; readonly rule: BrokenRule }
  /** Nothing stands against it but what was signed before, of which it has not told. */
  | { readonly type: 'unsure' }

/** What a request would meet, made now. @throws ContentRefused when the content does not decode */
export function foretell(
  { policy, spent }: Pick<PublishedRules, 'policy' | 'spent'>,
  asked: Omit<Asked, 'request'>,
  nowMs: number,
): Foretold {
  const decision = decide(policy, { ...asked, request: justAsked }, spent ?? [], nowMs)
  if (decision.type !== 'signs') return decision
  return { type: spent === undefined ? 'unsure' : 'signs' }
}
