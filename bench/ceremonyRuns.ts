import type { Arithmetic } from '../tss-wasm/integers/arithmetic.ts'
import { parsePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { measureCeremony, type CeremonyTimes } from './inProcess.ts'

export interface Scheme {
  readonly threshold: number
  readonly parties: number
}

/** Every scheme `runs` times, interleaved, so that a slow minute of the machine does not fall on one of them. */
export async function measureRuns(
  request: { readonly schemes: readonly Scheme[]; readonly runs: number; readonly saved: readonly string[] },
  makeArithmetic: () => Arithmetic,
): Promise<CeremonyTimes[][]> {
  const checking = { arithmetic: makeArithmetic(), random: systemRandom }
  const preParameters = await Promise.all(request.saved.map((json) => parsePreParameters(json, checking)))
  const times: CeremonyTimes[][] = request.schemes.map(() => [])
  for (let run = 0; run < request.runs; run += 1) {
    for (const [i, { threshold, parties }] of request.schemes.entries()) {
      const sets = Array.from({ length: parties }, (_, party) => preParameters[party % preParameters.length])
      times[i]?.push(
        await measureCeremony(
          threshold,
          sets.filter((set) => set !== undefined),
          makeArithmetic,
        ),
      )
    }
  }
  return times
}
