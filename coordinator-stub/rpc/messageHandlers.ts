import type { ServiceImpl } from '@connectrpc/connect'
import type { RouterService } from '../../proto/gen/router_pb.js'
import { authorize, authorizeSitting } from './authorize.ts'
import { callerIn } from '../limits/callerAddress.ts'
import { rateLimit } from '../limits/rateLimit.ts'
import type { Services } from './services.ts'
import { streamLimits } from '../limits/streamLimits.ts'

/** Envelopes from one seat to another: decode, authorize, call, encode. */
export function routerHandlers(services: Services): ServiceImpl<typeof RouterService> {
  const { router, heartbeatMs, now } = services
  const streams = streamLimits()
  const sending = rateLimit({ perSecond: 200, burst: 1000 })
  return {
    async sendMessage(request, context) {
      const claims = await authorizeSitting(services, request.sessionId, context)
      sending.take(`${claims.sessionId} ${claims.seat}`, now())
      const message = { from: claims.seat, to: request.to, envelope: request.envelope }
      return { cursor: await router.send(claims.sessionId, request.messageId, message) }
    },

    async getPendingMessages(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      const after = request.after ?? (await router.acknowledged(claims.sessionId, claims.seat))
      const { deliveries, ended } = await router.pending(claims.sessionId, claims.seat, after)
      return { messages: [...deliveries], ended: ended && deliveries.length === 0 }
    },

    async acknowledgeMessages(request, context) {
      const claims = await authorizeSitting(services, request.sessionId, context)
      return { upTo: await router.acknowledge(claims.sessionId, claims.seat, request.upTo) }
    },

    async *subscribeMessages(request, context) {
      const claims = await authorize(services, request.sessionId, context)
      using slot = streams.enter(`messages ${claims.sessionId} ${claims.seat}`, context.signal, callerIn(context))
      using reader = router.open(claims.sessionId, claims.seat, request.after)
      // The first heartbeat tells the client at once that the stream stands.
      yield {}
      for (;;) {
        const next = await reader.next(heartbeatMs, slot.signal)
        if (next === 'ended') return
        if (next === 'aborted') throw slot.reason()
        yield next === 'quiet' ? {} : next
      }
    },
  }
}
