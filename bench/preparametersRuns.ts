import { gathering } from '../tss-wasm/integers/gathering.ts'
import type { Kernel } from '../tss-wasm/integers/kernel.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { primesHere, searchPreParameters } from '../tss-wasm/worker/preParameterSearch.ts'

/** Milliseconds of every set, from nothing to checked. */
export async function measurePreParameters(sets: number, kernel: Kernel): Promise<number[]> {
  const tools = { arithmetic: gathering(wasmArithmetic(kernel)), random: systemRandom }
  const times: number[] = []
  for (let set = 0; set < sets; set++) {
    const begun = performance.now()
    await searchPreParameters(tools, primesHere({ kernel, random: systemRandom }), () => undefined)
    times.push(performance.now() - begun)
  }
  return times
}
