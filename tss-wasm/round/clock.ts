/** Time as a parameter, so that tests of deadlines need not wait. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number
  /** Calls back once, after `milliseconds`; the answer cancels. */
  after(milliseconds: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => {
      clearTimeout(timer)
    }
  },
}
