import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  bitChallenge,
  leaf,
  list,
  point as hashedPoint,
  scalarChallenge,
  signedChallenge,
  struct,
  text,
  uint,
} from '../../crypto/transcript.ts'
import type { Field } from '../../crypto/fields.ts'
import { ByteReader } from '../../bytes.ts'
import { generator } from '../../curve/point.ts'
import { bytesToHex } from '../../integers/bytes.ts'
import { referenceArithmetic } from '../../integers/reference.ts'
import { affineGroupField, proveAffineGroupWith, verifyAffineGroup } from '../../proofs/affineGroup.ts'
import { affineGroupOpenField, verifyAffineGroupOpen } from '../../proofs/affineGroupOpen.ts'
import { decryptExponentField, verifyDecryptExponent } from '../../proofs/decryptExponent.ts'
import { encElGamalField, proveEncElGamalWith, verifyEncElGamal } from '../../proofs/encElGamal.ts'
import { logElGamalField, proveLogElGamalWith, verifyLogElGamal } from '../../proofs/logElGamal.ts'
import { systemRandom } from '../../random.ts'
import {
  affineGroup,
  affineGroupOpen,
  decryptExponent,
  encElGamal,
  fixture,
  integer,
  logElGamal,
  vectors,
} from './presigningVectors.ts'
import { arithmetic as wasm, assertHolds, paillier0, ring1 } from './setting.ts'

// CGGMP24 13. The Rust crate paillier-zk accepted enc-elg, aff-g and elog.

test('values are written as the vectors have them', () => {
  const expected = fixture('encoding') as Record<string, string>
  const seed = struct({ a: uint(0), b: uint(258), c: text('x'), d: hashedPoint(generator) }, 'tag')
  assert.equal(bytesToHex(seed), expected['struct'])
  assert.equal(bytesToHex(leaf(new Uint8Array())), expected['leaf_empty'])
  assert.equal(bytesToHex(list([])), expected['list_empty'])
  assert.equal(bytesToHex(list([uint(1)], 't')), expected['list_tagged'])
  assert.equal(signedChallenge(seed), integer(expected['challenge_signed']))
  assert.equal(scalarChallenge(seed), integer(expected['challenge_scalar']))
  assert.deepEqual(bitChallenge(seed).slice(0, 16).map(Number), expected['challenge_bits_16'])
  assert.throws(() => uint(-1n), RangeError)
})

test('elog', async () => {
  const vector = vectors('elog')
  const { witness, masks } = vector
  const statement = logElGamal.statement(vector)
  const nonces = { α: integer(masks['alpha']), m: integer(masks['m']) }
  const proof = proveLogElGamalWith(statement, { y: integer(witness['y']), λ: integer(witness['lam']) }, nonces)
  assert.deepEqual(fieldsOf(proof), fieldsOf(logElGamal.proof(vector.proof)))
  await assertHolds(verifyLogElGamal(statement, throughTheWire(logElGamalField, proof)))
})

for (const [engine, arithmetic] of Object.entries({ wasm, reference: referenceArithmetic })) {
  describe(`on ${engine}`, () => {
    const tools = { arithmetic, random: systemRandom }

    test('enc-elg', async () => {
      const vector = vectors('enc-elg')
      const w = vector.witness
      const statement = encElGamal.statement(vector)
      const witness = { x: integer(w['x']), ρ: integer(w['rho']), b: integer(w['b']) }
      const m = vector.masks
      const nonces = {
        ...{ α: integer(m['alpha']), μ: integer(m['mu']), r: integer(m['r']) },
        ...{ β: integer(m['beta']), γ: integer(m['gamma']) },
      }
      for (const prover of [paillier0, { n: paillier0.n }]) {
        const proof = await proveEncElGamalWith({ ...statement, prover }, witness, nonces, tools)
        assert.deepEqual(fieldsOf(proof), fieldsOf(encElGamal.proof(vector.proof)))
      }
      const proof = throughTheWire(encElGamalField, encElGamal.proof(vector.proof))
      await assertHolds(verifyEncElGamal(statement, proof, arithmetic))
      await assertHolds(verifyEncElGamal({ ...statement, verifier: ring1 }, proof, arithmetic))
    })

    test('aff-g', async () => {
      const vector = vectors('aff-g')
      const w = vector.witness
      const statement = affineGroup.statement(vector)
      const witness = {
        ...{ x: integer(w['x']), y: integer(w['y']), ρ: integer(w['rho']), ρ_y: integer(w['rho_y']) },
      }
      const m = vector.masks
      const nonces = {
        ...{ α: integer(m['alpha']), β: integer(m['beta']), r: integer(m['r']), r_y: integer(m['r_y']) },
        ...{ γ: integer(m['gamma']), δ: integer(m['delta']), m: integer(m['m']), μ: integer(m['mu']) },
      }
      for (const prover of [paillier0, { n: paillier0.n }]) {
        const proof = await proveAffineGroupWith({ ...statement, prover }, witness, nonces, tools)
        assert.deepEqual(fieldsOf(proof), fieldsOf(affineGroup.proof(vector.proof)))
      }
      const proof = throughTheWire(affineGroupField, affineGroup.proof(vector.proof))
      await assertHolds(verifyAffineGroup(statement, proof, arithmetic))
      await assertHolds(verifyAffineGroup({ ...statement, verifier: ring1 }, proof, arithmetic))
    })
  })
}

test('aff-g*', async () => {
  const vector = vectors('aff-g-star')
  const proof = throughTheWire(affineGroupOpenField, affineGroupOpen.proof(vector.proof))
  await assertHolds(verifyAffineGroupOpen(affineGroupOpen.statement(vector), proof, wasm))
})

test('dec', async () => {
  const vector = vectors('dec')
  const proof = throughTheWire(decryptExponentField, decryptExponent.proof(vector.proof))
  await assertHolds(verifyDecryptExponent(decryptExponent.statement(vector), proof, wasm))
})

/** Points have more than one form in memory. */
function fieldsOf(proof: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(proof as Record<string, { toString(base?: number): string }>).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? value.toString(16) : (value as unknown as { toHex(): string }).toHex(),
    ]),
  )
}

function throughTheWire<T>(field: Field<T>, value: T): T {
  const written = field.encode(value)
  const reader = new ByteReader(written)
  const read = field.decode(reader)
  reader.end()
  assert.deepEqual(field.encode(read), written)
  return read
}
