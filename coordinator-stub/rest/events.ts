import type { ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Signals } from '../signals/signals.ts'
import { topics } from '../signals/topics.ts'
import type { Query } from '../storage/database.ts'
import { type AuditLine, lastAuditEntry, queryAudit } from './auditQuery.ts'

export interface EventSource {
  readonly database: Query
  readonly signals: Signals
  /** How long a stream may be silent. */
  readonly heartbeatMs: number
}

export interface EventFilter {
  /** Only of sessions that this back-end ordered; undefined: all. */
  readonly orderedBy: string | undefined
  /** The entry to continue after; undefined: only what happens from now on. */
  readonly after: number | undefined
}

const page = 100
/** A busy coordinator changes sessions all the time: whoever listens looks no more often than this. */
const betweenLooksMs = 200
/** Numbers are given out before they are committed: an entry may appear after one with a higher number. */
const overtaken = 200

/**
 * What happens in sessions, as the audit log has it, page by page; an empty page when nothing happened for `heartbeatMs`.
 * Ends when `signal` aborts.
 */
export async function* sessionEvents(
  { database, signals, heartbeatMs }: EventSource,
  { orderedBy, after }: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<readonly AuditLine[]> {
  using changes = signals.subscribe(topics.anySession)
  const start = after ?? (await lastAuditEntry(database))
  const sent = new Set<number>()
  let last = start
  for (;;) {
    const from = Math.max(start, last - overtaken)
    const limit = overtaken + page
    const head = await lastAuditEntry(database)
    const found = await queryAudit(database, { sessionId: undefined, orderedBy, after: from, limit })
    const fresh = found.filter(({ entry }) => !sent.has(entry))
    for (const { entry } of fresh) sent.add(entry)
    // What other back-ends did is not read again and again by one that does little.
    last = Math.max(last, found.at(-1)?.entry ?? 0, found.length < limit ? head : 0)
    for (const entry of sent) if (entry <= last - overtaken) sent.delete(entry)
    if (fresh.length > 0) {
      yield fresh
      continue
    }
    const woken = await changes.wait(heartbeatMs, signal)
    if (woken === 'aborted') return
    if (woken === 'quiet') yield []
    else await setTimeout(betweenLooksMs, undefined, { signal }).catch(() => undefined)
  }
}

/** As server-sent events (HTML living standard, 9.2), each with its entry as id. Waits for a reader that is slow. */
export async function sendEvents(
  response: ServerResponse,
  pages: AsyncIterable<readonly AuditLine[]>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  for await (const lines of pages) {
    const text = lines.map(asEvent).join('')
    if (!response.write(text === '' ? ': quiet\n\n' : text)) await drained(response, signal)
    if (signal.aborted) break
  }
  response.end()
}

function asEvent(line: AuditLine): string {
  const name = line.account_id === undefined ? 'session' : 'reshare'
  return `id: ${line.entry}\nevent: ${name}\ndata: ${JSON.stringify(line)}\n\n`
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle)
      signal.removeEventListener('abort', settle)
      resolve()
    }
    response.once('drain', settle)
    signal.addEventListener('abort', settle)
  })
}
