import type { Arithmetic, Modulus, Product } from './arithmetic.ts'
import { checkModulus, checkProduct } from './limits.ts'

interface Gathered {
  modulus: Modulus
  readonly batch: Product[]
  readonly results: Promise<readonly bigint[]>
}

/**
 * Hands on, as one batch, what several callers ask about one modulus in the same turn of the event loop. Proofs made or
 * verified side by side (`Promise.all` over peers) thus fill the lanes of a kernel without knowing of each other.
 */
export function gathering(behind: Arithmetic): Arithmetic {
  const open = new Map<bigint, Gathered>()

  function gather(modulus: Modulus): Gathered {
    const batch: Product[] = []
    // Runs after everybody who is already in the queue of this turn.
    const results = Promise.resolve().then(() => {
      open.delete(modulus.value)
      return behind.products(gathered.modulus, batch)
    })
    const gathered: Gathered = { modulus, batch, results }
    open.set(modulus.value, gathered)
    return gathered
  }

  return {
    async products(modulus, batch) {
      // One caller's mistake must not fail the others.
      checkModulus(modulus)
      batch.forEach(checkProduct)
      const gathered = open.get(modulus.value) ?? gather(modulus)
      if (modulus.factors !== undefined) gathered.modulus = modulus
      const from = gathered.batch.length
      gathered.batch.push(...batch)
      return (await gathered.results).slice(from, from + batch.length)
    },
    erase() {
      behind.erase()
    },
  }
}
