import { createGrpcWebTransport } from '@connectrpc/connect-web'
import type { Coordinator } from '../../../participant/coordinator.ts'
import type { Contact } from '../../../participant/connection/contact.ts'
import { createCoordinator } from '../../../participant/createCoordinator.ts'
import type { RunLog } from '../../../participant/connection/runs.ts'
import { systemRandom } from '../../../tss-wasm/random.ts'

/** The coordinator that delivered this page, over gRPC-Web. */
export function browserCoordinator(runs: RunLog, contact: Contact): Coordinator {
  return createCoordinator(createGrpcWebTransport({ baseUrl: location.origin }), {
    random: systemRandom,
    runs,
    contact,
  })
}
