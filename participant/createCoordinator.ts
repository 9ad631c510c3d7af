import { createClient, type Transport } from '@connectrpc/connect'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { DeviceClock } from '../tss-wasm/round/clock.ts'
import { CoordinatorService } from '../proto/gen/coordinator_pb.js'
import { RouterService } from '../proto/gen/router_pb.js'
import type { Connection } from './connection/connection.ts'
import type { StreamPlaces } from './connection/asking.ts'
import type { Contact } from './connection/contact.ts'
import { patient, persistence, type Timing } from './connection/persistence.ts'
import type { RunLog } from './connection/runs.ts'
import type { Coordinator } from './coordinator.ts'
import { hearRetirements } from './reshare/retirements.ts'
import { settleEpochs } from './reshare/settleEpochs.ts'
import { takePartInReshare } from './reshare/takePart.ts'
import { createSession } from './session/createSession.ts'
import { join } from './session/join.ts'
import { previewSession } from './session/preview.ts'
import { offers } from './session/offers.ts'
import { reportFailure } from './session/reportFailure.ts'
import { settle } from './share/settle.ts'

export interface CoordinatorOptions {
  /** For session and run ids, seat secrets, and for spreading retries. */
  readonly random: RandomSource
  /** Of this installation: what it has taken part in, it does not take part in again. */
  readonly runs: RunLog
  readonly timing?: Partial<Timing>
  /** Hears whether the coordinator answers. */
  readonly contact?: Contact
  readonly clock?: DeviceClock
  /** Where a browser's connections are few. */
  readonly places?: StreamPlaces
}

/** What a transport may take in one message: a session with the largest proposal, or the largest envelope. */
export const readMaxBytes = 2 * 1024 * 1024

/** A party's client of the coordinator at the other end of `transport` (gRPC in Node, gRPC-Web in browsers). */
export function createCoordinator(
  transport: Transport,
  { random, runs, timing, contact, clock, places }: CoordinatorOptions,
): Coordinator {
  const surroundings = {
    ...(contact && { contact }),
    ...(clock && { clock }),
    ...(places && { places }),
    heldBack: { untilMs: -Infinity },
  }
  const connection: Connection = {
    sessions: createClient(CoordinatorService, transport),
    router: createClient(RouterService, transport),
    persistently: persistence(random, { ...patient, ...timing }, surroundings),
    runs,
  }
  return {
    create: (request) => createSession(connection, request, random),
    preview: (access, shows) => previewSession(connection, access, shows),
    decline: ({ sessionId, joinToken }, failure) =>
      reportFailure(connection, { sessionId, headers: { authorization: `Bearer ${joinToken}` } }, failure),
    join: (seen, joining) => join(connection, seen, joining, random),
    offersTo: (identity, signal, onConnected) =>
      offers(
        transport,
        {
          identity,
          random,
          surroundings,
          ...(timing && { timing }),
          ...(onConnected && { onConnected }),
        },
        signal,
      ),
    settle: (pending, settling) => settle(connection, pending, settling),
    reshare: (taking, seat, roster) => takePartInReshare({ ...taking, connection }, seat, roster),
    settleEpochs: (ports, walletId) => settleEpochs({ ...ports, connection }, walletId),
    hearRetirements: (ports, walletId) => hearRetirements({ ...ports, connection }, walletId),
  }
}
