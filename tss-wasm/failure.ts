import type { Check } from './checks.ts'
import type { PartyId } from './partyId.ts'

/**
 * Why a ceremony ended without a result. Three roads that never merge: a peer's fault (`misbehaviour`), the world's
 * fault (everything else here), and our own bug (any error that is not a `ProtocolAbort`).
 *
 * Programs decide by the closed fields only (`kind`, `check`, `what`, `code`, `why`). `detail` is for technical details:
 * it is shown as it is, and never picks a sentence.
 */
export type Failure =
  /**
   * Somebody broke the protocol. `culprits` may be empty where the protocol cannot tell who; `detail`: in which round. What
   * the culprit signed may show it to anybody: then `evidence` is a file that does (SPEC 7).
   */
  | {
      readonly kind: 'misbehaviour'
      readonly culprits: readonly PartyId[]
      readonly check: Check
      readonly detail?: string
      readonly evidence?: Uint8Array
    }
  /** Nothing arrived in time. `round` is the stage we were waiting in, `waitedMs` how long nothing that counted had come. */
  | {
      readonly kind: 'timed-out'
      readonly waitingFor: readonly PartyId[]
      readonly round: string
      readonly waitedMs?: number
    }
  /** A peer gave up and said so; why, the `cause` of a refusal, whom it is `about`, and `detail` are its claim, shown but never trusted. */
  | {
      readonly kind: 'peer-gave-up'
      readonly peer: PartyId
      readonly why: GaveUp
      readonly cause?: Cause
      readonly about?: readonly PartyId[]
      readonly detail: string
    }
  | { readonly kind: 'disconnected'; readonly detail: string }
  | { readonly kind: 'cancelled' }
  /** The arithmetic or ceremony worker died. */
  | { readonly kind: 'engine-crashed'; readonly detail: string }
  /** A part of the program could not be fetched: there is no connection, or another version has taken its place. */
  | { readonly kind: 'not-loaded'; readonly detail: string }
  /** The coordinator refused a call. `detail` is its claim: quoted, never believed. */
  | {
      readonly kind: 'refused'
      readonly what: 'coordinator'
      readonly code: CoordinatorCode
      readonly detail: string
    }
  /** The person or the caller gave something that cannot be used (wrong passphrase, damaged share). Nothing was changed. */
  | { readonly kind: 'refused'; readonly what: Cause; readonly detail: string }

const kinds = [
  'misbehaviour',
  'timed-out',
  'peer-gave-up',
  'disconnected',
  'cancelled',
  'engine-crashed',
  'not-loaded',
  'refused',
] as const
export type FailureKind = (typeof kinds)[number]

export function isFailureKind(kind: string): kind is FailureKind {
  return (kinds as readonly string[]).includes(kind)
}

const ownEnds = [...kinds, 'superseded', 'withdrawn', 'unknown'] as const
/** What a peer says of its own end: the kind of its failure, that it began another run, or that it will never confirm. */
export type GaveUp = (typeof ownEnds)[number]

export function isGaveUp(why: string): why is GaveUp {
  return (ownEnds as readonly string[]).includes(why)
}

export const causes = [
  'invitation-expired',
  'invitation-over',
  'invitation-used',
  'invitation-elsewhere',
  'invitation-unreadable',
  'invitation-mangled',
  'invitation-several',
  'invitation-open-elsewhere',
  'seat-elsewhere',
  'signed-by-others',
  'not-begun',
  'other-parties',
  'other-identity',
  'replayed-run',
  'too-many-runs',
  'too-few-signers',
  'declined',
  'policy',
  'not-a-holder',
  'epoch',
  'busy',
  'restarted',
  'passphrase',
  'locked',
  'share-missing',
  'share',
  'share-in-file',
  'share-threshold',
  'share-file-foreign',
  'share-file-encoding',
  'share-file-eddsa',
  'share-file-unfinished',
  'share-file-numbers',
  'share-file-rounded',
  'share-file-preparameters',
  'share-file-several',
  'passkey',
  'passkey-unused',
  'passkey-no-prf',
  'backup-passphrase',
  'backup-of-another',
  'backup-damaged',
  'backup-foreign',
  'here-already',
  'recovery',
  'recipient',
  'user-share',
  'keychain',
  'storage',
  'storage-full',
  'storage-newer',
  'storage-closed',
  'storage-lost',
  'storage-damaged',
  'storage-incomplete',
  'pre-parameters',
  'pre-parameters-taken',
  'presignature',
  'content',
  'signature-form',
  'configuration',
  'unknown', // written down by another version of this program
] as const
/** What was refused; the app has words for each (web/app/ceremony/failureTexts.ts). */
export type Cause = (typeof causes)[number]

export function isRefusal(what: string): what is Cause | 'coordinator' {
  return what === 'coordinator' || isCause(what)
}

export function isCause(what: string): what is Cause {
  return (causes as readonly string[]).includes(what)
}

/** The reasons of proto/coordinator.proto (RefusalReason), in lower case. */
export type CoordinatorCode =
  | 'unspecified'
  | 'malformed'
  | 'too_large'
  | 'too_many_calls'
  | 'no_room'
  | 'unknown_caller'
  | 'not_admitted'
  | 'token_missing'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked'
  | 'token_elsewhere'
  | 'not_found'
  | 'no_such_session'
  | 'no_such_seat'
  | 'no_such_party'
  | 'session_exists'
  | 'session_expired'
  | 'session_state'
  | 'seat_taken'
  | 'seat_reserved'
  | 'seat_changed'
  | 'creator_only'
  | 'roster_settled'
  | 'roster_differs'
  | 'not_ready'
  | 'run_over'
  | 'confirmed_already'
  | 'confirmed_otherwise'
  | 'nothing_to_confirm'
  | 'message_differs'
  | 'not_as_ordered'
  | 'order_expired'
  | 'account_exists'
  | 'account_suspended'
  | 'switched_off'
  | 'unavailable'
  | 'ceremony_failed'
  | 'ceremony_refused'
  | 'ceremony_timed_out'
  | 'cancelled'
  | 'internal'
  | 'idempotency_key_reused'
  | 'idempotency_key_busy'
  | 'seat_elsewhere'

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** Carries a `Failure` through code that throws. Anything else that is thrown is a bug of ours. */
export class ProtocolAbort extends Error {
  override readonly name = 'ProtocolAbort'
  readonly failure: Failure
  constructor(failure: Failure) {
    super(describe(failure))
    this.failure = failure
  }
}

/** @param detail what varies: the round, the party whose word it is about, the value that differs */
export function misbehaviour(
  culprits: readonly PartyId[],
  check: Check,
  detail?: string,
  evidence?: Uint8Array,
): ProtocolAbort {
  const more = { ...(detail !== undefined && { detail }), ...(evidence !== undefined && { evidence }) }
  return new ProtocolAbort({ kind: 'misbehaviour', culprits, check, ...more })
}

/** @param detail one line for whoever looks for the fault; never a secret */
export function refused(what: Cause, detail: string): ProtocolAbort {
  return new ProtocolAbort({ kind: 'refused', what, detail })
}

/** What others, or the screen, are told of an error. Of a bug of ours only that there was one. */
export function failureIn(error: unknown): Failure {
  return error instanceof ProtocolAbort ? error.failure : { kind: 'engine-crashed', detail: 'internal error' }
}

/** The same failure with its parties under other names, each once. */
export function withParties(failure: Failure, rename: (party: PartyId) => PartyId): Failure {
  const all = (parties: readonly PartyId[]): readonly PartyId[] => [...new Set(parties.map(rename))]
  switch (failure.kind) {
    case 'misbehaviour':
      return { ...failure, culprits: all(failure.culprits) }
    case 'timed-out':
      return { ...failure, waitingFor: all(failure.waitingFor) }
    case 'peer-gave-up':
      return { ...failure, peer: rename(failure.peer), ...(failure.about && { about: all(failure.about) }) }
    case 'disconnected':
    case 'cancelled':
    case 'engine-crashed':
    case 'not-loaded':
    case 'refused':
      return failure
  }
}

/** One line for logs. Messages for people are made where they are shown. */
function describe(failure: Failure): string {
  switch (failure.kind) {
    case 'misbehaviour': {
      const who = failure.culprits.length === 0 ? 'nobody in particular' : `party ${failure.culprits.join(', ')}`
      return `${named(failure.check, failure.detail)} failed for ${who}`
    }
    case 'timed-out':
      return `timed out in ${failure.round} waiting for party ${failure.waitingFor.join(', ')}`
    case 'peer-gave-up':
      return `party ${failure.peer} gave up: ${named(failure.why, failure.detail)}`
    case 'disconnected':
    case 'engine-crashed':
    case 'not-loaded':
      return `${failure.kind}: ${failure.detail}`
    case 'refused':
      return `refused: ${failure.what}: ${failure.detail}`
    case 'cancelled':
      return 'cancelled'
  }
}

function named(what: string, detail = ''): string {
  return detail === '' ? what : `${what} (${detail})`
}
