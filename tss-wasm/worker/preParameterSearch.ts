import { checkPreParameters, makePreParameters } from '../crypto/preParameters.ts'
import type { PreParameters } from '../crypto/types.ts'
import type { Kernel } from '../integers/kernel.ts'
import type { StartWorker } from '../integers/poolWorker.ts'
import { primeStream, type PrimeStream } from '../integers/primeStream.ts'
import { findSafePrime, type SearchProgress as PrimeProgress } from '../integers/primes.ts'
import type { Tools } from '../keyShare/tools.ts'
import type { RandomSource } from '../random.ts'
import type { SearchProgress } from './api.ts'

/** A fifth is needed when the first two are too close to each other, in 7 cases of 16. */
const primesNeeded = 4
const bits = 1024
/** Before so many tests the first sieve is most of the time spent, and says nothing of the time to come. */
const firstMeasure = 100

/** Starts looking; tells of all tests so far. */
export type Primes = (onProgress: (progress: PrimeProgress) => void) => PrimeStream

/** One after the other, in this thread. */
export function primesHere({ kernel, random }: { readonly kernel: Kernel; readonly random: RandomSource }): Primes {
  return (onProgress) => {
    let before = 0
    let last: Promise<unknown> = Promise.resolve()
    async function find(): Promise<bigint> {
      let now = 0
      const prime = await findSafePrime({
        bits,
        kernel,
        random,
        onProgress(progress) {
          now = progress.tested
          onProgress({ ...progress, tested: before + now })
        },
      })
      before += now
      return prime
    }
    return {
      next() {
        const prime = last.then(find)
        last = prime
        return prime
      },
      end: () => Promise.resolve(),
    }
  }
}

/** By several workers at once. */
export function primesOf(pool: {
  readonly size: number
  readonly kernel: Kernel
  readonly start: StartWorker
}): Primes {
  return (onProgress) => primeStream({ ...pool, bits, onProgress })
}

/** Safe primes, and what is made of them, checked. */
export async function searchPreParameters(
  tools: Tools,
  primes: Primes,
  onProgress: (step: SearchProgress) => void,
): Promise<PreParameters> {
  const started = performance.now()
  let found = 0
  let candidatesTried = 0

  const stream = primes(({ tested, chancePerTest }) => {
    candidatesTried = tested
    if (candidatesTried < firstMeasure) return
    const expectedTests = Math.max(1, primesNeeded - found) / chancePerTest
    const msPerTest = (performance.now() - started) / candidatesTried
    onProgress({ found, candidatesTried, expectedRemainingMs: Math.round(expectedTests * msPerTest) })
  })
  try {
    const safePrime = async (): Promise<bigint> => {
      const prime = await stream.next()
      found = Math.min(found + 1, primesNeeded)
      return prime
    }
    const parameters = await makePreParameters({ ...tools, safePrime })
    const flaw = await checkPreParameters(parameters, tools)
    if (flaw !== undefined) throw new Error(flaw)
    onProgress({ found: primesNeeded, candidatesTried, expectedRemainingMs: 0 })
    return parameters
  } finally {
    await stream.end()
  }
}
