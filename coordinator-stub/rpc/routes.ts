import type { ConnectRouter } from '@connectrpc/connect'
import { CoordinatorService } from '../../proto/gen/coordinator_pb.js'
import { RequestService } from '../../proto/gen/requests_pb.js'
import { RouterService } from '../../proto/gen/router_pb.js'
import { routerHandlers } from './messageHandlers.ts'
import { requestHandlers } from './requestHandlers.ts'
import type { Services } from './services.ts'
import { coordinatorHandlers } from './sessionHandlers.ts'

/** The handlers of the services: decode, authorize, call, encode. gRPC, gRPC-Web and Connect all end here. */
export function serviceRoutes(services: Services): (router: ConnectRouter) => void {
  return (router) => {
    router.service(CoordinatorService, coordinatorHandlers(services))
    router.service(RouterService, routerHandlers(services))
    router.service(RequestService, requestHandlers(services))
  }
}
