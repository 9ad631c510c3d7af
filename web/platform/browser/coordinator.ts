import type { Transport } from '@connectrpc/connect'
import { createGrpcWebTransport } from '@connectrpc/connect-web'
import type { Coordinator } from '../../../participant/coordinator.ts'
import type { Contact } from '../../../participant/connection/contact.ts'
import { createCoordinator } from '../../../participant/createCoordinator.ts'
import type { RunLog } from '../../../participant/connection/runs.ts'
import { createRequests, type Requests } from '../../../participant/requests/requestBox.ts'
import { systemRandom } from '../../../tss-wasm/random.ts'
import { browserStreamPlaces } from './streamPlaces.ts'

/** The coordinator at this origin, over gRPC-Web. It cannot send us to another one: redirects are errors. */
export function browserCoordinator(origin: string, runs: RunLog, contact: Contact): Coordinator {
  return createCoordinator(transportTo(origin), {
    random: systemRandom,
    runs,
    contact,
    places: browserStreamPlaces(),
  })
}

/** Its mailboxes. */
export function browserRequests(origin: string, now: () => number): Requests {
  return createRequests(transportTo(origin), { random: systemRandom, now, places: browserStreamPlaces() })
}

function transportTo(origin: string): Transport {
  const fetchHere: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'error' })
  return createGrpcWebTransport({ baseUrl: origin, fetch: fetchHere })
}
