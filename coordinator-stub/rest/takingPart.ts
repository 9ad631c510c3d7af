import type { Transport } from '@connectrpc/connect'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { memoryRuns } from '../../participant/connection/runs.ts'
import {
  type Cause,
  type CoordinatorCode,
  type Failure,
  type FailureKind,
  ProtocolAbort,
} from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'
import { type AuditEntry, writeAudit } from '../sessions/audit.ts'
import type { Database } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import type { Services } from '../rpc/services.ts'
import type { UserSharePorts } from '../userShares/ceremonies.ts'
import type { Call } from './call.ts'

/** What lets a coordinator take part for devices that cannot compute; without it, it does for nobody. */
export interface UserShareHost {
  /** To this coordinator. */
  readonly transport: Transport
  /** What users pin of us: it signs what we give out to them. */
  readonly identity: Identity
  readonly startEngine: () => Engine
}

/** What a call does for a user, and in which seat. */
export interface Part {
  readonly sessionId: string
  readonly seat: number
  readonly event: Extract<AuditEntry['event'], `${string}-user-share`>
}

/** Ceremonies at once: each keeps a few threads busy for seconds. */
const mostAtOnce = 4
/** Others may have to approve; clients give up an HTTP call after five minutes. */
const withinMs = 280_000

export interface TakingPart {
  /** @throws Refusal UNIMPLEMENTED where it is turned off */
  host(): UserShareHost
  /** Bounded in number and time; ends when the caller has gone. @throws Refusal */
  working<T>(call: Call, part: Part, work: (ports: UserSharePorts, signal: AbortSignal) => Promise<T>): Promise<T>
}

/** How this coordinator takes part for users, whatever it does for them. */
export function takingPart(
  { random, now, parties, log }: Services,
  database: Database,
  given: UserShareHost | undefined,
): TakingPart {
  let running = 0

  function host(): UserShareHost {
    if (given !== undefined) return given
    throw new Refusal('switched_off', 'user shares are turned off on this coordinator; USER_SHARES=1 turns them on')
  }

  return {
    host,
    async working(call, { sessionId, seat, event }, work) {
      const { transport, startEngine } = host()
      if (running >= mostAtOnce) throw new Refusal('no_room', `at most ${mostAtOnce} of these calls can run at once`)
      running += 1
      const timeUp = new AbortController()
      const timer = setTimeout(() => {
        timeUp.abort(new ProtocolAbort({ kind: 'timed-out', waitingFor: [], round: 'the call', waitedMs: withinMs }))
      }, withinMs)
      const signal = AbortSignal.any([timeUp.signal, call.gone()])
      try {
        log(event, { session: sessionId, seat })
        await writeAudit(database, { sessionId, atMs: now(), seat, event, details: {} })
        const coordinator = createCoordinator(transport, { random, runs: memoryRuns() })
        return await work({ coordinator, parties, startEngine, random }, signal)
      } catch (error) {
        throw timeUp.signal.aborted ? refusalOf(timeUp.signal.reason) : refusalOf(error)
      } finally {
        clearTimeout(timer)
        running -= 1
      }
    },
  }
}

const reasons: Readonly<Record<FailureKind, CoordinatorCode>> = {
  misbehaviour: 'ceremony_failed',
  'timed-out': 'ceremony_timed_out',
  'peer-gave-up': 'ceremony_failed',
  disconnected: 'unavailable',
  cancelled: 'cancelled',
  'engine-crashed': 'internal',
  'not-loaded': 'internal',
  refused: 'ceremony_refused',
}

/** What the coordinator refused has the code that it has over gRPC. */
function reasonOf(failure: Failure): CoordinatorCode {
  if (failure.kind !== 'refused') return reasons[failure.kind]
  if (failure.what === 'seat-elsewhere') return 'seat_elsewhere'
  return failure.what === 'coordinator' && failure.code !== 'unspecified' ? failure.code : 'ceremony_refused'
}

function causeOf(failure: Failure): Cause | undefined {
  if (failure.kind === 'peer-gave-up') return failure.cause
  return failure.kind === 'refused' && failure.what !== 'coordinator' ? failure.what : undefined
}

/** Why a ceremony ended, as the caller is told; what is no failure of a ceremony stays what it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof ProtocolAbort)) return error
  const { failure } = error
  return new Refusal(reasonOf(failure), error.message, causeOf(failure))
}
