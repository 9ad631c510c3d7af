import { Session } from 'node:inspector'

export interface Coverage {
  /**
   * Whether anything ran since the last call, learning or not, that was not known before. `learn` makes it known.
   */
  news(learn: boolean): boolean
  stop(): void
}

interface Script {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}
interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}
/** From, to: characters of a script, in order. */
type Spans = readonly (readonly [number, number])[]

/** V8's own block counters, over the scripts whose address matches. */
export function coverage(which: RegExp): Coverage {
  const session = new Session()
  session.connect()
  const call = (method: string, parameters = {}): object => {
    let answer: object | undefined
    // An inspector session of one's own process answers before `post` returns.
    session.post(method, parameters, (error, result) => (answer = error === null ? result : undefined))
    if (answer === undefined) throw new Error(`the inspector did not answer ${method}`)
    return answer
  }
  const scripts = () => (call('Profiler.takePreciseCoverage') as { result: readonly Script[] }).result
  call('Profiler.enable')
  call('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  /** By function: what of it has never run. */
  const missing = new Map<string, Spans>()
  return {
    news(learn) {
      let isNews = false
      for (const { url, functions } of scripts()) {
        if (!which.test(url)) continue
        for (const { ranges } of functions) {
          const [whole] = ranges
          if (whole === undefined || whole.count === 0) continue
          const name = `${url}:${whole.startOffset}`
          const before = missing.get(name)
          const missed = ranges.filter(({ count }) => count === 0).map((r) => [r.startOffset, r.endOffset] as const)
          const after = before === undefined ? missed : common(before, missed)
          if (before !== undefined && length(after) === length(before)) continue
          isNews = true
          if (learn) missing.set(name, after)
        }
      }
      return isNews
    },
    stop() {
      session.disconnect()
    },
  }
}

function common(a: Spans, b: Spans): Spans {
  return a.flatMap(([from, to]) =>
    b.map((other) => [Math.max(from, other[0]), Math.min(to, other[1])] as const).filter(([start, end]) => start < end),
  )
}

function length(spans: Spans): number {
  return spans.reduce((sum, [from, to]) => sum + to - from, 0)
}
