import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gammaPower, modulusNSquared, nthPower } from '../../crypto/paillier.ts'
import { text } from '../../crypto/transcript.ts'
import { generator, multiplyPublic, order as q } from '../../curve/point.ts'
import { inverse, mod } from '../../integers/numberTheory.ts'
import {
  type DecryptExponentAnswer,
  type DecryptExponentMask,
  type DecryptExponentStatement,
  type DecryptExponentWitness,
  proveDecryptExponent,
  proveDecryptExponentWith,
  verifyDecryptExponent,
} from '../../proofs/decryptExponent.ts'
import { arithmetic, assertFlaw, assertHolds, paillier0, tools, unbounded } from './setting.ts'
import { infinity, refusing } from './tampering.ts'

const N = paillier0.n
const N2 = N ** 2n
const G = (k: bigint) => multiplyPublic(generator, k)
const H = G(8765n)

/** D = enc(y; ρ)·K^-x for a ciphertext K of 41. */
async function stated({ x, y, ρ }: DecryptExponentWitness): Promise<DecryptExponentStatement> {
  const [kN = 0n, ρN = 0n] = await arithmetic.products(modulusNSquared(paillier0), [
    [nthPower(paillier0, 3n)],
    [nthPower(paillier0, ρ)],
  ])
  const K = mod(gammaPower(paillier0, 41n) * kN, N2)
  const base = x < 0n ? K : inverse(K, N2)
  const [xK = 0n] = await arithmetic.products(modulusNSquared(paillier0), [[{ base, exponent: x < 0n ? -x : x }]])
  return {
    prover: paillier0,
    K,
    D: mod(mod(gammaPower(paillier0, y) * ρN, N2) * xK, N2),
    ...{ X: G(x), S: multiplyPublic(H, y), H },
    signers: 3,
    state: text('this run'),
  }
}

const witness = { x: 2n ** 255n - 3n, y: -(2n ** 1794n) + 5n, ρ: 161_803n }
const statement = await stated(witness)
const proof = await proveDecryptExponent(statement, witness, tools)
const verify = (s: DecryptExponentStatement, p: typeof proof) => verifyDecryptExponent(s, p, arithmetic)
const { ofProof, ofStatement } = refusing(verify, { ...statement, prover: { n: N } }, proof)

/** One repetition, in the middle, is changed. */
const at = 64
const mask = (changed: Partial<DecryptExponentMask>) => ({
  commitment: proof.commitment.map((one, i) => (i === at ? { ...one, ...changed } : one)),
})
const answer = (changed: (one: DecryptExponentAnswer) => Partial<DecryptExponentAnswer>) => ({
  answers: proof.answers.map((one, i) => (i === at ? { ...one, ...changed(one) } : one)),
})

test('dec holds for anybody', async () => {
  await assertHolds(verify({ ...statement, prover: { n: N } }, proof))
})

test('dec: each field of the proof is bound', async () => {
  await ofProof(mask({ A: 3n }), /z·G/)
  await ofProof(mask({ B: generator }), /z·G/)
  await ofProof(mask({ C: generator }), /z·G/)
  await ofProof(
    answer(({ z }) => ({ z: z + 1n })),
    /z·G/,
  )
  await ofProof(
    answer(({ z }) => ({ z: z > 0n ? z - q : z + q })),
    /enc\(w; ν\)/,
  )
  await ofProof(
    answer(({ w }) => ({ w: w > 0n ? w - 1n : w + 1n })),
    /w·H/,
  )
  await ofProof(
    answer(({ w }) => ({ w: w > 0n ? w - q : w + q })),
    /enc\(w; ν\)/,
  )
  await ofProof(
    answer(({ ν }) => ({ ν: ν ^ 1n })),
    /enc\(w; ν\)/,
  )
})

test('dec: another number of repetitions, and values out of range, are refused before any work', async () => {
  await ofProof({ answers: proof.answers.slice(1) }, /128 repetitions/)
  await ofProof({ commitment: proof.commitment.slice(1), answers: proof.answers.slice(1) }, /128 repetitions/)
  for (const wrong of [N2, -1n]) await ofProof(mask({ A: wrong }), /A < N\^2/)
  for (const name of ['B', 'C'] as const) await ofProof(mask({ [name]: infinity }), /infinity/)
  for (const wrong of [N, -1n])
    await ofProof(
      answer(() => ({ ν: wrong })),
      /ν < N/,
    )
  for (const sign of [1n, -1n]) {
    await ofProof(
      answer(() => ({ z: sign * (2n ** 455n + 1n) })),
      /z in/,
    )
    await ofProof(
      answer(() => ({ w: sign * (2n ** 1995n + 1n) })),
      /w in/,
    )
  }
  await assert.rejects(proveDecryptExponent({ ...statement, signers: 2 ** 60 }, witness, tools), RangeError)
})

test('dec: what shares a factor with N is refused', async () => {
  const [p] = paillier0.primes.reveal()
  for (const zero of [0n, p]) {
    await ofProof(mask({ A: zero }), /units mod N/)
    await ofProof(
      answer(() => ({ ν: zero })),
      /units mod N/,
    )
    await ofStatement({ K: zero }, /units mod N/)
    await ofStatement({ D: zero }, /units mod N/)
  }
  await ofStatement({ prover: { n: N >> 1n } }, /2048 bits/)
  await ofStatement({ K: N2 + 1n }, /A < N\^2/)
})

test('dec: the statement and the run are bound', async () => {
  for (const name of ['K', 'D'] as const) {
    await ofStatement({ [name]: mod(statement[name] * (1n + N), N2) }, /z·G/)
  }
  for (const name of ['X', 'S', 'H'] as const) {
    await ofStatement({ [name]: statement[name].negate() }, /z·G/)
    await ofStatement({ [name]: infinity }, /infinity/)
  }
  await ofStatement({ state: text('another run') }, /z·G/)
  await ofStatement({ signers: 5 }, /z·G/)
})

test('dec: a false S cannot be proven within the range', async () => {
  const false_ = { ...statement, S: statement.S.add(H) }
  await assertFlaw(verify(false_, await proveDecryptExponent(false_, witness, tools)), /w·H/)
  const otherY = await proveDecryptExponent(false_, { ...witness, y: witness.y + 1n }, tools)
  await assertFlaw(verify(false_, otherY), /enc\(w; ν\)/)
})

// Encryption sees y mod N only: y + j·N opens any S one likes, with masks as long as that takes (CGGMP24 6.5).
test('dec: a false S that a wider range would let pass is refused for its range', async () => {
  const wanted = witness.y + 1n
  const j = mod((wanted - witness.y) * inverse(N, q), q)
  const y = witness.y + j * N
  const forged = { ...statement, S: multiplyPublic(H, wanted) }
  assert.ok(multiplyPublic(H, y).equals(forged.S))
  const nonces = Array.from({ length: 128 }, (_, i) => ({
    α: 2n ** 454n - BigInt(i),
    β: 2n ** 2505n - BigInt(i),
    r: 3n + BigInt(i),
  }))
  const forgery = await proveDecryptExponentWith(forged, { ...witness, y }, nonces, unbounded)
  await assertEquationsHold(forged, forgery, nonces)
  await assertFlaw(verify(forged, forgery), /w in ±2/)
  const answers = forgery.answers.map((one) => ({ ...one, w: mod(one.w, N) }))
  await assertFlaw(verify(forged, { ...forgery, answers }), /w in ±2|w·H/)
})

/** It is a forgery: all that is wrong with it is how long it is. */
async function assertEquationsHold(
  { K, D, S }: DecryptExponentStatement,
  { commitment, answers }: typeof proof,
  nonces: readonly { readonly β: bigint }[],
): Promise<void> {
  for (const [i, { z, w, ν }] of answers.slice(0, 8).entries()) {
    const isOne = w !== nonces[i]?.β
    const mask = commitment[i]
    assert.ok(mask)
    assert.ok(multiplyPublic(H, w).equals(isOne ? mask.B.add(S) : mask.B))
    const [νN = 0n, zK = 0n] = await arithmetic.products({ value: N2 }, [
      [nthPower(paillier0, ν)],
      [{ base: K, exponent: z }],
    ])
    assert.equal(mod(gammaPower(paillier0, w) * νN, N2), mod(mask.A * (isOne ? D : 1n) * zK, N2))
  }
}
