import { hashTagged } from '../crypto/hash.ts'
import type { Arithmetic, Modulus } from '../integers/arithmetic.ts'
import { bitLength, gcd, inverse, isModulus2048, jacobi, mod } from '../integers/numberTheory.ts'
import { randomBelow } from '../integers/sampling.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { firstFlaw, isBelow } from '../crypto/flaw.ts'
import type { Tools } from './proof.ts'

const rounds = 80

/** "N is a product of two primes, both 3 mod 4, and prime to (p-1)(q-1)": a Paillier-Blum modulus (WIRE 4.10). */
export interface ModStatement {
  readonly n: bigint
  /** ctx(prover) */
  readonly context: Uint8Array
}

export interface ModWitness {
  readonly primes: readonly [p: bigint, q: bigint]
}

export interface ModProof {
  readonly W: bigint
  readonly X: readonly bigint[]
  /** 2^80 + Σ a_i 2^i and the same of b_i; the top bit fixes the length. */
  readonly A: bigint
  readonly B: bigint
  readonly Z: readonly bigint[]
}

export interface ModNonces {
  /** Jacobi(W/N) = -1 */
  readonly W: bigint
}

export async function proveMod(
  statement: ModStatement,
  witness: ModWitness,
  { arithmetic, random }: Tools,
): Promise<ModProof> {
  let W = randomBelow(random, statement.n)
  while (jacobi(W, statement.n) !== -1) W = randomBelow(random, statement.n)
  return proveModWith(statement, witness, { W }, arithmetic)
}

export async function proveModWith(
  statement: ModStatement,
  { primes }: ModWitness,
  { W }: ModNonces,
  arithmetic: Arithmetic,
): Promise<ModProof> {
  const { n } = statement
  const φ = (primes[0] - 1n) * (primes[1] - 1n)
  const E = mod(((φ + 4n) / 8n) ** 2n, φ) // fourth roots of fourth powers
  const M = inverse(n, φ) // N-th roots
  const Y = challenges(statement, W)

  const modulus: Modulus = { value: n, factors: { primes, power: 1 } }
  const secretBits = bitLength(n)
  // Every Y_i is raised to two exponents, which a small table for it makes a third cheaper.
  const raised = (base: bigint, exponent: bigint) => [{ base, exponent, secretBits, uses: 2 }]
  const powers = await arithmetic.products(modulus, [
    raised(W, E),
    ...Y.map((Y_i) => raised(Y_i, E)),
    ...Y.map((Y_i) => raised(Y_i, M)),
  ])
  const [rootW = 0n, ...rest] = powers
  const rootMinusOne = E % 2n === 0n ? 1n : n - 1n

  // Exactly one of ±Y_i, ±W·Y_i is a square, so exactly one of the four X is a fourth root of it.
  let [A, B] = [1n << BigInt(rounds), 1n << BigInt(rounds)]
  const X = Y.map((Y_i, i) => {
    for (const [a, b] of [
      [0n, 0n],
      [1n, 0n],
      [0n, 1n],
      [1n, 1n],
    ] as const) {
      const X_i = mod((rest[i] ?? 0n) * (a === 1n ? rootMinusOne : 1n) * (b === 1n ? rootW : 1n), n)
      if (fourthPower(X_i, n) !== twisted(n, W, Y_i, a, b)) continue
      A |= a << BigInt(i)
      B |= b << BigInt(i)
      return X_i
    }
    throw new Error('the witness is no factorisation of a Blum integer, or Jacobi(W/N) is not -1')
  })
  return { W, X, A, B, Z: rest.slice(rounds) }
}

export async function verifyMod(statement: ModStatement, proof: ModProof, arithmetic: Arithmetic): Promise<Flaw> {
  const { n } = statement
  const { W, X, A, B, Z } = proof
  const malformed = firstFlaw({
    'mod: N is odd and has 2048 bits': isModulus2048(n),
    'mod: 80 rounds': X.length === rounds && Z.length === rounds,
    'mod: 0 < W < N': W > 0n && W < n,
    'mod: 0 < Z_i < N': isBelow(n, ...Z) && !Z.includes(0n),
    'mod: 0 < X_i < N': isBelow(n, ...X) && !X.includes(0n),
    'mod: A and B have 81 bits': [A, B].every((bits) => bits >> BigInt(rounds) === 1n),
  })
  if (malformed !== undefined) return malformed
  const unsuitable = firstFlaw({
    // tss-lib up to v2.0.2 forgot this one, and accepts forgeries (WIRE 10.1).
    'mod: gcd(W, N) = 1': gcd(W, n) === 1n,
    'mod: Jacobi(W/N) = -1': jacobi(W, n) === -1,
  })
  if (unsuitable !== undefined) return unsuitable

  const Y = challenges(statement, W)
  const [fermat, ...powers] = await arithmetic.products({ value: n }, [
    [{ base: 2n, exponent: n - 1n }],
    ...Z.map((base) => [{ base, exponent: n }]),
  ])
  const bit = (bits: bigint, i: number) => (bits >> BigInt(i)) & 1n
  return firstFlaw({
    // Fermat's test never calls a prime composite, and a product of two safe primes never passes it.
    'mod: N is not prime': fermat !== 1n,
    'mod: Z_i^N = Y_i': Y.every((Y_i, i) => powers[i] === Y_i),
    'mod: X_i^4 = (-1)^(a_i)·W^(b_i)·Y_i': Y.every(
      (Y_i, i) => fourthPower(X[i] ?? 0n, n) === twisted(n, W, Y_i, bit(A, i), bit(B, i)),
    ),
  })
}

function fourthPower(x: bigint, n: bigint): bigint {
  const square = (x * x) % n
  return (square * square) % n
}

/** (-1)^a·W^b·Y mod N */
function twisted(n: bigint, W: bigint, Y: bigint, a: bigint, b: bigint): bigint {
  return mod((a === 1n ? -Y : Y) * (b === 1n ? W : 1n), n)
}

/** Y_i = Ht(S; W, N, Y_0..Y_(i-1)) mod N: 256 bits each, kept so for compatibility (WIRE 10.2). */
function challenges({ n, context }: ModStatement, W: bigint): bigint[] {
  const Y: bigint[] = []
  while (Y.length < rounds) Y.push(mod(hashTagged(context, [W, n, ...Y]), n))
  return Y
}

/** 163 integers: W, X_0..X_79, A, B, Z_0..Z_79 */
export function encodeMod({ W, X, A, B, Z }: ModProof): bigint[] {
  return [W, ...X, A, B, ...Z]
}

export function decodeMod(integers: readonly bigint[]): ModProof | undefined {
  if (integers.length !== 2 * rounds + 3) return undefined
  const [W = 0n, ...rest] = integers
  const [A = 0n, B = 0n, ...Z] = rest.slice(rounds)
  return { W, X: rest.slice(0, rounds), A, B, Z }
}
