import assert from 'node:assert/strict'
import { hashIntegers } from '../../crypto/hash.ts'
import type { PaillierPublicKey, RingPedersen } from '../../crypto/types.ts'
import type { Arithmetic } from '../../integers/arithmetic.ts'
import { gathering } from '../../integers/gathering.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { wasmArithmetic } from '../../integers/wasm.ts'
import type { Flaw, Tools } from '../../proofs/proof.ts'
import { systemRandom } from '../../random.ts'
import { paillierKey, ringPedersen, saveData } from '../fixtures.ts'
import { remembering } from '../remembering.ts'

/** What the product uses, and computes nothing twice. The vectors are also held against the reference. */
export const arithmetic = remembering(gathering(wasmArithmetic(await loadKernel())))
export const tools: Tools = { arithmetic, random: systemRandom }

export const fixture0 = saveData(0)
export const fixture1 = saveData(1)
export const paillier0 = paillierKey(fixture0)
export const ring0 = ringPedersen(fixture0)
export const ring1 = ringPedersen(fixture1)

/** ssid 00112233, position 7: the tag of WIRE 12.3. */
export const context = Uint8Array.of(0x00, 0x11, 0x22, 0x33, 0x07)
export const otherContext = Uint8Array.of(0x00, 0x11, 0x22, 0x33, 0x08)

/** What everybody else knows of a key. */
export const publicPaillier = ({ n }: PaillierPublicKey): PaillierPublicKey => ({ n })
export const publicRing = ({ nTilde, h1, h2 }: RingPedersen): RingPedersen => ({ nTilde, h1, h2 })

/** "digest" of WIRE 12 */
export const digest = (integers: readonly bigint[]): string => hashIntegers(integers).toString(16).padStart(64, '0')

export async function assertHolds(flaw: Flaw | Promise<Flaw>): Promise<void> {
  assert.equal(await flaw, undefined)
}

/** The verifier refuses, and by this check. */
export async function assertFlaw(flaw: Flaw | Promise<Flaw>, expected: RegExp, why?: string): Promise<void> {
  assert.match((await flaw) ?? 'nothing', expected, why)
}

/** A cheater's arithmetic: does not mind exponents beyond the bounds that honest witnesses keep. */
export const unbounded: Arithmetic = {
  products: (modulus, batch) =>
    arithmetic.products(
      modulus,
      batch.map((terms) => terms.map(({ base, exponent }) => ({ base, exponent }))),
    ),
  erase: () => undefined,
}
