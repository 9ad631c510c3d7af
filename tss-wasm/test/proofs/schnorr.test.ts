import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator, multiplyPublic, order as q, Point } from '../../curve/point.ts'
import { decodeSchnorr, encodeSchnorr, proveSchnorr, verifySchnorr } from '../../proofs/schnorr.ts'
import { assertFlaw, assertHolds, context, otherContext, tools } from './setting.ts'

const G = (k: bigint) => multiplyPublic(generator, k)

test('Schnorr: holds through the wire; each perturbation is refused by its check', async () => {
  const statement = { point: G(1234n), context }
  const proof = proveSchnorr(statement, { x: 1234n }, tools)
  const received = decodeSchnorr(encodeSchnorr(proof))
  assert.ok(received)
  await assertHolds(verifySchnorr(statement, received))

  const refused = (statement_: object, proof_: object, check: RegExp) =>
    assertFlaw(verifySchnorr({ ...statement, ...statement_ }, { ...proof, ...proof_ }), check)
  await refused({}, { τ: (proof.τ + 1n) % q }, /τ·G/)
  await refused({}, { α: proof.α.negate() }, /τ·G/)
  await refused({ point: G(1235n) }, {}, /τ·G/)
  await refused({ context: otherContext }, {}, /τ·G/)
  for (const τ of [0n, q, proof.τ + q, -1n]) await refused({}, { τ }, /0 < τ < q/)
  await refused({}, { α: Point.ZERO }, /infinity/)
  await refused({ point: Point.ZERO }, {}, /infinity/)
  const [x, y, τ] = encodeSchnorr(proof)
  assert.equal(decodeSchnorr([x, y + 1n, τ]), undefined, 'off the curve')
  assert.equal(decodeSchnorr([0n, 0n, τ]), undefined, "Go's infinity")
})
