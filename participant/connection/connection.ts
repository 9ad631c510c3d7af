import type { Client } from '@connectrpc/connect'
import type { CoordinatorService } from '../../proto/gen/coordinator_pb.js'
import type { RouterService } from '../../proto/gen/router_pb.js'
import type { Persistence } from './persistence.ts'
import type { RunLog } from './runs.ts'

/** The services of one coordinator, and how to insist. */
export interface Connection {
  readonly sessions: Client<typeof CoordinatorService>
  readonly router: Client<typeof RouterService>
  readonly persistently: Persistence
  readonly runs: RunLog
}
