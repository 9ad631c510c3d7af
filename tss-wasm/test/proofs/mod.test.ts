import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashTagged } from '../../crypto/hash.ts'
import { bitLength, gcd, inverse, jacobi, mod } from '../../integers/numberTheory.ts'
import { randomBelow } from '../../integers/sampling.ts'
import { isProbablePrime } from '../../integers/primality.ts'
import type { ModProof } from '../../proofs/mod.ts'
import { decodeMod, encodeMod, proveMod, proveModWith, verifyMod } from '../../proofs/mod.ts'
import { paillierKey } from '../fixtures.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import {
  arithmetic,
  assertFlaw,
  assertHolds,
  context,
  fixture0,
  fixture1,
  otherContext,
  paillier0,
  tools,
} from './setting.ts'

const n = paillier0.n
const statement = { n, context }
const proof = await proveMod(statement, { primes: paillier0.primes.reveal() }, tools)
const refused = (proof_: Partial<ModProof>, check: RegExp, statement_: object = {}) =>
  assertFlaw(verifyMod({ ...statement, ...statement_ }, { ...proof, ...proof_ }, arithmetic), check)
const power = async (base: bigint, exponent: bigint, modulus: bigint) =>
  (await arithmetic.products({ value: modulus }, [[{ base, exponent }]]))[0] ?? 0n

test('holds through the wire, in the 163 integers of tss-lib', async () => {
  const sent = encodeMod(proof)
  assert.equal(sent.length, 163)
  const received = decodeMod(sent)
  assert.ok(received)
  await assertHolds(verifyMod(statement, received, arithmetic))
  for (const wrong of [sent.slice(1), [...sent, 1n], []]) assert.equal(decodeMod(wrong), undefined)
})

test('holds for a key whose own −1 changes the sign of its fourth roots, and draws W again when it is a square', async () => {
  // Half of all keys are of this kind, and the other half is tested above.
  const sign = ([p, q]: readonly [bigint, bigint]) => (((p - 1n) * (q - 1n) + 4n) / 8n) % 2n
  const primes = paillierKey(fixture1).primes.reveal()
  assert.deepEqual([sign(paillier0.primes.reveal()), sign(primes)], [0n, 1n])
  const theirs = { n: primes[0] * primes[1], context }
  const drawsAgain = (label: string) => jacobi(randomBelow(seededRandom(label), theirs.n), theirs.n) !== -1
  const label = Array.from({ length: 64 }, (_, at) => `mod ${at}`).find(drawsAgain)
  assert.ok(label)
  const drawn = await proveMod(theirs, { primes }, { arithmetic, random: seededRandom(label) })
  assert.equal(jacobi(drawn.W, theirs.n), -1)
  await assertHolds(verifyMod(theirs, drawn, arithmetic))
})

test('each perturbation is refused by its check', async () => {
  await refused({ X: proof.X.with(9, (proof.X[9] ?? 0n) + 1n) }, /X_i\^4/)
  await refused({ A: proof.A ^ 1n }, /X_i\^4/)
  await refused({ B: proof.B ^ (1n << 79n) }, /X_i\^4/)
  await refused({ Z: proof.Z.with(9, (proof.Z[9] ?? 0n) + 1n) }, /Z_i\^N/)
  await refused({ Z: proof.X, X: proof.Z }, /Z_i\^N/)
  await refused({ W: (proof.W * 4n) % n }, /Z_i\^N/)
  await refused({}, /Z_i\^N/, { context: otherContext })
})

test('values out of range are refused before any work', async () => {
  for (const wrong of [0n, n, n + 1n, 1n << 60_000n]) {
    await refused({ W: wrong }, /0 < W/)
    await refused({ X: proof.X.with(0, wrong) }, /0 < X_i/)
    await refused({ Z: proof.Z.with(79, wrong) }, /0 < Z_i/)
  }
  for (const wrong of [0n, 1n, proof.A >> 1n, proof.A | (1n << 81n), -proof.A]) {
    await refused({ A: wrong }, /81 bits/)
    await refused({ B: wrong }, /81 bits/)
  }
  await refused({ X: proof.X.slice(1) }, /80 rounds/)
  await refused({ Z: [...proof.Z, 2n] }, /80 rounds/)
  await refused({ W: 4n }, /Jacobi/)
  for (const wrong of [n - 1n, n + 1n, 0n, 1n, n >> 1n, n << 8n, -n])
    await refused({}, /odd and has 2048 bits/, { n: wrong })
})

/** Y_i as the verifier will have them. */
function challenges(modulus: bigint, W: bigint): bigint[] {
  const Y: bigint[] = []
  while (Y.length < 80) Y.push(hashTagged(context, [W, modulus, ...Y]) % modulus)
  return Y
}

/** X and the a_i such that X_i^4 = ±factor·Y_i modulo a prime that is 3 mod 4. */
async function fourthRoots(prime: bigint, targets: readonly bigint[]) {
  const a = targets.map((target) => (jacobi(target, prime) === 1 ? 0n : 1n))
  const exponent = ((prime + 1n) / 4n) ** 2n % (prime - 1n)
  const roots = targets.map((target, i) => power(mod(a[i] === 1n ? -target : target, prime), exponent, prime))
  return { X: await Promise.all(roots), A: a.reduce((bits, bit, i) => bits | (bit << BigInt(i)), 1n << 80n) }
}

test('the forgery that tss-lib v2.0.2 accepts: W shares a factor with an N full of small primes', async () => {
  const P = fixture0.PaillierSK.P
  // N = P·R, R a product of primes of 16 and 17 bits: exactly what the proof is there to exclude.
  let [R, φR] = [1n, 1n]
  for (let f = 65_537n; bitLength(P * R) < 2048; f += 2n) {
    const isUsable =
      f < 80_000n && (await isProbablePrime(f, 10, tools)) && gcd(P * R * f, (P - 1n) * φR * (f - 1n)) === 1n
    const fits = bitLength(P * R * f) <= 2048
    if (isUsable && fits) [R, φR] = [R * f, φR * (f - 1n)]
    else if (isUsable) break
  }
  // The last factor is chosen to reach 2048 bits.
  for (let f = ((1n << 2047n) / (P * R) + 1n) | 1n; bitLength(P * R) < 2048; f += 2n) {
    if ((await isProbablePrime(f, 10, tools)) && gcd(P * R * f, (P - 1n) * φR * (f - 1n)) === 1n)
      [R, φR] = [R * f, φR * (f - 1n)]
  }
  const N = P * R
  assert.equal(bitLength(N), 2048)

  const W = R * 7n // X_i = 0 mod R satisfies the equation there with b_i = 1, whatever Y_i is
  const Y = challenges(N, W)
  const M = inverse(N, (P - 1n) * φR)
  const mod_P = await fourthRoots(
    P,
    Y.map((Y_i) => mod(W * Y_i, P)),
  )
  const lift = R * inverse(R, P)
  const forged: ModProof = {
    W,
    X: mod_P.X.map((X_i) => (X_i * lift) % N),
    A: mod_P.A,
    B: (1n << 81n) - 1n,
    Z: await Promise.all(Y.map((Y_i) => power(Y_i, M, N))),
  }
  // The forgery is good: every equation holds ...
  for (const [i, Y_i] of Y.entries()) {
    const sign = (forged.A >> BigInt(i)) & 1n ? -1n : 1n
    assert.equal((forged.X[i] ?? 0n) ** 4n % N, mod(sign * W * Y_i, N))
    assert.equal(await power(forged.Z[i] ?? 0n, N, N), Y_i)
  }
  // ... and only the gcd gives it away.
  await assertFlaw(verifyMod({ n: N, context }, forged, arithmetic), /gcd\(W, N\) = 1/)
})

test('a prime N satisfies every equation and is refused for being prime', async () => {
  const prime = (1n << 2048n) - 1_942_289n
  const W = prime - 1n
  const Y = challenges(prime, W)
  const roots = await fourthRoots(prime, Y)
  const forged: ModProof = { W, X: roots.X, A: roots.A, B: 1n << 80n, Z: Y }
  await assertFlaw(verifyMod({ n: prime, context }, forged, arithmetic), /not prime/)
})

test('a prover without the right factors, or with a W that is a square, makes no proof', async () => {
  const wrong = { primes: [fixture0.PaillierSK.P, fixture1.PaillierSK.Q] as const }
  await assert.rejects(proveMod(statement, wrong, tools))
  const right = { primes: paillier0.primes.reveal() }
  await assert.rejects(proveModWith(statement, right, { W: 4n }, arithmetic), /Jacobi\(W\/N\) is not -1$/)
})
