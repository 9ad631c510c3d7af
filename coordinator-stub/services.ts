import type { ConnectRouter } from '@connectrpc/connect'
import type { PinnedParty } from '../proto/client/serverParties.ts'
import { CoordinatorService, type Session } from '../proto/gen/coordinator_pb.js'
import { RouterService } from '../proto/gen/router_pb.js'
import type { RandomSource } from '../tss-wasm/random.ts'
import { coordinatorHandlers } from './coordinatorService.ts'
import type { Log } from './log.ts'
import type { Router } from './router.ts'
import { routerHandlers } from './routerService.ts'
import type { SessionStore } from './sessionStore.ts'
import type { Signals } from './signals.ts'
import type { Tokens } from './tokens.ts'

/** Everything the handlers need; main.ts and the tests build it once. */
export interface Services {
  readonly sessions: SessionStore
  readonly router: Router
  readonly tokens: Tokens
  readonly signals: Signals
  readonly parties: readonly PinnedParty[]
  readonly random: RandomSource
  readonly now: () => number
  readonly heartbeatMs: number
  readonly log: Log
  /** How many sessions of ten minutes one address may open, in the long run; longer ones count for more. Default 60. */
  readonly sessionsPerMinute?: number | undefined
  /**
   * Called before a session is added: when it was ordered, until when; undefined when it was not. Throws a Refusal when
   * somebody else is to open it, or as something else (rest/orders.ts).
   */
  readonly admit?: (
    session: Session,
    authorization: string | null,
  ) => Promise<{ readonly expiresAtMs: number } | undefined>
}

/** The handlers of both services: decode, authorize, call, encode. gRPC, gRPC-Web and Connect all end here. */
export function serviceRoutes(services: Services): (router: ConnectRouter) => void {
  return (router) => {
    router.service(CoordinatorService, coordinatorHandlers(services))
    router.service(RouterService, routerHandlers(services))
  }
}
