import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinParts } from '../../crypto/lengthPrefixed.ts'
import { decodeDln, encodeDln, proveDln, swapBases, verifyDln } from '../../proofs/dln.ts'
import { arithmetic, assertFlaw, assertHolds, publicRing, ring0, ring1, tools } from './setting.ts'

const statement = publicRing(ring0)
const Ñ = statement.nTilde
const witness = { x: ring0.alpha.reveal(), halves: ring0.halves.reveal() }
const proof = await proveDln(statement, witness, tools)
const refused = (statement_: object, proof_: object, check: RegExp) =>
  assertFlaw(verifyDln({ ...statement, ...statement_ }, { ...proof, ...proof_ }, arithmetic), check)

test('holds through the wire, in the 258 integers of tss-lib', async () => {
  const sent = encodeDln(proof)
  assert.equal(sent.length, 258)
  assert.deepEqual([sent[0], sent[129]], [128n, 128n])
  const received = decodeDln(sent)
  assert.ok(received)
  await assertHolds(verifyDln(statement, received, arithmetic))
})

test('one wrong answer among 128 is enough', async () => {
  await refused({}, { t: proof.t.with(77, (proof.t[77] ?? 0n) + 1n) }, /h1\^\(t_i\)/)
  await refused({}, { α: proof.α.with(77, (proof.α[77] ?? 0n) + 1n) }, /h1\^\(t_i\)/)
})

test('a proof for one direction or modulus says nothing about another', async () => {
  await refused(swapBases(statement), {}, /h1\^\(t_i\)/)
  await refused({ h2: (statement.h2 * 4n) % Ñ }, {}, /h1\^\(t_i\)/)
  await refused(
    { nTilde: ring1.nTilde },
    { α: proof.α.map((a) => a % ring1.nTilde), t: proof.t.map((t) => t % ring1.nTilde) },
    /h1\^\(t_i\)/,
  )
})

test('a prover who does not know the logarithm fails', async () => {
  const guess = await proveDln(statement, { ...witness, x: witness.x + 1n }, tools)
  await assertFlaw(verifyDln(statement, guess, arithmetic), /h1\^\(t_i\)/)
})

test('values out of range, degenerate bases and moduli are refused before any work', async () => {
  for (const wrong of [0n, 1n, Ñ, Ñ + 2n, 1n << 60_000n]) {
    await refused({}, { t: proof.t.with(3, wrong) }, /1 < t_i/)
    await refused({}, { α: proof.α.with(3, wrong) }, /1 < α_i/)
  }
  const moduli = [{ nTilde: Ñ - 1n }, { nTilde: Ñ >> 1n }, { nTilde: 0n }, { nTilde: Ñ * 5n }]
  const bases = [0n, 1n, Ñ, Ñ + 5n, 2n * witness.halves[0] + 1n].flatMap((h) => [{ h1: h }, { h2: h }])
  for (const wrong of [...moduli, ...bases, { h1: statement.h2 }]) await refused(wrong, {}, /different units/)
  await refused({}, { t: proof.t.slice(1) }, /128 rounds/)
  await refused({}, { α: [...proof.α, 5n] }, /128 rounds/)
})

test('lists that lie about their lengths are not decoded', () => {
  const sent = encodeDln(proof)
  const lies = [
    sent.slice(1),
    [...sent, 0n],
    sent.with(0, -1n),
    sent.with(0, (1n << 64n) - 128n),
    sent.with(129, 127n),
    sent.with(0, 127n),
    sent.with(129, 1n << 63n),
    [],
    joinParts([proof.α.slice(1), [...proof.t, 0n]]),
    joinParts([[...proof.α, 0n], proof.t.slice(1)]),
    joinParts([proof.α, proof.t.slice(1)]),
    joinParts([proof.α.slice(1), proof.t]),
    joinParts([proof.α, proof.t, []]),
    joinParts([[...proof.α, ...proof.t]]),
  ]
  for (const lie of lies) assert.equal(decodeDln(lie), undefined)
})
