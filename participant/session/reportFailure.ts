import type { Failure } from '../../tss-wasm/failure.ts'
import type { Connection } from '../connection/connection.ts'
import { asAbort, encodeFailure } from '../connection/failures.ts'
import { patient, persistence } from '../connection/persistence.ts'

/** How long the others are told why we stop before we stop telling. */
const farewellMs = 5000

/**
 * Tells the session why we stop. Never throws: if it cannot be told, the others will see our silence.
 * @param run signing: stops this run only; another one can have us
 * @returns whether the coordinator heard it, be it that it refused to hear it from us any more
 */
export async function reportFailure(
  { sessions }: Pick<Connection, 'sessions'>,
  { sessionId, headers }: { readonly sessionId: string; readonly headers: Readonly<Record<string, string>> },
  failure: Failure,
  run = 0,
): Promise<boolean> {
  const outcome = { case: 'failure', value: encodeFailure(failure) } as const
  const hurried = persistence((length) => new Uint8Array(length), { ...patient, giveUpMs: farewellMs })
  return hurried
    .call(
      (options) => sessions.reportCompletion({ sessionId, outcome, available: run > 0, run }, { ...options, headers }),
      AbortSignal.timeout(farewellMs),
    )
    .then(
      () => true,
      (error: unknown) => asAbort(error).failure.kind === 'refused',
    )
}
