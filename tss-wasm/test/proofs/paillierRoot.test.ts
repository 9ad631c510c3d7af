import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator, multiplyPublic } from '../../curve/point.ts'
import {
  decodePaillierRoot,
  encodePaillierRoot,
  provePaillierRoot,
  verifyPaillierRoot,
} from '../../proofs/paillierRoot.ts'
import { arithmetic, assertFlaw, assertHolds, fixture1, paillier0, tools } from './setting.ts'

const statement = { n: paillier0.n, partyKey: 1n, publicKey: generator }
const proof = await provePaillierRoot(statement, { primes: paillier0.primes.reveal() }, tools)
const refused = (statement_: object, answers: readonly bigint[], check: RegExp) =>
  assertFlaw(verifyPaillierRoot({ ...statement, ...statement_ }, answers, arithmetic), check)

test('holds through the wire; bound to modulus, party and public key', async () => {
  const received = decodePaillierRoot(encodePaillierRoot(proof))
  assert.ok(received)
  await assertHolds(verifyPaillierRoot(statement, received, arithmetic))
  assert.equal(decodePaillierRoot(proof.slice(1)), undefined)
  await refused({ partyKey: 2n }, proof, /y_i\^N/)
  await refused({ publicKey: multiplyPublic(generator, 2n) }, proof, /y_i\^N/)
  await refused(
    { n: fixture1.PaillierSK.N },
    proof.map((y) => y % fixture1.PaillierSK.N),
    /y_i\^N/,
  )
  await refused({}, proof.with(12, (proof[12] ?? 0n) + 1n), /y_i\^N/)
  await refused({}, proof.with(0, proof[1] ?? 0n), /y_i\^N/)
})

test('answers out of range and impossible moduli are refused before any work', async () => {
  for (const wrong of [0n, paillier0.n, 1n << 60_000n]) await refused({}, proof.with(5, wrong), /0 < y_i/)
  await refused({}, [...proof, 1n], /13 answers/)
  for (const n of [paillier0.n + 1n, paillier0.n << 1n, 0n, 1n]) await refused({ n }, proof, /odd and has 2048 bits/)
  const multipleOf997 = paillier0.n - (paillier0.n % (2n * 997n)) + 997n
  await refused({ n: multipleOf997 }, proof, /no factor below 1000/)
})
