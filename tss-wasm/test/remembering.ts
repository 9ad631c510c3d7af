import type { Arithmetic, Modulus, Product } from '../integers/arithmetic.ts'

/**
 * Remembers every product it computed, for all who use it: the same ceremony again, with one party cheating, or the same
 * proof with one number changed, costs only what the change changes. What was refused is refused anew.
 */
export function remembering(arithmetic: Arithmetic): Arithmetic {
  const known = new Map<bigint, Map<string, Promise<bigint>>>()
  return {
    async products(modulus: Modulus, batch: readonly Product[]) {
      let results = known.get(modulus.value)
      if (results === undefined) known.set(modulus.value, (results = new Map<string, Promise<bigint>>()))
      const fresh: Product[] = []
      const answers: [name: string, answer: PromiseWithResolvers<bigint>][] = []
      const asked = batch.map((product) => {
        const name = nameOf(product)
        const before = results.get(name)
        if (before !== undefined) return before
        const answer = Promise.withResolvers<bigint>()
        fresh.push(product)
        answers.push([name, answer])
        results.set(name, answer.promise)
        return answer.promise
      })
      const all = Promise.all(asked)
      if (fresh.length === 0) return all
      try {
        const computed = await arithmetic.products(modulus, fresh)
        for (const [i, [, answer]] of answers.entries()) answer.resolve(computed[i] ?? 0n)
      } catch (error) {
        for (const [name, answer] of answers) {
          results.delete(name)
          answer.reject(error)
        }
      }
      return all
    },
    erase: () => undefined,
  }
}

/** Whether an exponent is secret does not change the product, unless it is longer than its bound: that is refused. */
function nameOf(product: Product): string {
  return product
    .map(({ base, exponent, secretBits }) => {
      const isTooLong = secretBits !== undefined && exponent >> BigInt(secretBits) !== 0n
      return `${base.toString(16)}^${exponent.toString(16)}${isTooLong ? ` in ${secretBits} bits` : ''}`
    })
    .join()
}
