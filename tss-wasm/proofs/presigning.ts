import { point as hashedPoint, struct, uint, type Encoded } from '../crypto/transcript.ts'
import type { PaillierPublicKey, RingPedersen } from '../crypto/types.ts'
import { generator, multiplySecret, type Point } from '../curve/point.ts'

/** What the proofs of presigning share (CGGMP24 2): lengths of ranges in bits, and how statements are hashed. */
export const bits = {
  /** ℓ: of what is multiplied. */
  l: 256,
  /** ε: slack of an answer over what is proven. */
  epsilon: 512,
  /** ℓ': of the masks of a product. */
  lPrime: 1280,
  /** σ: slack of the proofs of blame. */
  slack: 200,
  /** m: repetitions of the proofs of blame. */
  repetitions: 128,
} as const

/** A range of length 2^b is ±2^(b-1). */
export function limitOf(length: number): bigint {
  return 1n << BigInt(length - 1)
}

export function isWithin(limit: bigint, ...values: readonly bigint[]): boolean {
  return values.every((value) => value <= limit && value >= -limit)
}

/** The verifier's parameters as they are hashed. */
export function auxiliary({ nTilde, h1, h2 }: RingPedersen): Encoded {
  return struct({ s: uint(h1), t: uint(h2), rsa_modulo: uint(nTilde) }, 'paillier_zk.aux')
}

/** Names and values of one kind, as they are hashed. */
export function security(values: Readonly<Record<string, number>>): Encoded {
  return struct(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, uint(value)])))
}

/** The parts of a statement or a first message, in the order written. */
export function hashed(values: Readonly<Record<string, bigint | Point | PaillierPublicKey>>): Encoded {
  return struct(
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (typeof value === 'bigint') return [name, uint(value)]
        return [name, 'n' in value ? uint(value.n) : hashedPoint(value)]
      }),
    ),
  )
}

/** m·G + by·key, for secrets m and by: one multiplication of G for whoever knows the logarithm of the key. */
export function hidden(m: bigint, by: bigint, key: Point, logOfKey?: bigint): Point {
  if (logOfKey !== undefined) return multiplySecret(generator, m + by * logOfKey)
  return multiplySecret(generator, m).add(multiplySecret(key, by))
}
