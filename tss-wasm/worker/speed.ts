import type { Arithmetic, Product } from '../integers/arithmetic.ts'

/** What this device computes with, measured on it. */
export interface Speed {
  /** Milliseconds of one exponentiation of 2048 bits modulo as many, in one thread. */
  readonly powMs: number
  /** How many threads compute in a ceremony. */
  readonly threads: number
}

const modulus = { value: (1n << 2048n) - 1942289n }
const batch: readonly Product[] = [3n, 5n, 7n, 11n].map((base) => [{ base, exponent: modulus.value - base }])
const trials = 3

/** The best of a few, some tens of milliseconds in all: what comes between makes the others longer, and none shorter. */
export async function measurePow(arithmetic: Arithmetic): Promise<number> {
  let best = Infinity
  for (let trial = 0; trial < trials; trial += 1) {
    const started = performance.now()
    await arithmetic.products(modulus, batch)
    best = Math.min(best, (performance.now() - started) / batch.length)
  }
  return best
}

/**
 * What a party computes, in exponentiations: its own part, and for each of the others. By `npm run bench -- ceremony` and
 * `modexp`: keygen 2-of-3 takes 1.36 s where an exponentiation takes 2.48 ms. A signature is taken for one by CGGMP24, which
 * computes 1.45 times as long as the nine rounds with their 155 ms for two, and waits for the network half as often.
 */
const exponentiations = {
  create: { own: 110, each: 220 },
  sign: { own: 32, each: 58 },
  reshare: { own: 97, each: 207 },
} as const
/** new wallet, signature, or new shares of a wallet; in the last, of whoever receives one */
export type CeremonyKind = keyof typeof exponentiations
/** Of the work of a ceremony this part is spread over threads well; the rest waits for it. */
const spread = 0.7

/**
 * Milliseconds that this device computes in a ceremony, roughly. Waiting for others, and deriving keys from passphrases, come
 * on top.
 * @param parties who take part, this one among them
 */
export function computingMs(kind: CeremonyKind, parties: number, { powMs, threads }: Speed): number {
  const { own, each } = exponentiations[kind]
  return (own + each * (parties - 1)) * powMs * (1 - spread + spread / threads)
}
