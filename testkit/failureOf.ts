import assert from 'node:assert/strict'
import { type Failure, ProtocolAbort } from '../tss-wasm/failure.ts'

/** Why this work fails, as it has to: with a failure that is not our bug. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ProtocolAbort, error instanceof Error ? error.stack : String(error))
  return error.failure
}
