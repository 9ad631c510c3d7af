import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coordinates, generator, multiplyPublic, order as q, Point } from '../../curve/point.ts'
import { decodeSchnorrV, encodeSchnorrV, proveSchnorrV, verifySchnorrV } from '../../proofs/schnorrV.ts'
import { assertFlaw, assertHolds, context, otherContext, tools } from './setting.ts'

const G = (k: bigint) => multiplyPublic(generator, k)

test('ZKV: holds through the wire; each perturbation is refused by its check', async () => {
  const base = G(99n)
  const witness = { s: 5n, l: 7n }
  const statement = { point: G(5n * 99n + 7n), base, context }
  const proof = proveSchnorrV(statement, witness, tools)
  const received = decodeSchnorrV(encodeSchnorrV(proof))
  assert.ok(received)
  await assertHolds(verifySchnorrV(statement, received))

  const refused = (statement_: object, proof_: object, check: RegExp) =>
    assertFlaw(verifySchnorrV({ ...statement, ...statement_ }, { ...proof, ...proof_ }), check)
  await refused({}, { τ: (proof.τ + 1n) % q }, /τ·R/)
  await refused({}, { u: (proof.u + 1n) % q }, /τ·R/)
  await refused({}, { τ: proof.u, u: proof.τ }, /τ·R/)
  await refused({}, { α: proof.α.double() }, /τ·R/)
  await refused({ base: G(98n) }, {}, /τ·R/)
  await refused({ point: base }, {}, /τ·R/)
  await refused({ context: otherContext }, {}, /τ·R/)
  for (const wrong of [0n, q]) {
    await refused({}, { τ: wrong }, /0 < τ/)
    await refused({}, { u: wrong }, /0 < u/)
  }
  for (const wrong of [{ base: Point.ZERO }, { point: Point.ZERO }]) await refused(wrong, {}, /infinity/)
  await refused({}, { α: Point.ZERO }, /infinity/)
  assert.equal(
    decodeSchnorrV([...coordinates(generator).map((c) => c + 1n), 1n, 1n] as [bigint, bigint, bigint, bigint]),
    undefined,
  )
})
