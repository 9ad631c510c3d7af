import type { Arithmetic } from '../tss-wasm/integers/arithmetic.ts'
import { parsePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { measureCeremony, type CeremonyTimes } from './inProcess.ts'

export interface Scheme {
  readonly threshold: number
  readonly parties: number
}

/** How many presignatures are made at once; the long batch in one run only, since it takes as long as all else. */
export const batches = { always: [1, 16], long: 64 } as const

export interface Requested {
  readonly schemes: readonly Scheme[]
  readonly runs: number
  readonly saved: readonly string[]
  /** Also a long batch of presignatures. */
  readonly long: boolean
}

/** Every scheme `runs` times, interleaved, so that a slow minute of the machine does not fall on one of them. */
export async function measureRuns(request: Requested, makeArithmetic: () => Arithmetic): Promise<CeremonyTimes[][]> {
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
          request.long && run === 0 ? [...batches.always, batches.long] : batches.always,
        ),
      )
    }
  }
  return times
}
