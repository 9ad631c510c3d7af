import { hashIntegers } from '../crypto/hash.ts'
import { joinParts, splitParts } from '../crypto/lengthPrefixed.ts'
import { isRingPedersen } from '../crypto/ringPedersen.ts'
import type { RingPedersen } from '../crypto/types.ts'
import { bitLength, mod } from '../integers/numberTheory.ts'
import { randomBelow } from '../integers/sampling.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { firstFlaw, isBelow } from '../crypto/flaw.ts'
import type { Tools } from './proof.ts'

/** Binary challenges: fewer, or one large one, would let a cheater guess (WIRE 10.1). */
const rounds = 128

/** "I know x with h2 = h1^x mod Ñ" (WIRE 4.9). The proof the other way round is of `swapBases(statement)`. */
export type DlnStatement = RingPedersen

export function swapBases({ nTilde, h1, h2 }: DlnStatement): DlnStatement {
  return { nTilde, h1: h2, h2: h1 }
}

export interface DlnWitness {
  readonly x: bigint
  /** p̂, q̂: the order of h1 is p̂·q̂, and Ñ = (2p̂+1)(2q̂+1). */
  readonly halves: readonly [p: bigint, q: bigint]
}

export interface DlnProof {
  readonly α: readonly bigint[]
  readonly t: readonly bigint[]
}

export interface DlnNonces {
  readonly a: readonly bigint[]
}

export async function proveDln(
  statement: DlnStatement,
  witness: DlnWitness,
  { arithmetic, random }: Tools,
): Promise<DlnProof> {
  const [p, q] = witness.halves
  const a = Array.from({ length: rounds }, () => randomBelow(random, p * q))
  return proveDlnWith(statement, witness, { a }, arithmetic)
}

export async function proveDlnWith(
  statement: DlnStatement,
  { x, halves: [p, q] }: DlnWitness,
  { a }: DlnNonces,
  arithmetic: Arithmetic,
): Promise<DlnProof> {
  const { nTilde, h1 } = statement
  const modulus = { value: nTilde, factors: { primes: [2n * p + 1n, 2n * q + 1n], power: 1 } } as const
  const secretBits = bitLength(nTilde)
  // α_i = h1^(a_i) mod Ñ
  const α = await arithmetic.products(
    modulus,
    a.map((exponent) => [{ base: h1, exponent, secretBits, uses: rounds }]),
  )
  const c = challenge(statement, α)
  // t_i = a_i + c_i·x mod p̂q̂
  return { α, t: a.map((a_i, i) => mod(a_i + bit(c, i) * x, p * q)) }
}

export async function verifyDln(statement: DlnStatement, { α, t }: DlnProof, arithmetic: Arithmetic): Promise<Flaw> {
  const { nTilde, h1, h2 } = statement
  const malformed = firstFlaw({
    'DLN: Ñ has 2048 bits, h1 and h2 are different units': isRingPedersen(statement),
    'DLN: 128 rounds': α.length === rounds && t.length === rounds,
    'DLN: 1 < α_i < Ñ': isBelow(nTilde, ...α) && α.every((α_i) => α_i > 1n),
    'DLN: 1 < t_i < Ñ': isBelow(nTilde, ...t) && t.every((t_i) => t_i > 1n),
  })
  if (malformed !== undefined) return malformed
  const c = challenge(statement, α)
  const left = await arithmetic.products(
    { value: nTilde },
    t.map((exponent) => [{ base: h1, exponent, uses: rounds }]),
  )
  const right = α.map((α_i, i) => (bit(c, i) === 1n ? (α_i * h2) % nTilde : α_i))
  return firstFlaw({ 'DLN: h1^(t_i) = α_i·h2^(c_i)': right.every((value, i) => value === left[i]) })
}

/** c = H(h1, h2, Ñ, α_0..α_127), no tag. Its low 128 bits are used. */
function challenge({ nTilde, h1, h2 }: DlnStatement, α: readonly bigint[]): bigint {
  return hashIntegers([h1, h2, nTilde, ...α])
}

/** c_i, counted from the least significant end */
function bit(c: bigint, i: number): bigint {
  return (c >> BigInt(i)) & 1n
}

/** 258 integers: 128, α_0..α_127, 128, t_0..t_127 */
export function encodeDln({ α, t }: DlnProof): bigint[] {
  return joinParts([α, t])
}

export function decodeDln(integers: readonly bigint[]): DlnProof | undefined {
  const parts = splitParts(integers)
  if (parts?.length !== 2 || parts.some(({ length }) => length !== rounds)) return undefined
  const [α, t] = parts as [bigint[], bigint[]]
  return { α, t }
}
