import { Code, ConnectError, type Interceptor } from '@connectrpc/connect'
import { RefusalReason, RefusalSchema } from '../../proto/gen/coordinator_pb.js'
import type { Cause, CoordinatorCode } from '../../tss-wasm/failure.ts'
import { type Log, logBug } from './log.ts'

const codes: Readonly<Record<CoordinatorCode, Code>> = {
  unspecified: Code.Unknown,
  malformed: Code.InvalidArgument,
  too_large: Code.ResourceExhausted,
  too_many_calls: Code.ResourceExhausted,
  no_room: Code.ResourceExhausted,
  unknown_caller: Code.Unauthenticated,
  not_admitted: Code.PermissionDenied,
  token_missing: Code.Unauthenticated,
  token_invalid: Code.Unauthenticated,
  token_expired: Code.Unauthenticated,
  token_revoked: Code.Unauthenticated,
  token_elsewhere: Code.PermissionDenied,
  not_found: Code.NotFound,
  no_such_session: Code.NotFound,
  no_such_seat: Code.PermissionDenied,
  no_such_party: Code.InvalidArgument,
  session_exists: Code.AlreadyExists,
  session_expired: Code.FailedPrecondition,
  session_state: Code.FailedPrecondition,
  seat_taken: Code.AlreadyExists,
  seat_reserved: Code.PermissionDenied,
  seat_changed: Code.FailedPrecondition,
  creator_only: Code.PermissionDenied,
  roster_settled: Code.FailedPrecondition,
  roster_differs: Code.AlreadyExists,
  not_ready: Code.FailedPrecondition,
  run_over: Code.FailedPrecondition,
  confirmed_already: Code.FailedPrecondition,
  confirmed_otherwise: Code.AlreadyExists,
  nothing_to_confirm: Code.FailedPrecondition,
  message_differs: Code.AlreadyExists,
  not_as_ordered: Code.FailedPrecondition,
  order_expired: Code.FailedPrecondition,
  account_exists: Code.AlreadyExists,
  account_suspended: Code.FailedPrecondition,
  switched_off: Code.Unimplemented,
  unavailable: Code.Unavailable,
  ceremony_failed: Code.Aborted,
  ceremony_refused: Code.InvalidArgument,
  ceremony_timed_out: Code.DeadlineExceeded,
  cancelled: Code.Canceled,
  internal: Code.Internal,
  idempotency_key_reused: Code.FailedPrecondition,
  idempotency_key_busy: Code.Aborted,
  seat_elsewhere: Code.FailedPrecondition,
}

export const reasons = Object.keys(codes) as readonly CoordinatorCode[]

/**
 * A call that is answered with a gRPC status and changes nothing. Programs at the other end go by `reason`, which travels
 * as a detail of the status; `text` is for people: it says what was wrong with the call and never carries a token, key or
 * body.
 */
export class Refusal extends ConnectError {
  /** ConnectError's own takes everything that looks like one for an instance, also of what extends it. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.isPrototypeOf.call(this.prototype, value as object)
  }
  readonly reason: CoordinatorCode
  /** Of a ceremony that ended: what was refused in it. */
  readonly refused: Cause | undefined
  constructor(reason: CoordinatorCode, text: string, refused?: Cause) {
    super(text, codes[reason], undefined, [{ desc: RefusalSchema, value: { reason: wireReason(reason) } }])
    this.reason = reason
    this.refused = refused
  }
}

function wireReason(reason: CoordinatorCode): RefusalReason {
  return RefusalReason[reason.toUpperCase() as Uppercase<CoordinatorCode>]
}

/** Whatever else a handler throws is our bug: logged here, INTERNAL without details to the caller. */
export function concealBugs(log: Log): Interceptor {
  const translate = (error: unknown, method: string): ConnectError => {
    if (error instanceof ConnectError) return error
    // The reader of a stream has gone away in the middle of a write.
    if (error instanceof Error && 'syscall' in error) return new ConnectError('connection lost', Code.Aborted)
    logBug(log, error, method)
    return new Refusal('internal', 'internal error')
  }
  return (next) => async (request) => {
    const guarded = async function* <T>(messages: AsyncIterable<T>) {
      try {
        yield* messages
      } catch (error) {
        throw translate(error, request.method.name)
      }
    }
    try {
      const response = await next(request)
      return response.stream ? { ...response, message: guarded(response.message) } : response
    } catch (error) {
      throw translate(error, request.method.name)
    }
  }
}
