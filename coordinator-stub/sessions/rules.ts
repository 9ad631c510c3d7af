import { type Failure, type Identity, SessionState } from '../../proto/gen/coordinator_pb.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { mostParties } from '../../tss-wasm/round/channel.ts'
import { Refusal } from '../process/refusal.ts'

/** What the session state machine requires of what comes in, in the words its callers read. */

export const largestParty = mostParties
const longestText = 500
const keyLength = 32

const stateNames: Readonly<Record<SessionState, string>> = {
  [SessionState.UNSPECIFIED]: 'unknown',
  [SessionState.CREATED]: 'created',
  [SessionState.WAITING]: 'waiting',
  [SessionState.IN_PROGRESS]: 'in progress',
  [SessionState.COMPLETED]: 'completed',
  [SessionState.FAILED]: 'failed',
  [SessionState.EXPIRED]: 'expired',
}

export function mustBe(session: { readonly state: SessionState }, states: readonly SessionState[]): void {
  if (states.includes(session.state)) return
  const wanted = states.map((state) => stateNames[state]).join(' or ')
  throw new Refusal('session_state', `the session is ${stateNames[session.state]}, not ${wanted}`)
}

export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Refusal('malformed', otherwise)
}

export function withinSize(bytes: Uint8Array, most: number, what: string): void {
  if (bytes.length > most)
    throw new Refusal('too_large', `a ${what} has at most ${most} bytes, this one has ${bytes.length}`)
}

export function isSeat(seat: number): boolean {
  return seat >= 1 && seat <= largestParty
}

export function mustBeIdentity(identity: Identity | undefined): asserts identity is Identity {
  if (identity?.signingKey.length !== keyLength || identity.encryptionKey.length !== keyLength) {
    throw new Refusal('malformed', `an identity is two keys of ${keyLength} bytes`)
  }
}

export function mustBeFailure(failure: Failure): void {
  const texts = [failure.kind, failure.check, failure.detail]
  must(failure.kind !== '', 'a failure has a kind')
  must(
    texts.every((text) => text.length <= longestText),
    `texts of a failure have at most ${longestText} characters`,
  )
  // The audit log's columns hold no zero.
  must(!texts.some((text) => text.includes('\0')), 'texts of a failure have no zero character')
  must(failure.parties.length <= largestParty && failure.parties.every(isSeat), 'a failure names seats')
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return sameBytes(a.signingKey, b.signingKey) && sameBytes(a.encryptionKey, b.encryptionKey)
}
