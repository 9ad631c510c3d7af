import type { z } from 'zod'
import type { AuditLine } from './auditQuery.ts'
import type { Order } from '../orders/orders.ts'
import type { sessionAnswer } from './answers.ts'

/** A request as handlers see it: whose it is, and what it brings. */
export interface Call {
  /** What stands for {id} in the path; empty without. */
  readonly id: string
  /** The name of its API key. */
  readonly caller: string
  readonly query: URLSearchParams
  /** The last event that the caller has had, of a stream that broke off. */
  readonly lastEventId: string | undefined
  body(): Promise<unknown>
  /** Aborts when the caller has gone before it was answered. From here on it may wait for as long as it likes. */
  gone(): AbortSignal
  /** The state of an ordered session, as GET /api/v1/mpc/sessions/{id} gives it. */
  progress(order: Order): Promise<Answer<200, z.infer<typeof sessionAnswer>>>
}

/** A status and JSON. */
export interface Answer<Status extends number = number, Body = unknown> {
  readonly status: Status
  readonly body: Body
}

/** Text of another type. */
export interface CsvAnswer {
  readonly csv: string
}

/** Server-sent events, until the caller has gone. */
export interface EventsAnswer {
  readonly pages: (signal: AbortSignal) => AsyncIterable<readonly AuditLine[]>
}

export const ok = <Body>(body: Body): Answer<200, Body> => ({ status: 200, body })
export const created = <Body>(body: Body): Answer<201, Body> => ({ status: 201, body })
