import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'

/** What others, or the screen, are told of an error. Of a bug of ours only that there was one. */
export function failureOf(error: unknown): Failure {
  return error instanceof ProtocolAbort ? error.failure : { kind: 'engine-crashed', detail: 'internal error' }
}
