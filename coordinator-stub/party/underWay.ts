/** Runs that a party is in the middle of: whoever stops it lets them come to their end. */
export interface UnderWay {
  /** Until it is disposed of, somebody else's signature depends on us. */
  enter(): Disposable
  /** Resolves once there is none. */
  none(): Promise<void>
}

export function createUnderWay(): UnderWay {
  let count = 0
  let waiting: (() => void)[] = []
  return {
    enter() {
      count += 1
      let isLeft = false
      return {
        [Symbol.dispose]() {
          if (isLeft) return
          isLeft = true
          count -= 1
          if (count > 0) return
          for (const resolve of waiting) resolve()
          waiting = []
        },
      }
    },
    none: () =>
      count === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push(resolve)
          }),
  }
}
