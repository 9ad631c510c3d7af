import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { suite, test } from 'node:test'
import { collectPsbt, psbtFrames, psbtOfUr } from '../../content/ur/psbtUr.ts'

interface TheirUr {
  readonly type: string
  readonly cbor: Buffer
  decodeCBOR(): Buffer
}
interface TheirEncoder {
  nextPart(): string
  readonly fragmentsLength: number
}
interface TheirDecoder {
  receivePart(part: string): boolean
  isComplete(): boolean
  resultUR(): TheirUr
}
interface TheirLibrary {
  readonly UR: new (cbor: Buffer, type: string) => TheirUr
  readonly UREncoder: new (ur: TheirUr, longest: number) => TheirEncoder
  readonly URDecoder: new () => TheirDecoder
}

/** The library of those who wrote the standard: it judges ours, in tests only. */
const { UR, UREncoder, URDecoder } = createRequire(import.meta.url)('@ngraveio/bc-ur') as TheirLibrary

const psbt = (length: number) => Uint8Array.from({ length }, (_, i) => (i * i + 7 * i) % 251)

/** CBOR of a byte string, for their encoder. */
function cborOf(bytes: Uint8Array): Buffer {
  const [high, low] = [bytes.length >> 8, bytes.length & 255]
  return Buffer.concat([bytes.length < 256 ? Buffer.of(0x58, low) : Buffer.of(0x59, high, low), bytes])
}

suite('a PSBT as an animated QR code', () => {
  test('is read by their decoder, whichever frames it misses', () => {
    for (const length of [30, 199, 1000, 6000]) {
      const frames = psbtFrames(psbt(length))
      for (const isMissed of [() => false, (i: number) => i % 3 === 1, (i: number) => i < frames.count]) {
        const decoder = new URDecoder()
        for (let i = 0; !decoder.isComplete() && i < 20 * frames.count + 20; i += 1) {
          if (frames.count === 1 || !isMissed(i)) decoder.receivePart(frames.at(i))
        }
        assert.ok(decoder.isComplete(), `${length}`)
        assert.deepEqual(new Uint8Array(decoder.resultUR().decodeCBOR()), psbt(length))
      }
    }
  })

  test('of theirs is read by ours, whichever frames it misses', () => {
    for (const [length, type] of [
      [100, 'crypto-psbt'],
      [3000, 'crypto-psbt'],
      [3000, 'psbt'],
      [8000, 'crypto-psbt'],
    ] as const) {
      for (const isMissed of [() => false, (i: number) => i % 2 === 0, (i: number) => i < length / 100]) {
        const encoder = new UREncoder(new UR(cborOf(psbt(length)), type), 150)
        const take = collectPsbt()
        let reading = take('no UR at all')
        for (let i = 0; reading.bytes === undefined && i < 20_000; i += 1) {
          const part = encoder.nextPart()
          if (length < 150 || !isMissed(i)) reading = take(part)
        }
        assert.deepEqual(reading, { progress: 1, bytes: psbt(length) })
      }
    }
  })

  test('that is damaged, of something else, or mixed with another is not taken for one', () => {
    const frames = psbtFrames(psbt(1000))
    const all = Array.from({ length: frames.count }, (_, i) => frames.at(i))
    assert.deepEqual(psbtOfUr(all.join('\n').replace(/\s/g, '')), psbt(1000))
    assert.equal(psbtOfUr(all.slice(1).join('')), undefined)
    const one = psbtFrames(psbt(50)).at(0)
    assert.deepEqual(psbtOfUr(one.toLowerCase()), psbt(50))
    assert.equal(psbtOfUr(one.replace('CRYPTO-PSBT', 'BYTES')), undefined)
    assert.equal(psbtOfUr(`${one.slice(0, -1)}${one.endsWith('A') ? 'B' : 'A'}`), undefined)
    const take = collectPsbt()
    const other = psbtFrames(psbt(1001))
    for (let i = 0; i < frames.count - 1; i += 1) assert.equal(take(frames.at(i)).bytes, undefined)
    assert.equal(take(other.at(0)).bytes, undefined, 'another one begins anew')
    for (let i = 1; i < other.count - 1; i += 1) assert.equal(take(other.at(i)).bytes, undefined)
    assert.deepEqual(take(other.at(other.count - 1)).bytes, psbt(1001))
  })
})
