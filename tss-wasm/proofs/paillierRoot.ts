import { hashBytes } from '../crypto/hash.ts'
import type { Point } from '../curve/point.ts'
import { coordinates } from '../curve/point.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { bitLength, gcd, inverse, isModulus2048 } from '../integers/numberTheory.ts'
import { smallFactor } from '../integers/primality.ts'
import { bytesToInteger, concatBytes, integerToBytes, utf8ToBytes } from '../integers/bytes.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { firstFlaw, isBelow } from '../crypto/flaw.ts'

const rounds = 13

/** "I can take N-th roots mod N": N is prime to (p-1)(q-1), so Paillier encryption is injective (WIRE 4.7). */
export interface PaillierRootStatement {
  readonly n: bigint
  /** The prover's party key, unreduced. */
  readonly partyKey: bigint
  /** The ECDSA public key just made. */
  readonly publicKey: Point
}

export interface PaillierRootWitness {
  readonly primes: readonly [p: bigint, q: bigint]
}

/** y_i = x_i^(1/N) mod N for i = 0..12. Deterministic, hence no nonces. */
export type PaillierRootProof = readonly bigint[]

export async function provePaillierRoot(
  statement: PaillierRootStatement,
  { primes }: PaillierRootWitness,
  { arithmetic }: { readonly arithmetic: Arithmetic },
): Promise<PaillierRootProof> {
  const { n } = statement
  const exponent = inverse(n, (primes[0] - 1n) * (primes[1] - 1n)) // M = N^-1 mod φ(N)
  const secretBits = bitLength(n)
  const batch = paillierRootChallenges(statement).map((base) => [{ base, exponent, secretBits }])
  return arithmetic.products({ value: n, factors: { primes, power: 1 } }, batch)
}

export async function verifyPaillierRoot(
  statement: PaillierRootStatement,
  y: PaillierRootProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const { n } = statement
  const malformed = firstFlaw({
    'Paillier root: N is odd and has 2048 bits': isModulus2048(n),
    'Paillier root: N has no factor below 1000': smallFactor(n) === undefined,
    'Paillier root: 13 answers': y.length === rounds,
    'Paillier root: 0 < y_i < N': isBelow(n, ...y) && !y.includes(0n),
  })
  if (malformed !== undefined) return malformed
  const x = paillierRootChallenges(statement)
  const powers = await arithmetic.products(
    { value: n },
    y.map((base) => [{ base, exponent: n }]),
  )
  return firstFlaw({ 'Paillier root: y_i^N = x_i': x.every((x_i, i) => powers[i] === x_i) })
}

/**
 * The 13 units mod N whose roots are asked for. Position, block and the count of all rejections so far go into the hash
 * as ASCII decimals (WIRE 4.7).
 */
export function paillierRootChallenges({ n, partyKey, publicKey }: PaillierRootStatement): bigint[] {
  const bound = [partyKey, ...coordinates(publicKey), n].map(integerToBytes)
  const decimal = (value: number) => utf8ToBytes(String(value))
  const blocks = Math.ceil(bitLength(n) / 256)
  const x: bigint[] = []
  let rejections = 0
  while (x.length < rounds) {
    const parts = Array.from({ length: blocks }, (_, block) =>
      hashBytes(decimal(x.length), decimal(block), decimal(rejections), ...bound),
    )
    const drawn = bytesToInteger(concatBytes(...parts))
    if (drawn > 0n && drawn < n && gcd(drawn, n) === 1n) x.push(drawn)
    else rejections += 1
  }
  return x
}

/** 13 integers as they are */
export function encodePaillierRoot(proof: PaillierRootProof): bigint[] {
  return [...proof]
}

export function decodePaillierRoot(integers: readonly bigint[]): PaillierRootProof | undefined {
  return integers.length === rounds ? integers : undefined
}
