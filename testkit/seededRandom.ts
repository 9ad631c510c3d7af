import { createHash } from 'node:crypto'
import { bytesToHex } from '../tss-wasm/integers/bytes.ts'
import { type RandomSource, systemRandom } from '../tss-wasm/random.ts'

/** From the environment to repeat a run, else fresh. Printed, so that a failure can be repeated. */
export const seed = process.env['SEED'] ?? bytesToHex(systemRandom(8))
console.log(`SEED=${seed}`)

/** SHA-256 of the seed, a label and a counter. Two sources of one label give the same bytes. */
export function seededRandom(label: string): RandomSource {
  let counter = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      const block = createHash('sha256')
        .update(`${seed}/${label}/${String(counter++)}`)
        .digest()
      bytes.set(block.subarray(0, length - at), at)
    }
    return bytes
  }
}
