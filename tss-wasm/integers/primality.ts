import type { RandomSource } from '../random.ts'
import type { Arithmetic } from './arithmetic.ts'
import { bitLength, trailingZeros } from './numberTheory.ts'
import { randomBelow } from './sampling.ts'

export const smallPrimes: readonly bigint[] = primesBelow(1000)

function primesBelow(limit: number): bigint[] {
  const primes: bigint[] = []
  for (let candidate = 2n; candidate < limit; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate)
  }
  return primes
}

/** The smallest prime below 1000 that divides n, if one does. */
export function smallFactor(n: bigint): bigint | undefined {
  return smallPrimes.find((prime) => n % prime === 0n)
}

/**
 * Miller-Rabin with `rounds` random bases. A prime is always answered true; a composite passes one round with
 * probability below 1/4, a random composite of our sizes hardly ever. The bases are secret-independent, n may be secret.
 */
export async function isProbablePrime(
  n: bigint,
  rounds: number,
  { arithmetic, random }: { readonly arithmetic: Arithmetic; readonly random: RandomSource },
): Promise<boolean> {
  const factor = smallFactor(n)
  if (n < 2n || factor !== undefined) return n === factor
  const twos = trailingZeros(n - 1n)
  const exponent = (n - 1n) >> BigInt(twos)
  const secretBits = bitLength(n)
  const batch = Array.from({ length: rounds }, () => [{ base: 2n + randomBelow(random, n - 3n), exponent, secretBits }])
  const powers = await arithmetic.products({ value: n }, batch)
  return powers.every((power) => {
    let x = power
    if (x === 1n || x === n - 1n) return true
    for (let i = 1; i < twos; i++) {
      x = (x * x) % n
      if (x === n - 1n) return true
    }
    return false
  })
}
