import { ProtocolAbort } from '../../tss-wasm/failure.ts'

/** The result of `work`, or `cancelled` as soon as the person cancels. What is under way is ended by whoever owns it. */
export async function unlessCancelled<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: cancelled, reject } = Promise.withResolvers<never>()
  const cancel = () => {
    reject(new ProtocolAbort({ kind: 'cancelled' }))
  }
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    return await Promise.race([cancelled, work])
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
