import { test } from 'node:test'
import { text } from '../../crypto/transcript.ts'
import { generator, multiplyPublic, order as q } from '../../curve/point.ts'
import { proveLogElGamal, verifyLogElGamal } from '../../proofs/logElGamal.ts'
import { assertHolds, tools } from './setting.ts'
import { infinity, refusing } from './tampering.ts'

const G = (k: bigint) => multiplyPublic(generator, k)
const witness = { y: 1234n, λ: 5678n }
const X = G(99n)
const h = G(77n)
const statement = {
  ...{ L: G(witness.λ), M: G(witness.y).add(multiplyPublic(X, witness.λ)), X, Y: multiplyPublic(h, witness.y), h },
  state: text('this run'),
}
const proof = proveLogElGamal(statement, witness, tools)
const { ofProof, ofStatement } = refusing(verifyLogElGamal, statement, proof)

test('elog holds, also to the base G', async () => {
  await assertHolds(verifyLogElGamal(statement, proof))
  const toG = { ...statement, h: generator, Y: G(witness.y) }
  await assertHolds(verifyLogElGamal(toG, proveLogElGamal(toG, witness, tools)))
})

test('elog: each field of the proof is bound', async () => {
  await ofProof({ A: proof.A.negate() }, /z·G = A/)
  await ofProof({ N: proof.N.add(generator) }, /z·G = A/)
  await ofProof({ B: proof.B.negate() }, /z·G = A/)
  await ofProof({ z: (proof.z + 1n) % q }, /z·G = A/)
  await ofProof({ u: (proof.u + 1n) % q }, /u·G \+ z·X/)
  for (const wrong of [q, proof.z + q, -1n]) {
    await ofProof({ z: wrong }, /0 <= z, u < q/)
    await ofProof({ u: wrong }, /0 <= z, u < q/)
  }
  for (const name of ['A', 'N', 'B'] as const) await ofProof({ [name]: infinity }, /infinity/)
})

test('elog: the statement and the run are bound', async () => {
  for (const name of ['L', 'M', 'X', 'Y', 'h'] as const) {
    await ofStatement({ [name]: statement[name].negate() }, /z·G = A/)
    await ofStatement({ [name]: infinity }, /infinity/)
  }
  await ofStatement({ state: text('another run') }, /z·G = A/)
})

test('elog: a Y with another logarithm cannot be proven', async () => {
  for (const [wrong, check] of [
    [{ y: witness.y + 1n, λ: witness.λ }, /u·G \+ z·X/],
    [{ y: witness.y, λ: witness.λ + 1n }, /z·G = A/],
  ] as const) {
    await refusing(verifyLogElGamal, statement, proveLogElGamal(statement, wrong, tools)).ofProof({}, check)
  }
  const another = { ...statement, Y: statement.Y.add(h) }
  await refusing(verifyLogElGamal, another, proveLogElGamal(another, witness, tools)).ofProof({}, /u·h = B/)
})
