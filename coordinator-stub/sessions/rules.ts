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
    throw new Refusal('too_large', `a ${what} is at most ${most} bytes long, not ${bytes.length}`)
}

export function isSeat(seat: number): boolean {
  return seat >= 1 && seat <= largestParty
}

export function mustBeIdentity(identity: Identity | undefined): asserts identity is Identity {
  if (identity?.signingKey.length !== keyLength || identity.encryptionKey.length !== keyLength) {
    throw new Refusal('malformed', `an identity must be two keys of ${keyLength} bytes`)
  }
}

export function mustBeFailure(failure: Failure): void {
  const texts = [failure.kind, failure.check, failure.detail]
  must(failure.kind !== '', 'a failure must have a kind')
  must(
    texts.every((text) => text.length <= longestText),
    `the texts of a failure must have at most ${longestText} characters`,
  )
  // The audit log's columns hold no zero.
  must(!texts.some((text) => text.includes('\0')), 'the texts of a failure must not contain NUL')
  must(
    failure.parties.length <= largestParty && failure.parties.every(isSeat),
    'a failure must list seats of the session',
  )
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return sameBytes(a.signingKey, b.signingKey) && sameBytes(a.encryptionKey, b.encryptionKey)
}
