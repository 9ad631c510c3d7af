import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { psbtFrames } from '../../tss-wasm/content/ur/psbtUr.ts'
import { collectProof, proofFrames } from '../app/wallet/proofFrames.ts'

/** As long as the certificate of twenty members. */
const proof = Uint8Array.from({ length: 24_000 }, (_, i) => (i * i + 7 * i) % 251)

suite('a proof of new shares as an animated QR code', () => {
  test('is whole again from its frames, also where the camera missed every fifth', () => {
    const frames = proofFrames(proof)
    const take = collectProof()
    let reading = take(frames.at(0))
    for (let i = 1; reading.bytes === undefined && i < 20 * frames.count; i += 1)
      if (i % 5 !== 0) reading = take(frames.at(i))
    assert.deepEqual(reading.bytes, proof)
  })

  test('is not taken for a PSBT, nor one for it', () => {
    const one = psbtFrames(proof.subarray(0, 50)).at(0)
    assert.deepEqual(collectProof()(one), { progress: 1, bytes: undefined })
    assert.match(proofFrames(proof).at(0), /^UR:BYTES\//i)
  })
})
