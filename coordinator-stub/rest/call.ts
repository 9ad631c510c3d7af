import type { Order } from '../orders/orders.ts'

/** A request as handlers see it: whose it is, and what it brings. */
export interface Call {
  /** What stands for {id} in the path; empty without. */
  readonly id: string
  /** The name of its API key. */
  readonly caller: string
  readonly query: URLSearchParams
  body(): Promise<unknown>
  /** Aborts when the caller has gone before it was answered. From here on it may wait for as long as it likes. */
  gone(): AbortSignal
  /** The state of an ordered session, as GET /api/v1/mpc/sessions/{id} gives it. */
  progress(order: Order): Promise<Answer>
}

/** A status and JSON, or text of another type. */
export type Answer = { readonly status: number; readonly body: unknown } | { readonly csv: string }

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
