import assert from 'node:assert/strict'
import { test } from 'node:test'
import { order as q } from '../../curve/point.ts'
import { bitLength, floorSqrt } from '../../integers/numberTheory.ts'
import type { NoSmallFactorProof } from '../../proofs/noSmallFactor.ts'
import {
  decodeNoSmallFactor,
  encodeNoSmallFactor,
  proveNoSmallFactor,
  proveNoSmallFactorWith,
  verifyNoSmallFactor,
} from '../../proofs/noSmallFactor.ts'
import {
  arithmetic,
  assertFlaw,
  assertHolds,
  context,
  fixture1,
  otherContext,
  paillier0,
  publicRing,
  ring0,
  ring1,
  tools,
  unbounded,
} from './setting.ts'

const n0 = paillier0.n
const primes = paillier0.primes.reveal()
const statement = { n0, verifier: publicRing(ring1), context }
const atVerifier = { ...statement, verifier: ring1 }
const proof = await proveNoSmallFactor(statement, { primes }, tools)
const refused = (proof_: Partial<NoSmallFactorProof>, check: RegExp, statement_: object = {}) =>
  assertFlaw(verifyNoSmallFactor({ ...atVerifier, ...statement_ }, { ...proof, ...proof_ }, arithmetic), check)

test('holds through the wire, for the owner of Ñ and for anybody', async () => {
  const received = decodeNoSmallFactor(encodeNoSmallFactor(proof))
  assert.ok(received)
  await assertHolds(verifyNoSmallFactor(atVerifier, received, arithmetic))
  await assertHolds(verifyNoSmallFactor(statement, received, arithmetic))
  for (const wrong of [[], encodeNoSmallFactor(proof).slice(1), [...encodeNoSmallFactor(proof), 1n]]) {
    assert.equal(decodeNoSmallFactor(wrong), undefined)
  }
})

test('each field is bound', async () => {
  const { P, Q, A, B, T, σ, z1, z2, w1, w2, v } = proof
  const next = (x: bigint) => (x + 1n) % ring1.nTilde
  for (const wrong of [{ P: next(P) }, { Q: next(Q) }, { A: next(A) }, { B: next(B) }, { T: next(T) }, { σ: σ + 1n }]) {
    await refused(wrong, /s\^z1·t\^w1 = /) // all are in the challenge
  }
  for (const wrong of [{ z1: z1 + 1n }, { w1: w1 - 1n }]) await refused(wrong, /s\^z1·t\^w1 = /)
  for (const wrong of [{ z2: z2 + 1n }, { w2: w2 - 1n }]) await refused(wrong, /s\^z2·t\^w2 = /)
  await refused({ v: v + 1n }, /Q\^z1·t\^v = /)
})

test('the statement is bound', async () => {
  await refused({}, /s\^z1/, { context: otherContext })
  await refused({}, /s\^z1/, { n0: fixture1.PaillierSK.N })
  const { nTilde, h1, h2 } = ring1
  await refused({}, /s\^z1/, { verifier: { nTilde, h1: h2, h2: h1 } })
  // A proof for one verifier, shown to another.
  const { P, Q, A, B, T } = proof
  const [P_, Q_, A_, B_, T_] = [P, Q, A, B, T].map((x) => x % ring0.nTilde) as [bigint, bigint, bigint, bigint, bigint]
  await refused({ P: P_, Q: Q_, A: A_, B: B_, T: T_ }, /s\^z1|w1, w2|v </, { verifier: ring0 })
})

test('values out of range are refused before any work', async () => {
  const Ñ = ring1.nTilde
  const R3 = q ** 3n * floorSqrt(n0)
  for (const field of ['P', 'Q', 'A', 'B', 'T'] as const) {
    for (const wrong of [0n, Ñ, Ñ + 1n]) await refused({ [field]: wrong }, /0 < P, Q/)
    await refused({ [field]: 2n * ring1.halves.reveal()[0] + 1n }, /units/)
  }
  for (const z of [R3, -1n, 1n << 60_000n]) {
    await refused({ z1: z }, /z1, z2 < R3/)
    await refused({ z2: z }, /z1, z2 < R3/)
  }
  await refused({ σ: q * n0 * Ñ }, /σ </)
  await refused({ w1: 2n * q ** 3n * Ñ }, /w1, w2 </)
  await refused({ w2: -1n }, /w1, w2 </)
  await refused({ v: 2n * q ** 3n * n0 * Ñ }, /v </)
  for (const wrong of [n0 - 1n, n0 >> 1n, 0n, 1n]) await refused({}, /2048 bits/, { n0: wrong })
  await refused({}, /2048 bits/, { verifier: { ...publicRing(ring1), h2: 1n } })
})

test('a modulus with a small factor cannot be proved: the other one is too large', async () => {
  const small = 65_537n
  const large = (1n << 2048n) / small - 2n
  const statement_ = { ...statement, n0: small * (large | 1n) }
  assert.equal(bitLength(statement_.n0), 2048)
  const nonces = {
    α: q ** 3n,
    β: q ** 3n,
    μ: 5n,
    ν: 7n,
    σ: q * statement_.n0,
    r: q ** 3n * statement_.n0,
    x: 11n,
    y: 13n,
  }
  const cheat = await proveNoSmallFactorWith(statement_, { primes: [small, large | 1n] }, nonces, unbounded)
  await assertFlaw(verifyNoSmallFactor(statement_, cheat, arithmetic), /z1, z2 < R3/)
})
