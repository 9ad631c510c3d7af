import { checkPreParameters, makePreParameters } from '../crypto/preParameters.ts'
import type { PreParameters } from '../crypto/types.ts'
import { bytesToInteger } from '../integers/bytes.ts'
import type { Kernel } from '../integers/kernel.ts'
import { isProbablePrime, smallPrimes } from '../integers/primality.ts'
import type { Tools } from '../keyShare/tools.ts'
import type { SearchProgress } from './api.ts'

const primesNeeded = 4
const primeBits = 1024
/** Candidates without a factor below 1000 per safe prime: (ln 2^1024 / (e^γ · ln 1000))^2, by Mertens' theorem. */
const expectedTries = 3325

/** Four safe primes, one after the other, and what is made of them, checked. Takes seconds to minutes. */
export async function searchPreParameters(
  tools: Tools & { readonly kernel: Kernel },
  onProgress: (step: SearchProgress) => void,
): Promise<PreParameters> {
  const started = performance.now()
  let [found, tried] = [0, 0]
  let search: Promise<unknown> = Promise.resolve()

  function report(): void {
    const perTry = (performance.now() - started) / Math.max(1, tried)
    const left = Math.max(0, primesNeeded - found)
    onProgress({ found, candidatesTried: tried, expectedRemainingMs: Math.round(perTry * left * expectedTries) })
  }

  async function next(): Promise<bigint> {
    const prime = await safePrime(tools, () => {
      tried += 1
      if (tried % 50 === 0) report()
    })
    found += 1
    report()
    return prime
  }

  const parameters = await makePreParameters({
    ...tools,
    safePrime: () => {
      const after = search.then(next)
      search = after
      return after
    },
  })
  const flaw = await checkPreParameters(parameters, tools)
  if (flaw !== undefined) throw new Error(flaw)
  return parameters
}

/** p = 2h + 1 with h and p prime, both top bits of p set (wire spec 4.8). */
async function safePrime(tools: Tools, onTry: () => void): Promise<bigint> {
  for (;;) {
    const bytes = tools.random(primeBits / 8)
    const drawn = bytesToInteger(bytes) | (3n << BigInt(primeBits - 2)) | 3n
    bytes.fill(0)
    for (let p = drawn; p < drawn + 4000n; p += 4n) {
      const half = p >> 1n
      if (smallPrimes.some((small) => p % small === 0n || half % small === 0n)) continue
      onTry()
      if ((await isProbablePrime(half, 1, tools)) && (await isProbablePrime(p, 1, tools))) {
        if ((await isProbablePrime(half, 30, tools)) && (await isProbablePrime(p, 30, tools))) return p
      }
    }
  }
}
