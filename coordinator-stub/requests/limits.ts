const mebibyte = 1024 * 1024
const dayMs = 24 * 3600_000

/** How much of requests is kept. */
export interface RequestLimits {
  /** That have not expired. */
  readonly openPerMailbox: number
  readonly entriesPerRequest: number
  readonly bytesPerMailbox: number
  /** Of the requests that one address has put. */
  readonly bytesPerAddress: number
  readonly bytes: number
  /** Of what members tell of themselves, in all. */
  readonly noticeBytes: number
  /** More than the first are there only when members began at the same moment, or when somebody is up to something. */
  readonly keysPerLocator: number
  readonly keysPerAddress: number
  readonly keys: number
}

export const requestLimits: RequestLimits = {
  openPerMailbox: 100,
  // Twenty members, each with its answer, and runs that fail.
  entriesPerRequest: 400,
  bytesPerMailbox: 32 * mebibyte,
  bytesPerAddress: 256 * mebibyte,
  bytes: 4096 * mebibyte,
  noticeBytes: 1024 * mebibyte,
  keysPerLocator: 20,
  keysPerAddress: 5000,
  keys: 500_000,
}

/** How long a request waits at most. */
export const longestLifeMs = 7 * dayMs
/** After its end, so long members who were away can read what became of it. */
export const rememberedAfterMs = 7 * dayMs
/** A key under which nothing has waited for so long is made anew when it is needed. */
export const keyRememberedMs = 30 * dayMs
/** From one word of whoever has opened a session for a request to the next. */
export const leaseMs = 30_000
