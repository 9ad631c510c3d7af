import { type Failure, failureIn, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Seat } from './seat.ts'
import { unlessCancelled } from './unlessCancelled.ts'

/** Takes the seat that `opening` opens; when the person cancels meanwhile, leaves it again. */
export async function takeSeat<S extends Seat>(signal: AbortSignal, opening: Promise<S>): Promise<S> {
  try {
    return await unlessCancelled(signal, opening)
  } catch (error) {
    opening.then(
      (late) => late[Symbol.asyncDispose](),
      () => undefined, // it is the same error
    )
    throw error
  }
}

/** Does `work` in a seat. If it fails, the others hear why before we leave, so that nobody waits in vain. */
export async function inSeat<T>(seat: Seat, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const failure = failureIn(error)
    // Another client with our identity takes part: it goes on without us, and without a word of ours.
    if (failure.kind === 'refused' && (failure.what === 'replayed-run' || failure.what === 'seat-elsewhere'))
      seat.leave()
    else await seat.fail(failure)
    throw error
  }
}

/**
 * Leaves the seat when `signal` aborts, which ends all that waits in it. The others are told the failure that the signal has
 * as its reason, or that we cancelled. Disposing stops it; the seat is left by whoever took it.
 */
export function leavingWhen(signal: AbortSignal, seat: Seat): Disposable {
  const leave = () => {
    void seat.fail(reasonOf(signal)).finally(() => {
      void seat[Symbol.asyncDispose]()
    })
  }
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  return {
    [Symbol.dispose]() {
      signal.removeEventListener('abort', leave)
    },
  }
}

function reasonOf({ reason }: AbortSignal): Failure {
  return reason instanceof ProtocolAbort ? reason.failure : { kind: 'cancelled' }
}
