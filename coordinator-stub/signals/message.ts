/** One opaque envelope on its way. `to` 0 is everyone else in the session. */
export interface Message {
  readonly from: number
  readonly to: number
  readonly envelope: Uint8Array
}

export interface Delivery extends Message {
  /** Grows with every message of the session; a reader resumes above the last one it has. */
  readonly cursor: bigint
}

/** That a message was stored; its envelope if it was stored here. */
export type Arrival = Omit<Delivery, 'envelope'> & { readonly envelope: Uint8Array | undefined }

/** What the database has for a reader, as of one moment. */
export interface Page {
  readonly deliveries: readonly Delivery[]
  /** There may be more where this page came from. */
  readonly isFull: boolean
  /** The cursor of the session's last message, whoever it is for. */
  readonly last: bigint
  /** The session is over: nothing will follow. */
  readonly ended: boolean
}

/** A cursor as the database gives it. */
export function asCursor(value: unknown): bigint {
  return BigInt(value as number | bigint)
}
