import { test } from 'node:test'
import { text } from '../../crypto/transcript.ts'
import { generator, order as q } from '../../curve/point.ts'
import {
  type AffineGroupStatement,
  proveAffineGroup,
  proveAffineGroupWith,
  verifyAffineGroup,
} from '../../proofs/affineGroup.ts'
import { affineStatement, affineWitness } from './affineSetting.ts'
import {
  arithmetic,
  assertFlaw,
  assertHolds,
  paillier0,
  publicPaillier,
  publicRing,
  ring0,
  ring1,
  tools,
  unbounded,
} from './setting.ts'
import { infinity, refusing } from './tampering.ts'

const statement = { ...(await affineStatement(affineWitness)), verifier: publicRing(ring1) }
const N0 = statement.receiver.n
const N1 = paillier0.n
const Ñ = ring1.nTilde
const proof = await proveAffineGroup(statement, affineWitness, tools)
const verify = (s: AffineGroupStatement, p: typeof proof) => verifyAffineGroup(s, p, arithmetic)
/** The verifier knows its own factors and not the prover's. */
const atVerifier = { ...statement, prover: publicPaillier(paillier0), verifier: ring1 }
const { ofProof, ofStatement } = refusing<AffineGroupStatement, typeof proof>(verify, atVerifier, proof)
const third = refusing(verify, { ...atVerifier, receiver: { n: N0 }, verifier: publicRing(ring1) }, proof)

test('aff-g holds for both ends of both ranges, and for anybody who verifies', async () => {
  for (const [x, y] of [
    [-((q - 1n) / 2n), 2n ** 1279n],
    [(q - 1n) / 2n, -(2n ** 1279n)],
    [1n, 0n],
  ] as const) {
    const witness = { ...affineWitness, x, y }
    const own = { ...(await affineStatement(witness)), verifier: publicRing(ring1) }
    const honest = await proveAffineGroup(own, witness, tools)
    await assertHolds(verify({ ...own, verifier: ring1 }, honest))
    await assertHolds(verify({ ...own, receiver: { n: N0 }, prover: { n: N1 } }, honest))
  }
})

test('aff-g: each field of the proof is bound', async () => {
  for (const refused of [ofProof, third.ofProof]) {
    for (const [name, end] of [
      ...(['E', 'S', 'F', 'T'] as const).map((name) => [name, Ñ] as const),
      ['A', N0 ** 2n],
      ['B_y', N1 ** 2n],
    ] as const) {
      await refused({ [name]: (proof[name] + 1n) % end }, /z1·G/)
    }
    await refused({ S: Ñ - proof.S }, /z1·G/)
    await refused({ T: Ñ - proof.T }, /z1·G/)
    await refused({ B_x: proof.B_x.negate() }, /z1·G/)
    await refused({ z1: proof.z1 + 1n }, /z1·G/)
    await refused({ z1: proof.z1 + q }, /C\^z1/)
    await refused({ z2: proof.z2 + 1n }, /C\^z1/)
    await refused({ z3: proof.z3 + 1n }, /h1\^z1/)
    await refused({ z4: proof.z4 + 1n }, /h1\^z2/)
    await refused({ w: (proof.w + 1n) % N0 }, /C\^z1/)
    await refused({ w_y: (proof.w_y + 1n) % N1 }, /enc_1/)
  }
})

test('aff-g: values out of range are refused before any work', async () => {
  for (const wrong of [N0 ** 2n, -1n]) await ofProof({ A: wrong }, /A < N0\^2/)
  for (const wrong of [N1 ** 2n, -1n]) await ofProof({ B_y: wrong }, /B_y < N1\^2/)
  for (const name of ['E', 'S', 'F', 'T'] as const) {
    for (const wrong of [Ñ, -1n]) await ofProof({ [name]: wrong }, /E, S, F, T < Ñ/)
  }
  for (const wrong of [proof.w + N0, -1n]) await ofProof({ w: wrong }, /0 <= w < N0/)
  for (const wrong of [proof.w_y + N1, -1n]) await ofProof({ w_y: wrong }, /0 <= w_y < N1/)
  for (const sign of [1n, -1n]) {
    await ofProof({ z1: sign * (2n ** 767n + 1n) }, /z1 in ±2\^767/)
    await ofProof({ z2: sign * (2n ** 1791n + 1n) }, /z2 in ±2\^1791/)
    await ofProof({ z3: sign * (2n ** 768n * Ñ + 1n) }, /z3, z4 in/)
    await ofProof({ z4: sign << 60_000n }, /z3, z4 in/)
  }
  await ofProof({ B_x: infinity }, /infinity/)
})

test('aff-g: what shares a factor with its modulus is refused', async () => {
  const pHat = 2n * ring1.halves.reveal()[0] + 1n
  const [p] = paillier0.primes.reveal()
  for (const zero of [0n, N0]) await ofProof({ A: zero }, /units mod N0/)
  await ofProof({ w: 0n }, /units mod N0/)
  for (const zero of [0n, N0]) {
    await ofStatement({ C: zero }, /units mod N0/)
    await ofStatement({ D: zero }, /units mod N0/)
  }
  for (const zero of [0n, p]) {
    await ofProof({ B_y: zero }, /units mod N1/)
    await ofProof({ w_y: zero }, /units mod N1/)
    await ofStatement({ Y: zero }, /units mod N1/)
  }
  for (const name of ['E', 'S', 'F', 'T'] as const) {
    for (const zero of [0n, pHat]) await ofProof({ [name]: zero }, /units mod Ñ/)
  }
  for (const n of [N0 - 1n, N0 >> 1n]) {
    await ofStatement({ receiver: { n } }, /2048 bits/)
    await ofStatement({ prover: { n } }, /2048 bits/)
  }
  await ofStatement({ verifier: { ...publicRing(ring1), nTilde: Ñ + 1n } }, /2048 bits/)
  await ofStatement({ D: N0 ** 2n + 1n }, /D, A < N0\^2/)
  await ofStatement({ Y: N1 ** 2n + 1n }, /B_y < N1\^2/)
})

test('aff-g: the statement, the run and the verifier are bound', async () => {
  for (const name of ['C', 'D'] as const) {
    await ofStatement({ [name]: (statement[name] * (1n + N0)) % N0 ** 2n }, /z1·G/)
  }
  await ofStatement({ Y: (statement.Y * (1n + N1)) % N1 ** 2n }, /z1·G/)
  await ofStatement({ X: statement.X.negate() }, /z1·G/)
  await ofStatement({ X: infinity }, /infinity/)
  await ofStatement({ state: text('another run') }, /z1·G/)
  await ofStatement({ verifier: ring0 }, /z1·G|< Ñ|±2\^768/)
})

test('aff-g: what does not fit together, or is large, cannot be proven', async () => {
  const shown = async (wrong: object, check: RegExp, of: object = {}) => {
    const own = { ...statement, ...of }
    const cheat = await proveAffineGroup(own, { ...affineWitness, ...wrong }, tools)
    await assertFlaw(verify({ ...own, verifier: ring1 }, cheat), check)
  }
  await shown({ x: affineWitness.x + 1n }, /z1·G/)
  await shown({ ρ: affineWitness.ρ + 1n }, /C\^z1/)
  await shown({ ρ_y: affineWitness.ρ_y + 1n }, /enc_1/)
  await shown({}, /z1·G/, { X: statement.X.add(generator) })
  await shown({}, /C\^z1/, { D: (statement.D * (1n + N0)) % N0 ** 2n })
  await shown({}, /enc_1/, { Y: (statement.Y * (1n + N1)) % N1 ** 2n })

  const y = q ** 7n
  const witness = { ...affineWitness, y }
  const own = { ...(await affineStatement(witness)), verifier: publicRing(ring1) }
  const nonces = { α: q ** 2n + 7n, β: q ** 7n, r: 3n, r_y: 5n, γ: q, δ: q, m: q, μ: q }
  const cheat = await proveAffineGroupWith(own, witness, nonces, { ...tools, arithmetic: unbounded })
  await assertFlaw(verify({ ...own, verifier: ring1 }, cheat), /z2 in ±2\^1791/)
  await assertFlaw(verify({ ...own, verifier: ring1 }, { ...cheat, z2: cheat.z2 % q ** 6n }), /C\^z1/)
})
