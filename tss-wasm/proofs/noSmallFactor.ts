import { hashTagged } from '../crypto/hash.ts'
import {
  commitmentTo,
  isRingPedersen,
  modulusNTilde,
  openingOf,
  secretBelow,
  usesOfBases,
} from '../crypto/ringPedersen.ts'
import type { RingPedersen, RingPedersenPrivate } from '../crypto/types.ts'
import { order } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { floorSqrt, isModulus2048, mod } from '../integers/numberTheory.ts'
import { randomBelow, randomUnit } from '../integers/sampling.ts'
import type { Flaw } from '../crypto/flaw.ts'
import { areUnits, firstFlaw, isBelow } from '../crypto/flaw.ts'
import type { Tools } from './proof.ts'

/** "Neither factor of N0 = p0·q0 is small", shown to the owner of Ñ (WIRE 4.11). */
export interface NoSmallFactorStatement {
  /** The prover's Paillier modulus. */
  readonly n0: bigint
  /** s = h1 and t = h2 of the verifier, who may give its private key. */
  readonly verifier: RingPedersen | RingPedersenPrivate
  /** keygen: ctx(prover); resharing: ctx(recipient) */
  readonly context: Uint8Array
}

export interface NoSmallFactorWitness {
  readonly primes: readonly [p0: bigint, q0: bigint]
}

export interface NoSmallFactorProof {
  readonly P: bigint
  readonly Q: bigint
  readonly A: bigint
  readonly B: bigint
  readonly T: bigint
  readonly σ: bigint
  readonly z1: bigint
  readonly z2: bigint
  readonly w1: bigint
  readonly w2: bigint
  readonly v: bigint
}

export interface NoSmallFactorNonces {
  readonly α: bigint
  readonly β: bigint
  readonly μ: bigint
  readonly ν: bigint
  readonly σ: bigint
  readonly r: bigint
  readonly x: bigint
  readonly y: bigint
}

/** Exclusive ends of what the prover draws from; all public. */
function ranges({ n0, verifier: { nTilde } }: NoSmallFactorStatement) {
  const q = order
  return {
    R3: q ** 3n * floorSqrt(n0),
    qÑ: q * nTilde,
    q3Ñ: q ** 3n * nTilde,
    qN0Ñ: q * n0 * nTilde,
    q3N0Ñ: q ** 3n * n0 * nTilde,
  }
}

export async function proveNoSmallFactor(
  statement: NoSmallFactorStatement,
  witness: NoSmallFactorWitness,
  { arithmetic, random }: Tools,
): Promise<NoSmallFactorProof> {
  const { R3, qÑ, q3Ñ, qN0Ñ, q3N0Ñ } = ranges(statement)
  for (;;) {
    const nonces = {
      α: randomBelow(random, R3),
      β: randomBelow(random, R3),
      μ: randomBelow(random, qÑ),
      ν: randomBelow(random, qÑ),
      σ: randomBelow(random, qN0Ñ),
      r: randomUnit(random, q3N0Ñ),
      x: randomBelow(random, q3Ñ),
      y: randomBelow(random, q3Ñ),
    }
    const proof = await proveNoSmallFactorWith(statement, witness, nonces, arithmetic)
    // Once in 2^512 runs; a negative v could not be sent, z beyond R3 would be refused.
    if (proof.v >= 0n && proof.z1 < R3 && proof.z2 < R3) return proof
  }
}

export async function proveNoSmallFactorWith(
  statement: NoSmallFactorStatement,
  { primes: [p0, q0] }: NoSmallFactorWitness,
  { α, β, μ, ν, σ, r, x, y }: NoSmallFactorNonces,
  arithmetic: Arithmetic,
): Promise<NoSmallFactorProof> {
  const { verifier } = statement
  const { R3, qÑ, q3Ñ, q3N0Ñ } = ranges(statement)
  const factorEnd = 1n << 1024n
  const [P = 0n, Q = 0n, A = 0n, B = 0n, T = 0n] = await arithmetic.products(modulusNTilde(verifier), [
    commitmentTo(verifier, secretBelow(factorEnd, p0), secretBelow(qÑ, μ)), // P = s^p0·t^μ
    commitmentTo(verifier, secretBelow(factorEnd, q0), secretBelow(qÑ, ν)), // Q = s^q0·t^ν
    commitmentTo(verifier, secretBelow(R3, α), secretBelow(q3Ñ, x)), // A = s^α·t^x
    commitmentTo(verifier, secretBelow(R3, β), secretBelow(q3Ñ, y)), // B = s^β·t^y
    // T = Q^α·t^r, written as s^(q0·α)·t^(ν·α + r) to use the tables of s and t and not to wait for Q
    commitmentTo(verifier, secretBelow(factorEnd * R3, q0 * α), secretBelow(2n * q3N0Ñ, ν * α + r)),
  ])
  const e = challenge(statement, { P, Q, A, B, T, σ })
  return {
    P,
    Q,
    A,
    B,
    T,
    σ,
    z1: α + e * p0,
    z2: β + e * q0,
    w1: x + e * μ,
    w2: y + e * ν,
    v: r + e * (σ - ν * p0),
  }
}

export async function verifyNoSmallFactor(
  statement: NoSmallFactorStatement,
  proof: NoSmallFactorProof,
  arithmetic: Arithmetic,
): Promise<Flaw> {
  const { n0, verifier } = statement
  const { P, Q, A, B, T, σ, z1, z2, w1, w2, v } = proof
  const Ñ = verifier.nTilde
  if (!isModulus2048(n0) || !isRingPedersen(verifier)) return 'fac: N0 and Ñ are odd and have 2048 bits'
  const { R3, q3Ñ, qN0Ñ, q3N0Ñ } = ranges(statement)
  const outOfRange = firstFlaw({
    'fac: 0 < P, Q, A, B, T < Ñ': isBelow(Ñ, P, Q, A, B, T) && ![P, Q, A, B, T].includes(0n),
    'fac: 0 <= z1, z2 < R3': isBelow(R3, z1, z2),
    'fac: σ < q·N0·Ñ': isBelow(qN0Ñ, σ),
    'fac: w1, w2 < 2q^3·Ñ': isBelow(2n * q3Ñ, w1, w2),
    'fac: v < 2q^3·N0·Ñ': isBelow(2n * q3N0Ñ, v),
    'fac: P, Q, A, B, T are units': areUnits(Ñ, P, Q, A, B, T),
  })
  if (outOfRange !== undefined) return outOfRange

  const e = challenge(statement, proof)
  const [s_z1_t_w1, P_e = 0n, s_z2_t_w2, Q_e = 0n, Q_z1_t_v, R_e = 0n] = await arithmetic.products(
    modulusNTilde(verifier),
    [
      openingOf(verifier, z1, w1),
      [{ base: P, exponent: e }],
      openingOf(verifier, z2, w2),
      [{ base: Q, exponent: e }],
      [
        { base: Q, exponent: z1 },
        { base: verifier.h2, exponent: v, uses: usesOfBases },
      ],
      openingOf(verifier, n0 * e, σ * e), // R^e with R = s^N0·t^σ
    ],
  )
  return firstFlaw({
    'fac: s^z1·t^w1 = A·P^e': s_z1_t_w1 === mod(A * P_e, Ñ),
    'fac: s^z2·t^w2 = B·Q^e': s_z2_t_w2 === mod(B * Q_e, Ñ),
    'fac: Q^z1·t^v = T·R^e': Q_z1_t_v === mod(T * R_e, Ñ),
  })
}

/** e = Ht(S; N0, Ñ, s, t, P, Q, A, B, T, σ) mod q */
function challenge(
  { n0, verifier: { nTilde, h1, h2 }, context }: NoSmallFactorStatement,
  { P, Q, A, B, T, σ }: Pick<NoSmallFactorProof, 'P' | 'Q' | 'A' | 'B' | 'T' | 'σ'>,
): bigint {
  return reduceScalar(hashTagged(context, [n0, nTilde, h1, h2, P, Q, A, B, T, σ]))
}

/** 11 integers: P, Q, A, B, T, σ, z1, z2, w1, w2, v */
export function encodeNoSmallFactor({ P, Q, A, B, T, σ, z1, z2, w1, w2, v }: NoSmallFactorProof): bigint[] {
  return [P, Q, A, B, T, σ, z1, z2, w1, w2, v]
}

export function decodeNoSmallFactor(integers: readonly bigint[]): NoSmallFactorProof | undefined {
  if (integers.length !== 11) return undefined
  const [P = 0n, Q = 0n, A = 0n, B = 0n, T = 0n, σ = 0n, z1 = 0n, z2 = 0n, w1 = 0n, w2 = 0n, v = 0n] = integers
  return { P, Q, A, B, T, σ, z1, z2, w1, w2, v }
}
