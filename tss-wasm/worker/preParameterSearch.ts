import { checkPreParameters, makePreParameters } from '../crypto/preParameters.ts'
import type { PreParameters } from '../crypto/types.ts'
import type { Kernel } from '../integers/kernel.ts'
import { findSafePrime } from '../integers/primes.ts'
import type { Tools } from '../keyShare/tools.ts'
import type { SearchProgress } from './api.ts'

/** A fifth is needed when the first two are too close to each other, in 7 cases of 16. */
const primesNeeded = 4
const bits = 1024
/** Before so many tests the first sieve is most of the time spent, and says nothing of the time to come. */
const firstMeasure = 100

/** Safe primes, one after the other, and what is made of them, checked. */
export async function searchPreParameters(
  tools: Tools & { readonly kernel: Kernel },
  onProgress: (step: SearchProgress) => void,
): Promise<PreParameters> {
  const started = performance.now()
  let found = 0
  let candidatesTried = 0
  let search: Promise<unknown> = Promise.resolve()

  async function next(): Promise<bigint> {
    const before = candidatesTried
    const prime = await findSafePrime({
      ...tools,
      bits,
      onProgress({ tested, chancePerTest }) {
        candidatesTried = before + tested
        if (candidatesTried < firstMeasure) return
        const expectedTests = Math.max(1, primesNeeded - found) / chancePerTest
        const msPerTest = (performance.now() - started) / candidatesTried
        onProgress({ found, candidatesTried, expectedRemainingMs: Math.round(expectedTests * msPerTest) })
      },
    })
    found = Math.min(found + 1, primesNeeded)
    return prime
  }

  const parameters = await makePreParameters({
    ...tools,
    safePrime: () => {
      const prime = search.then(next)
      search = prime
      return prime
    },
  })
  const flaw = await checkPreParameters(parameters, tools)
  if (flaw !== undefined) throw new Error(flaw)
  onProgress({ found: primesNeeded, candidatesTried, expectedRemainingMs: 0 })
  return parameters
}
