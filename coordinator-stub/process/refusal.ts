import { Code, ConnectError, type Interceptor } from '@connectrpc/connect'
import { type Log, logBug } from './log.ts'

/**
 * A call that is answered with a gRPC status and changes nothing. `reason` is read by people and programs at the other
 * end: it says what was wrong with the call and never carries a token, key or body.
 */
export class Refusal extends ConnectError {
  constructor(code: Code, reason: string) {
    super(reason, code)
  }
}

/** Whatever a handler throws that is no refusal is a bug of ours: logged here, INTERNAL without details to the caller. */
export function concealBugs(log: Log): Interceptor {
  const translate = (error: unknown, method: string): ConnectError => {
    if (error instanceof ConnectError) return error
    // The reader of a stream has gone away in the middle of a write.
    if (error instanceof Error && 'syscall' in error) return new ConnectError('connection lost', Code.Aborted)
    logBug(log, error, method)
    return new ConnectError('internal error', Code.Internal)
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
