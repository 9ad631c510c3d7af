import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encrypt } from '../../crypto/paillier.ts'
import { order as q } from '../../curve/point.ts'
import type { AliceRangeProof } from '../../proofs/aliceRange.ts'
import {
  decodeAliceRange,
  encodeAliceRange,
  proveAliceRange,
  proveAliceRangeWith,
  verifyAliceRange,
} from '../../proofs/aliceRange.ts'
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

const N = paillier0.n
const Ñ = ring1.nTilde
const witness = { m: q - 1n, r: 987_654_321n }
const ciphertext = await encrypt(paillier0, { m: witness.m, x: witness.r }, arithmetic)
const statement = { alice: paillier0, ciphertext, verifier: publicRing(ring1) }
const proof = await proveAliceRange(statement, witness, tools)
/** Bob knows his own factors and not Alice's. */
const atBob = { alice: publicPaillier(paillier0), ciphertext, verifier: ring1 }
const refused = (proof_: Partial<AliceRangeProof>, check: RegExp, statement_: object = {}) =>
  assertFlaw(verifyAliceRange({ ...atBob, ...statement_ }, { ...proof, ...proof_ }, arithmetic), check)

test('holds through the wire', async () => {
  const received = decodeAliceRange(encodeAliceRange(proof))
  assert.ok(received)
  await assertHolds(verifyAliceRange(atBob, received, arithmetic))
  await assertHolds(verifyAliceRange({ ...atBob, verifier: publicRing(ring1) }, received, arithmetic))
  assert.equal(decodeAliceRange(encodeAliceRange(proof).slice(1)), undefined)
})

test('the smallest and the largest plaintext pass', async () => {
  for (const m of [0n, 1n]) {
    const c = await encrypt(paillier0, { m, x: 5n }, arithmetic)
    const honest = await proveAliceRange({ ...statement, ciphertext: c }, { m, r: 5n }, tools)
    await assertHolds(verifyAliceRange({ ...atBob, ciphertext: c }, honest, arithmetic))
  }
})

test('each field and the statement are bound', async () => {
  const { z, u, w, s, s1, s2 } = proof
  for (const wrong of [
    { z: (z + 1n) % Ñ },
    { u: (u + 1n) % N ** 2n },
    { w: (w + 1n) % Ñ },
    { s: (s + 1n) % N },
    { s1: s1 + 1n },
  ]) {
    await refused(wrong, /u·c\^e/)
  }
  await refused({ s2: s2 + 1n }, /w·z\^e/)
  await refused({}, /u·c\^e/, { ciphertext: (ciphertext * (1n + N)) % N ** 2n })
  await refused({}, /w·z\^e/, { verifier: { ...publicRing(ring1), h1: ring1.h2, h2: ring1.h1 } })
  await refused({}, /w·z\^e|0 <= [zw] < Ñ|s2 </, { verifier: ring0 })
})

test('values out of range are refused before any work', async () => {
  await refused({ z: Ñ }, /0 <= z < Ñ/)
  await refused({ w: Ñ }, /0 <= w < Ñ/)
  await refused({ u: N ** 2n }, /0 <= u < N\^2/)
  await refused({ s: N }, /0 <= s < N/)
  await refused({ s1: q - 1n }, /s1 >= q/)
  await refused({ s2: q - 1n }, /s2 >= q/)
  await refused({ s1: q ** 3n + 1n }, /s1 <= q\^3/)
  await refused({ s2: 2n * q ** 3n * Ñ }, /s2 < 2q\^3/)
  await refused({ s2: 1n << 60_000n }, /s2 < 2q\^3/)
  for (const wrong of [{ s: 1n }, { z: 1n }, { s2: proof.s1 }]) await refused(wrong, /s != 1, z != 1, s1 != s2/)
})

test('what shares a factor with its modulus is refused', async () => {
  const [p] = paillier0.primes.reveal()
  const pHat = 2n * ring1.halves.reveal()[0] + 1n
  for (const zero of [0n, pHat]) {
    await refused({ z: zero }, /gcd\(z, Ñ\)/)
    await refused({ w: zero }, /gcd\(z, Ñ\)/)
  }
  for (const zero of [0n, p, p * 5n]) {
    await refused({ u: zero }, /gcd\(u, N\)/)
    await refused({ s: zero }, /gcd\(u, N\)/)
  }
  await refused({}, /0 < c < N\^2/, { ciphertext: 0n })
  await refused({}, /0 < c < N\^2/, { ciphertext: N ** 2n + 1n })
  for (const c of [p, N, p * 3n]) await refused({}, /gcd\(c, N\) = 1/, { ciphertext: c })
  for (const n of [N - 1n, N >> 1n, 1n, 0n]) await refused({}, /2048 bits/, { alice: { n } })
  await refused({}, /2048 bits/, { verifier: { ...publicRing(ring1), nTilde: Ñ + 1n } })
})

test('a plaintext far beyond q cannot be shown to be small', async () => {
  const m = q ** 4n
  const c = await encrypt(paillier0, { m, x: 3n }, arithmetic)
  const nonces = { α: q ** 2n, β: 5n, γ: q ** 2n, ρ: q }
  const cheat = await proveAliceRangeWith({ ...statement, ciphertext: c }, { m, r: 3n }, nonces, unbounded)
  await assertFlaw(verifyAliceRange({ ...atBob, ciphertext: c }, cheat, arithmetic), /s1 <= q\^3/)
  // Nor with the right length and a plaintext taken mod N.
  const reduced = { ...cheat, s1: cheat.s1 % q ** 3n }
  await assertFlaw(verifyAliceRange({ ...atBob, ciphertext: c }, reduced, arithmetic), /u·c\^e/)
})
