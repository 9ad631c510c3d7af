import { test } from 'node:test'
import { text } from '../../crypto/transcript.ts'
import { generator, order as q } from '../../curve/point.ts'
import type { AffineGroupOpenAnswer, AffineGroupOpenMask } from '../../proofs/affineGroupOpen.ts'
import {
  type AffineGroupOpenStatement,
  proveAffineGroupOpen,
  proveAffineGroupOpenWith,
  verifyAffineGroupOpen,
} from '../../proofs/affineGroupOpen.ts'
import { affineStatement, affineWitness } from './affineSetting.ts'
import { arithmetic, assertFlaw, assertHolds, paillier0, tools, unbounded } from './setting.ts'
import { infinity, refusing } from './tampering.ts'

const statement = await affineStatement(affineWitness)
const N0 = statement.receiver.n
const N1 = paillier0.n
const proof = await proveAffineGroupOpen(statement, affineWitness, tools)
const verify = (s: AffineGroupOpenStatement, p: typeof proof) => verifyAffineGroupOpen(s, p, arithmetic)
const { ofProof, ofStatement } = refusing(verify, { ...statement, receiver: { n: N0 }, prover: { n: N1 } }, proof)

/** One repetition, in the middle, is changed. */
const at = 64
const mask = (changed: Partial<AffineGroupOpenMask>) => ({
  commitment: proof.commitment.map((one, i) => (i === at ? { ...one, ...changed } : one)),
})
const answer = (changed: (one: AffineGroupOpenAnswer) => Partial<AffineGroupOpenAnswer>) => ({
  answers: proof.answers.map((one, i) => (i === at ? { ...one, ...changed(one) } : one)),
})

test('aff-g* holds for anybody', async () => {
  await assertHolds(verify({ ...statement, receiver: { n: N0 }, prover: { n: N1 } }, proof))
})

test('aff-g*: each field of the proof is bound', async () => {
  await ofProof(mask({ A: 3n }), /z·G/)
  await ofProof(mask({ B: 3n }), /z·G/)
  await ofProof(mask({ R: generator }), /z·G/)
  await ofProof(
    answer(({ z }) => ({ z: z + 1n })),
    /z·G/,
  )
  await ofProof(
    answer(({ z }) => ({ z: z > 0n ? z - q : z + q })),
    /C\^z/,
  )
  await ofProof(
    answer(({ zPrime }) => ({ zPrime: zPrime > 0n ? zPrime - 1n : zPrime + 1n })),
    /C\^z/,
  )
  await ofProof(
    answer(({ w }) => ({ w: w ^ 1n })),
    /C\^z/,
  )
  await ofProof(
    answer(({ λ }) => ({ λ: λ ^ 1n })),
    /enc_1/,
  )
})

test('aff-g*: another number of repetitions, and values out of range, are refused before any work', async () => {
  await ofProof({ answers: proof.answers.slice(1) }, /128 repetitions/)
  await ofProof({ commitment: proof.commitment.slice(1), answers: proof.answers.slice(1) }, /128 repetitions/)
  await ofProof({ commitment: [...proof.commitment, ...proof.commitment] }, /128 repetitions/)
  for (const wrong of [N0 ** 2n, -1n]) await ofProof(mask({ A: wrong }), /A < N0\^2/)
  for (const wrong of [N1 ** 2n, -1n]) await ofProof(mask({ B: wrong }), /B < N1\^2/)
  await ofProof(mask({ R: infinity }), /infinity/)
  for (const sign of [1n, -1n]) {
    await ofProof(
      answer(() => ({ z: sign * (2n ** 455n + 1n) })),
      /z in/,
    )
    await ofProof(
      answer(() => ({ zPrime: sign * (2n ** 1479n + 1n) })),
      /z' in/,
    )
  }
  for (const wrong of [N0, -1n])
    await ofProof(
      answer(() => ({ w: wrong })),
      /w < N0/,
    )
  for (const wrong of [N1, -1n])
    await ofProof(
      answer(() => ({ λ: wrong })),
      /λ < N1/,
    )
})

test('aff-g*: what shares a factor with its modulus is refused', async () => {
  const [p] = paillier0.primes.reveal()
  for (const zero of [0n, N0]) {
    await ofProof(mask({ A: zero }), /units mod N0/)
    await ofStatement({ C: zero }, /units mod N0/)
    await ofStatement({ D: zero }, /units mod N0/)
  }
  await ofProof(
    answer(() => ({ w: 0n })),
    /units mod N0/,
  )
  for (const zero of [0n, p]) {
    await ofProof(mask({ B: zero }), /units mod N1/)
    await ofProof(
      answer(() => ({ λ: zero })),
      /units mod N1/,
    )
    await ofStatement({ Y: zero }, /units mod N1/)
  }
  await ofStatement({ receiver: { n: N0 >> 1n } }, /2048 bits/)
  await ofStatement({ prover: { n: N1 - 1n } }, /2048 bits/)
  await ofStatement({ C: N0 ** 2n + 1n }, /A < N0\^2/)
  await ofStatement({ D: -1n }, /A < N0\^2/)
  await ofStatement({ Y: N1 ** 2n + 1n }, /B < N1\^2/)
})

test('aff-g*: the statement and the run are bound', async () => {
  for (const name of ['C', 'D'] as const) {
    await ofStatement({ [name]: (statement[name] * (1n + N0)) % N0 ** 2n }, /z·G/)
  }
  await ofStatement({ Y: (statement.Y * (1n + N1)) % N1 ** 2n }, /z·G/)
  await ofStatement({ X: statement.X.negate() }, /z·G/)
  await ofStatement({ X: infinity }, /infinity/)
  await ofStatement({ state: text('another run') }, /z·G/)
})

test('aff-g*: what does not fit together, or is large, cannot be proven', async () => {
  const shown = async (wrong: object, check: RegExp, of: object = {}) => {
    const own = { ...statement, ...of }
    await assertFlaw(verify(own, await proveAffineGroupOpen(own, { ...affineWitness, ...wrong }, tools)), check)
  }
  await shown({ ρ: affineWitness.ρ + 1n }, /C\^z/)
  await shown({ ρ_y: affineWitness.ρ_y + 1n }, /enc_1/)
  await shown({}, /z·G/, { X: statement.X.add(generator) })

  const y = q ** 6n
  const witness = { ...affineWitness, y }
  const own = await affineStatement(witness)
  const nonces = Array.from({ length: 128 }, (_, i) => ({ α: q + 7n, β: q, r: 3n + BigInt(i), s: 5n + BigInt(i) }))
  await assertFlaw(verify(own, await proveAffineGroupOpenWith(own, witness, nonces, unbounded)), /z' in/)
})
