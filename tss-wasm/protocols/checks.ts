import { checksInOrder, type ProtocolCheck } from '../checks.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'

/** What a party's messages of one round turned out to be: the first check they failed, or what is made of them. */
export type Verdict<T> = { readonly failed: ProtocolCheck } | { readonly passed: T }

/**
 * What is made of everybody's messages, or an abort that names all who failed the earliest check that anybody failed
 * (tss-lib names one, or everybody who failed anything: SPEC 6).
 */
export function allPassed<T>(verdicts: ReadonlyMap<PartyId, Verdict<T>>): ReadonlyMap<PartyId, T> {
  for (const check of checksInOrder) {
    const culprits = [...verdicts].flatMap(([id, verdict]) =>
      'failed' in verdict && verdict.failed === check ? [id] : [],
    )
    if (culprits.length > 0) throw misbehaviour(culprits, check)
  }
  return new Map([...verdicts].flatMap(([id, verdict]) => ('passed' in verdict ? [[id, verdict.passed] as const] : [])))
}

/** Of checks that can be seen to hold, in their order; proofs answer `undefined` when they hold. */
export function firstFailed(
  outcomes: Partial<Record<ProtocolCheck, boolean | undefined>>,
): { readonly failed: ProtocolCheck } | undefined {
  const failed = (Object.keys(outcomes) as ProtocolCheck[]).find((check) => outcomes[check] !== true)
  return failed && { failed }
}

/** The same question to every party at once, so that a pool of workers can spread the answers. */
export async function forEveryone<A, B>(
  messages: ReadonlyMap<PartyId, A>,
  answer: (message: A, from: PartyId) => Promise<B> | B,
): Promise<ReadonlyMap<PartyId, B>> {
  return new Map(
    await Promise.all([...messages].map(async ([from, message]) => [from, await answer(message, from)] as const)),
  )
}

/** Fails for nobody in particular: the protocol cannot tell whose fault it is. */
export function mustHold(check: ProtocolCheck, holds: boolean): void {
  if (!holds) throw misbehaviour([], check)
}
