import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator, multiplyPublic, order as q } from '../../curve/point.ts'
import { reduceScalar } from '../../curve/scalar.ts'
import { verifyAliceRange } from '../../proofs/aliceRange.ts'
import type { MtaResult } from '../../proofs/mta.ts'
import { answerMta, answerMtaChecked, finishMta, finishMtaChecked, offerMta } from '../../proofs/mta.ts'
import {
  arithmetic,
  assertHolds,
  context,
  paillier0,
  publicPaillier,
  publicRing,
  ring0,
  ring1,
  tools,
} from './setting.ts'

const shareOf = (result: MtaResult) => ('share' in result ? result.share : assert.fail(result.flaw))

test('a product becomes a sum, twice on one ciphertext, for the smallest and largest factors', async () => {
  for (const [a, b, w] of [
    [0n, 1n, 1n],
    [q - 1n, q - 1n, 2n],
    [123_456_789n, 0n, q - 1n],
  ] as const) {
    const { ciphertext, proof } = await offerMta({ alice: paillier0, bob: publicRing(ring1), a }, tools)
    await assertHolds(
      verifyAliceRange({ alice: publicPaillier(paillier0), ciphertext, verifier: ring1 }, proof, arithmetic),
    )

    const point = multiplyPublic(generator, w)
    const atBob = { alice: publicPaillier(paillier0), verifier: publicRing(ring0), offered: ciphertext, context }
    const answer = await answerMta(atBob, b, tools)
    const checked = await answerMtaChecked({ ...atBob, point }, w, tools)

    const atAlice = { alice: paillier0, verifier: ring0, offered: ciphertext, context }
    const α = shareOf(await finishMta(atAlice, answer, arithmetic))
    const μ = shareOf(await finishMtaChecked({ ...atAlice, point }, checked, arithmetic))
    assert.equal(reduceScalar(α + answer.share), reduceScalar(a * b))
    assert.equal(reduceScalar(μ + checked.share), reduceScalar(a * w))

    // Answers are not interchangeable, and nothing is decrypted when the proof fails.
    const swapped = await finishMta(atAlice, { ciphertext: checked.ciphertext, proof: answer.proof }, arithmetic)
    assert.ok('flaw' in swapped)
    const wrongPoint = { ...atAlice, point: point.double() }
    const wrong = await finishMtaChecked(wrongPoint, checked, arithmetic)
    assert.ok('flaw' in wrong && wrong.flaw.includes('s1·G'))
    const stale = await finishMta(
      { ...atAlice, offered: (ciphertext * ciphertext) % paillier0.n ** 2n },
      answer,
      arithmetic,
    )
    assert.ok('flaw' in stale)
  }
})

test('Bob does not compute on what is not a ciphertext', async () => {
  const exchange = { alice: publicPaillier(paillier0), verifier: publicRing(ring0), context }
  for (const offered of [0n, paillier0.n, paillier0.n ** 2n])
    await assert.rejects(answerMta({ ...exchange, offered }, 5n, tools))
})
