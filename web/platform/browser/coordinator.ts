import { createGrpcWebTransport } from '@connectrpc/connect-web'
import type { Coordinator } from '../../../proto/client/client.ts'
import type { Contact } from '../../../proto/client/contact.ts'
import { createCoordinator } from '../../../proto/client/coordinator.ts'
import type { RunLog } from '../../../proto/client/runs.ts'
import { systemRandom } from '../../../tss-wasm/random.ts'

/** The coordinator that delivered this page, over gRPC-Web. */
export function browserCoordinator(runs: RunLog, contact: Contact): Coordinator {
  return createCoordinator(createGrpcWebTransport({ baseUrl: location.origin }), {
    random: systemRandom,
    runs,
    contact,
  })
}
