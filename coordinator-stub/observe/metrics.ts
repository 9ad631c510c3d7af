import { Code } from '@connectrpc/connect'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Session, SessionKind, SessionState } from '../../proto/gen/coordinator_pb.js'
import type { Database } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import type { Router } from '../messages/router.ts'
import { hasEnded } from '../sessions/advance.ts'
import type { SessionStore } from '../sessions/store.ts'

/**
 * What Prometheus reads. Labels are kinds, outcomes and status codes: never an id, a name or anything that callers choose.
 * Counters and durations are of this instance; active sessions are the database's.
 */
export interface Metrics {
  /** The text of /metrics. */
  text(): Promise<string>
  readonly contentType: string
  /** The same store and router, counted. */
  observeSessions(store: SessionStore): SessionStore
  observeRouter(router: Router): Router
}

const durations = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600]

export function createMetrics(database: Database): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const keygenSeconds = new Histogram({
    name: 'mpc_keygen_duration_seconds',
    help: 'Time from the creation of a keygen session to its completion',
    buckets: durations,
    registers,
  })
  const signSeconds = new Histogram({
    name: 'mpc_sign_duration_seconds',
    help: 'Time from the creation of a signing session to its completion, people deciding included',
    buckets: durations,
    registers,
  })
  const ended = new Counter({
    name: 'mpc_sessions_ended_total',
    help: 'Sessions by kind and outcome',
    labelNames: ['kind', 'outcome'] as const,
    registers,
  })
  const outcomes = { completed: 0, all: 0 }
  new Gauge({
    name: 'mpc_session_success_rate',
    help: 'Completed sessions among those that ended since this instance started; 1 before the first one ends',
    registers,
    collect() {
      this.set(outcomes.all === 0 ? 1 : outcomes.completed / outcomes.all)
    },
  })
  new Gauge({
    name: 'mpc_active_sessions',
    help: 'Sessions that have not ended, of all instances',
    registers,
    async collect() {
      const sql = 'select count(*) as n from sessions where state < $1'
      const [row] = await database.query(sql, [SessionState.COMPLETED])
      this.set(Number(row?.['n'] ?? 0))
    },
  })
  const messages = new Counter({ name: 'mpc_messages_total', help: 'Envelopes taken from parties', registers })
  const bytes = new Counter({ name: 'mpc_message_bytes_total', help: 'Bytes of envelopes taken', registers })
  const delivered = new Counter({ name: 'mpc_messages_delivered_total', help: 'Envelopes given to readers', registers })
  const rejected = new Counter({
    name: 'mpc_envelopes_rejected_total',
    help: 'Envelopes that were not taken, by gRPC status',
    labelNames: ['code'] as const,
    registers,
  })

  function count(before: Session, after: Session): void {
    if (hasEnded(before) || !hasEnded(after)) return
    const kind = kindNames[after.kind] ?? 'keygen'
    ended.inc({ kind, outcome: outcomeNames[after.state] ?? 'failed' })
    outcomes.all += 1
    if (after.state !== SessionState.COMPLETED) return
    outcomes.completed += 1
    const seconds = (Date.now() - Number(after.createdAtMs)) / 1000
    if (kind !== 'reshare') (kind === 'sign' ? signSeconds : keygenSeconds).observe(Math.max(0, seconds))
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observeSessions: (store) => ({
      ...store,
      async change(sessionId, next, audit) {
        let seen: readonly [Session, Session] | undefined
        const changed = await store.change(
          sessionId,
          (before) => {
            const after = next(before)
            seen = [before, after]
            return after
          },
          audit,
        )
        if (seen) count(...seen)
        return changed
      },
      async sweep(nowMs) {
        const expired = await store.sweep(nowMs)
        outcomes.all += expired.length
        if (expired.length > 0) ended.inc({ kind: 'any', outcome: 'expired' }, expired.length)
        return expired
      },
    }),
    observeRouter: (router) => ({
      ...router,
      async send(sessionId, messageId, message) {
        try {
          const cursor = await router.send(sessionId, messageId, message)
          messages.inc()
          bytes.inc(message.envelope.length)
          return cursor
        } catch (error) {
          rejected.inc({ code: error instanceof Refusal ? Code[error.code] : 'Internal' })
          throw error
        }
      },
      async pending(sessionId, seat, after) {
        const page = await router.pending(sessionId, seat, after)
        delivered.inc(page.deliveries.length)
        return page
      },
      open(sessionId, seat, after) {
        const reader = router.open(sessionId, seat, after)
        return {
          async next(timeoutMs, signal) {
            const next = await reader.next(timeoutMs, signal)
            if (typeof next === 'object') delivered.inc()
            return next
          },
          [Symbol.dispose]() {
            reader[Symbol.dispose]()
          },
        }
      },
    }),
  }
}

const kindNames: Readonly<Partial<Record<SessionKind, 'keygen' | 'sign' | 'reshare'>>> = {
  [SessionKind.KEYGEN]: 'keygen',
  [SessionKind.SIGN]: 'sign',
  [SessionKind.RESHARE]: 'reshare',
}
const outcomeNames: Partial<Record<SessionState, string>> = {
  [SessionState.COMPLETED]: 'completed',
  [SessionState.FAILED]: 'failed',
  [SessionState.EXPIRED]: 'expired',
}
