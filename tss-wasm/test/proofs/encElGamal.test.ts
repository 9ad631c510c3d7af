import { test } from 'node:test'
import { gammaPower, modulusNSquared, nthPower } from '../../crypto/paillier.ts'
import { text } from '../../crypto/transcript.ts'
import { generator, multiplyPublic, order as q } from '../../curve/point.ts'
import {
  type EncElGamalStatement,
  proveEncElGamal,
  proveEncElGamalWith,
  verifyEncElGamal,
} from '../../proofs/encElGamal.ts'
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

const N = paillier0.n
const Ñ = ring1.nTilde
const G = (k: bigint) => multiplyPublic(generator, k)
const A = G(4321n)

async function stated(x: bigint, ρ: bigint, b: bigint): Promise<EncElGamalStatement> {
  const [rN = 0n] = await arithmetic.products(modulusNSquared(paillier0), [[nthPower(paillier0, ρ)]])
  return {
    prover: paillier0,
    C: (gammaPower(paillier0, x) * rN) % N ** 2n,
    ...{ A, B: G(b), X: multiplyPublic(A, b).add(G(x)) },
    verifier: publicRing(ring1),
    state: text('this run'),
  }
}

const witness = { x: -((q - 1n) / 2n), ρ: 987_654_321n, b: 31_415n }
const statement = await stated(witness.x, witness.ρ, witness.b)
const proof = await proveEncElGamal(statement, witness, tools)
const verify = (s: EncElGamalStatement, p: typeof proof) => verifyEncElGamal(s, p, arithmetic)
/** The verifier knows its own factors and not the prover's. */
const atVerifier = { ...statement, prover: publicPaillier(paillier0), verifier: ring1 }
const { ofProof, ofStatement } = refusing<EncElGamalStatement, typeof proof>(verify, atVerifier, proof)
const third = refusing(verify, { ...atVerifier, verifier: publicRing(ring1) }, proof)

test('enc-elg holds for both ends of the range, and for anybody who verifies', async () => {
  for (const x of [witness.x, (q - 1n) / 2n, 0n, 1n]) {
    const own = await stated(x, witness.ρ, witness.b)
    const honest = await proveEncElGamal(own, { ...witness, x }, tools)
    await assertHolds(verify({ ...own, prover: publicPaillier(paillier0), verifier: ring1 }, honest))
    await assertHolds(verify(own, honest))
    await assertHolds(verify({ ...own, prover: publicPaillier(paillier0) }, honest))
  }
})

test('enc-elg: each field of the proof is bound', async () => {
  for (const refused of [ofProof, third.ofProof]) {
    for (const [name, end] of [
      ['S', Ñ],
      ['T', Ñ],
      ['D', N ** 2n],
    ] as const) {
      await refused({ [name]: (proof[name] + 1n) % end }, /w·A/)
    }
    await refused({ S: Ñ - proof.S }, /w·A/)
    await refused({ Y: proof.Y.negate() }, /w·A/)
    await refused({ Z: proof.Z.negate() }, /w·A/)
    await refused({ z1: proof.z1 + 1n }, /w·A/)
    await refused({ w: (proof.w + 1n) % q }, /w·A/)
    await refused({ z2: (proof.z2 + 1n) % N }, /enc\(z1; z2\)/)
    await refused({ z3: proof.z3 + 1n }, /h1\^z1/)
    await refused({ z1: proof.z1 + q }, /enc\(z1; z2\)/)
  }
})

test('enc-elg: values out of range are refused before any work', async () => {
  for (const wrong of [N ** 2n, -1n]) await ofProof({ D: wrong }, /0 <= C, D < N\^2/)
  for (const name of ['S', 'T'] as const) {
    for (const wrong of [Ñ, -1n]) await ofProof({ [name]: wrong }, /0 <= S, T < Ñ/)
  }
  for (const wrong of [N, proof.z2 + N, -1n]) await ofProof({ z2: wrong }, /0 <= z2 < N/)
  for (const wrong of [q, proof.w + q, -1n]) await ofProof({ w: wrong }, /0 <= w < q/)
  for (const sign of [1n, -1n]) {
    await ofProof({ z1: sign * (2n ** 767n + 1n) }, /z1 in ±2\^767/)
    await ofProof({ z3: sign * (2n ** 768n * Ñ + 1n) }, /z3 in ±2\^768·Ñ/)
    await ofProof({ z3: sign << 60_000n }, /z3 in ±2\^768·Ñ/)
  }
  for (const name of ['Y', 'Z'] as const) await ofProof({ [name]: infinity }, /infinity/)
})

test('enc-elg: what shares a factor with its modulus is refused', async () => {
  const [p] = paillier0.primes.reveal()
  const pHat = 2n * ring1.halves.reveal()[0] + 1n
  for (const zero of [0n, p]) {
    await ofProof({ D: zero }, /C, D, z2 are units/)
    await ofProof({ z2: zero }, /C, D, z2 are units/)
    await ofStatement({ C: zero }, /C, D, z2 are units/)
  }
  for (const zero of [0n, pHat]) {
    await ofProof({ S: zero }, /S, T are units/)
    await ofProof({ T: zero }, /S, T are units/)
  }
  await ofStatement({ C: N ** 2n + 1n }, /0 <= C, D < N\^2/)
  for (const n of [N - 1n, N >> 1n, 1n]) await ofStatement({ prover: { n } }, /2048 bits/)
  await ofStatement({ verifier: { ...publicRing(ring1), nTilde: Ñ + 1n } }, /2048 bits/)
})

test('enc-elg: the statement, the run and the verifier are bound', async () => {
  await ofStatement({ C: (statement.C * (1n + N)) % N ** 2n }, /w·A/)
  for (const name of ['A', 'B', 'X'] as const) {
    await ofStatement({ [name]: statement[name].negate() }, /w·A/)
    await ofStatement({ [name]: infinity }, /infinity/)
  }
  await ofStatement({ state: text('another run') }, /w·A/)
  await ofStatement({ verifier: ring0 }, /w·A|< Ñ|±2\^768/)
  await ofStatement({ verifier: { ...publicRing(ring1), h1: ring1.h2, h2: ring1.h1 } }, /w·A/)
})

test('enc-elg: what does not fit together, or is large, cannot be proven', async () => {
  const shown = async (wrong: typeof witness, check: RegExp, of = statement) =>
    assertFlaw(verify({ ...of, verifier: ring1 }, await proveEncElGamal(of, wrong, tools)), check)
  await shown({ ...witness, b: witness.b + 1n }, /w·A/)
  await shown({ ...witness, ρ: witness.ρ + 1n }, /enc\(z1; z2\)/)
  const otherB = { ...statement, B: G(1n), X: statement.X }
  await shown(witness, /w·G = Z/, otherB)
  const otherC = { ...statement, C: (statement.C * (1n + N)) % N ** 2n }
  await shown(witness, /enc\(z1; z2\)/, otherC)

  const x = q ** 3n
  const large = await stated(x, witness.ρ, witness.b)
  const nonces = { α: q ** 2n, μ: q, r: 5n, β: 7n, γ: q ** 2n }
  const cheating = { ...tools, arithmetic: unbounded }
  const cheat = await proveEncElGamalWith(large, { ...witness, x }, nonces, cheating)
  await assertFlaw(verify({ ...large, verifier: ring1 }, cheat), /z1 in ±2\^767/)
  const reduced = { ...cheat, z1: cheat.z1 % q }
  await assertFlaw(verify({ ...large, verifier: ring1 }, reduced), /enc\(z1; z2\)/)
})
