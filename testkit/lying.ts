import type { Interceptor } from '@connectrpc/connect'
import type { Participant, Session } from '../proto/gen/coordinator_pb.js'

export type Change = (session: Session, method: string) => void | Promise<void>

/** A coordinator that tells one installation something else about the session than it tells the others. */
export function lying(change: Change): Interceptor {
  const changed = async (message: unknown, method: string): Promise<void> => {
    const { session } = message as { session?: Session }
    if (session !== undefined) await change(session, method)
  }
  return (next) => async (request) => {
    const response = await next(request)
    const method = request.method.name
    if (!response.stream) {
      await changed(response.message, method)
      return response
    }
    const inner = response.message
    async function* altered() {
      for await (const message of inner) {
        await changed(message, method)
        yield message
      }
    }
    return { ...response, message: altered() as typeof inner }
  }
}

export function seatIn(session: Session, seat: number): Participant | undefined {
  return session.participants.find((one) => one.seat === seat)
}
