import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'

/**
 * Every check that keygen and signing make on what the others send, in the order in which they are made, with what it
 * means to somebody who does not know the protocol. The names are what a `Failure` carries; they stay as they are.
 */
export const checks = {
  // Keygen, after round 1 (wire spec 5)
  'N has 2048 bits': 'The encryption key it offered has the wrong size.',
  'h1 and h2 differ': 'The commitment key it offered is degenerate.',
  'Ñ has 2048 bits': 'The commitment key it offered has the wrong size.',
  'N and Ñ differ': 'It used one number for two keys that have to be independent.',
  'no key is used twice': 'Two parties offered the same key material: one of them copied the other, or one ran twice.',
  'DLN proof of h2 to the base h1': 'It could not prove that its commitment key hides what others commit to.',
  'DLN proof of h1 to the base h2': 'It could not prove that its commitment key hides what others commit to.',
  // Keygen, after round 2
  'opening has as many points as signers': 'It shared its part of the key with another threshold than agreed.',
  'opening matches the commitment': 'It changed its part of the key after it had seen the parts of others.',
  'opened points are on the curve': 'It sent numbers that are not points of the curve.',
  'mod proof': 'It could not prove that its encryption key is well made.',
  'share matches the opening': 'The share it dealt us does not belong to what it told everybody.',
  'no-small-factor proof': 'It could not prove that its encryption key has no small factors.',
  'shares combine to a key': 'The parts of the key cancel each other out.',
  // Keygen, after round 3
  'Paillier proof': 'It could not prove that its encryption key decrypts uniquely.',
  // Resharing, after rounds 1 and 3 (RESHARING 2)
  'public key is that of the wallet': 'It spoke of another wallet than the one that is to be renewed.',
  'session is that of the old shares': 'It started from other old shares than everybody was told.',
  'secret dealt is the share of the dealer': 'It dealt out something else than its own share of the key.',
  // Signing (wire spec 6.4)
  "Alice's range proof": 'It could not prove that its encrypted share of the nonce is small.',
  "Bob's proof": 'It could not prove that it multiplied our encrypted share correctly.',
  "Bob's proof with check": 'It could not prove that it used its own share of the key.',
  'theta is a scalar': 'It sent a number out of range.',
  'theta is invertible': 'The parts of the nonce cancel each other out.',
  'nonce opening matches the commitment': 'It changed its part of the nonce after it had seen the parts of others.',
  'nonce point is on the curve': 'It sent numbers that are not a point of the curve.',
  'Schnorr proof of the nonce point': 'It could not prove that it knows its part of the nonce.',
  'nonce points combine to a nonce': 'The parts of the nonce cancel each other out.',
  'V and A match the commitment': 'It changed its masked signature share after it had seen those of others.',
  'V and A are on the curve': 'It sent numbers that are not points of the curve.',
  'Schnorr proof of A': 'It could not prove that it knows what it masked its share with.',
  'proof of V': 'It could not prove that it knows its masked signature share.',
  'U and T match the commitment': 'It changed its check values after it had seen those of others.',
  'U and T are on the curve': 'It sent numbers that are not points of the curve.',
  'U = T': 'The signature shares do not fit together. Somebody computed with wrong values, and nobody can tell who.',
  's is a scalar': 'It sent a number out of range.',
  'signature verifies':
    'The finished signature is not valid. Somebody sent a wrong last share, and nobody can tell who.',
} as const satisfies Readonly<Record<string, string>>

export type Check = keyof typeof checks

/** What the mailbox, the echo and the envelope can find; their names come behind the round's. */
const deliveryChecks: Readonly<Record<string, string>> = {
  'message is well formed': 'It sent something that cannot be read.',
  'one message per sender': 'It sent two different messages where there is one.',
  'private message is sent as such': 'It told everybody what was for one party only.',
  'broadcast message is sent as such': 'It told one party what was for everybody.',
  'broadcast is the same for everybody': 'It told different parties different things.',
  'everybody got the same broadcast of party': 'Two parties were told different things, and nobody can tell by whom.',
  "echo of party's broadcast is true": 'It made up what another party had said.',
  "echo covers every other party's broadcast": 'It did not say what it had received from everybody else.',
  'message belongs to a round of this protocol': 'It sent something that has no place in this ceremony.',
  'sender speaks in this round': 'It sent something that only the other parties of this ceremony send.',
  'sender takes part in this run': 'It sent something without taking part in this ceremony.',
}

/** One sentence about a party that failed this check, for people; nothing for a check that is not in the lists above. */
export function explain(check: string): string | undefined {
  if (Object.hasOwn(checks, check)) return checks[check as Check]
  const delivery = check
    .slice(check.lastIndexOf(': ') + 1)
    .trimStart()
    .replace(/party \d+/, 'party')
  return Object.hasOwn(deliveryChecks, delivery) ? deliveryChecks[delivery] : undefined
}

/** What a party's messages of one round turned out to be: the first check they failed, or what is made of them. */
export type Verdict<T> = { readonly failed: Check } | { readonly passed: T }

/**
 * What is made of everybody's messages, or an abort that names all who failed the earliest check that anybody failed
 * (tss-lib names one, or everybody who failed anything: SPEC.md, departures).
 */
export function allPassed<T>(verdicts: ReadonlyMap<PartyId, Verdict<T>>): ReadonlyMap<PartyId, T> {
  for (const check of Object.keys(checks) as Check[]) {
    const culprits = [...verdicts].flatMap(([id, verdict]) =>
      'failed' in verdict && verdict.failed === check ? [id] : [],
    )
    if (culprits.length > 0) throw misbehaviour(culprits, check)
  }
  return new Map([...verdicts].flatMap(([id, verdict]) => ('passed' in verdict ? [[id, verdict.passed] as const] : [])))
}

/** Of checks that can be seen to hold, in their order; proofs answer `undefined` when they hold. */
export function firstFailed(
  outcomes: Partial<Record<Check, boolean | undefined>>,
): { readonly failed: Check } | undefined {
  const failed = (Object.keys(outcomes) as Check[]).find((check) => outcomes[check] !== true)
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
export function mustHold(check: Check, holds: boolean): void {
  if (!holds) throw misbehaviour([], check)
}
