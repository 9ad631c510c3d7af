import type { RandomSource } from '../tss-wasm/random.ts'

/**
 * Does the time depend on the secret? Two classes of secrets, one fixed and one random each time, measured in random order,
 * and a Welch t-test between their times: the method of "Dude, is my code constant time?" (Reparaz, Balasch, Verbauwhede,
 * 2017). A large |t| shows a leak; a small one only that so many samples do not show one.
 */
export interface Subject<Input> {
  readonly name: string
  /** Of the fixed class. */
  readonly fixed: string
  /** It leaks on purpose: a rig that does not catch it is worth nothing. */
  readonly isControl?: true
  /** A fresh input of the class, made in the same way for both, so that only its value differs. Not timed. */
  prepare(kind: Kind): Input
  /** What is timed; if it answers later, until then. */
  run(input: Input): unknown
}

export type Kind = 'fixed' | 'random'

export interface Result {
  readonly name: string
  readonly fixed: string
  readonly isControl: boolean
  /** Of both classes together. */
  readonly samples: number
  /** The largest over all croppings. */
  readonly t: number
  readonly verdict: Verdict
}

export type Verdict = 'leaks' | 'unclear' | 'no evidence of a leak'

/** The customary bounds of |t|: one in 150 000 by chance below the first, and beyond doubt above the second. */
const bounds = { unclear: 4.5, leaks: 10 } as const
/** Times above this part of all are left out, one after the other: interruptions hide what is below them. */
const croppings = [1, 0.99, 0.95, 0.9, 0.75, 0.5, 0.25] as const
/** So many inputs are made before they are timed. */
const block = 100
/** Until compilers and caches have settled. */
const warmUp = 2

/** @param clock any unit, rising */
export async function examine<Input>(
  subject: Subject<Input>,
  { samples, random, clock }: { readonly samples: number; readonly random: RandomSource; readonly clock: () => number },
): Promise<Result> {
  const times: Record<Kind, number[]> = { fixed: [], random: [] }
  for (let done = -warmUp * block; done < samples; done += block) {
    const kinds = [...random(block)].map((byte): Kind => (byte % 2 === 0 ? 'fixed' : 'random'))
    const inputs = kinds.map((kind) => subject.prepare(kind))
    for (const [i, kind] of kinds.entries()) {
      const input = inputs[i] as Input
      const started = clock()
      const answer = subject.run(input)
      if (answer instanceof Promise) await answer
      const time = clock() - started
      if (done >= 0) times[kind].push(time)
    }
  }
  const t = largestT(times.fixed, times.random)
  const verdict = t > bounds.leaks ? 'leaks' : t > bounds.unclear ? 'unclear' : 'no evidence of a leak'
  const { name, fixed, isControl = false } = subject
  return { name, fixed, isControl, samples: times.fixed.length + times.random.length, t, verdict }
}

/** The largest |t| between two lists of times over all croppings. */
export function largestT(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b].sort((x, y) => x - y)
  return Math.max(
    ...croppings.map((part) => {
      const most = all[Math.ceil(part * all.length) - 1] ?? 0
      const kept = (times: readonly number[]) => times.filter((time) => time <= most)
      return Math.abs(welchT(kept(a), kept(b)))
    }),
  )
}

/** Welch's t: how far apart two means are, in standard errors. 0 where there is too little to tell. */
export function welchT(a: readonly number[], b: readonly number[]): number {
  if (a.length < 2 || b.length < 2) return 0
  const [one, other] = [moments(a), moments(b)]
  const error = Math.sqrt(one.variance / a.length + other.variance / b.length)
  if (error === 0) return one.mean === other.mean ? 0 : Infinity
  return (one.mean - other.mean) / error
}

function moments(times: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0)
  return { mean, variance: squares / (times.length - 1) }
}

/** Whether the run counts, and what it found. */
export function verdictOf(results: readonly Result[]): { readonly passes: boolean; readonly text: string } {
  const missed = results.filter(({ isControl, verdict }) => isControl && verdict !== 'leaks')
  const leaking = results.filter(({ isControl, verdict }) => !isControl && verdict === 'leaks')
  const unclear = results.filter(({ isControl, verdict }) => !isControl && verdict === 'unclear')
  const named = (list: readonly Result[]) => list.map(({ name, fixed }) => `${name} (${fixed})`).join(', ')
  if (missed.length > 0 || !results.some(({ isControl }) => isControl)) {
    return { passes: false, text: `The run counts for nothing: it does not catch ${named(missed) || 'a control'}.` }
  }
  if (leaking.length > 0) return { passes: false, text: `Leaks: ${named(leaking)}.` }
  const rest = unclear.length > 0 ? ` Unclear, to be run again with more samples: ${named(unclear)}.` : ''
  return { passes: true, text: `The controls are caught; nothing else leaks so that it shows.${rest}` }
}
