// Keygen, signing and resharing, per party, ours beside others, in Node and in Chromium:
// npm run bench -- ceremony [--json] [--quick] [--all] [--no-go-wasm] [--profile] [--runs=3]
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { KernelName } from '../tss-wasm/integers/kernel.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { batches, measureRuns, type Scheme } from './ceremonyRuns.ts'
import { runInChromium } from './chromium.ts'
import { loadDkls, measureDkls } from './dkls.ts'
import type { CeremonyTimes, PresigningTimes } from './inProcess.ts'
import { lonelyRow, printRows, row, type Row } from './rows.ts'
import { savedPreParameters } from './savedPreParameters.ts'
import { measureTssLib, measureTssLibWasm, type TssLibTimes } from './tssLib.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** One run of each, of 2-of-3 only, without the long batch of presignatures. */
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    /** Also 4-of-7, 3-of-5 by tss-lib, and the portable kernel in Chromium. */
    all: { type: 'boolean', default: false },
    /** Leaves out tss-lib compiled to wasm, which takes five minutes; so does --quick. */
    'no-go-wasm': { type: 'boolean', default: false },
    /** Where the time goes, by stage. */
    profile: { type: 'boolean', default: false },
  },
})
const runs = options.quick ? 1 : Number(options.runs)
const workFolder = resolve(import.meta.dirname, '../.quorate/bench')
const twoOfThree: Scheme = { threshold: 2, parties: 3 }
const threeOfFive: Scheme = { threshold: 3, parties: 5 }
const fewest: readonly Scheme[] = options.quick ? [twoOfThree] : [twoOfThree, threeOfFive]
const schemes: readonly Scheme[] = options.all ? [twoOfThree, threeOfFive, { threshold: 4, parties: 7 }] : fewest

/** They presign nothing: what is compared with presigning, and with the rest, is their whole signature. */
const presigningPeers = ['DKLs23 wasm', 'tss-lib native']

const measured: { runtime: string; times: CeremonyTimes[][] }[] = []
const kernels: readonly KernelName[] = ['relaxed-simd', 'portable']
for (const kernel of kernels) {
  const loaded = await loadKernel(kernel)
  const suffix = kernel === 'portable' ? ', portable' : ''
  const request = { schemes, runs, saved: savedPreParameters, long: !options.quick && kernel !== 'portable' }
  measured.push({ runtime: `Node${suffix}`, times: await measureRuns(request, () => wasmArithmetic(loaded)) })
  if (kernel === 'portable' && !options.all) continue
  const entry = join(import.meta.dirname, 'ceremonyWorker.ts')
  const times = await runInChromium<CeremonyTimes[][]>(entry, { kernel, ...request }, workFolder)
  measured.push({ runtime: `Chromium${suffix}`, times })
}

const peers: { name: string; times: TssLibTimes }[] = []
const native = measureTssLib(workFolder, runs, options.all)
if (native !== undefined) peers.push({ name: 'tss-lib native', times: native })
const dkls = loadDkls(workFolder)
if (dkls !== undefined) {
  const all = schemes.map((scheme) =>
    Array.from({ length: runs }, () => measureDkls(dkls, scheme.threshold, scheme.parties)),
  )
  const by = (of: 'keygenMs' | 'signMs') =>
    Object.fromEntries(schemes.map((scheme, i) => [nameOf(scheme), (all[i] ?? []).map((one) => one[of])]))
  peers.push({ name: 'DKLs23 wasm', times: { keygen: by('keygenMs'), sign: by('signMs'), reshare: {} } })
}
const wasm = options.quick || options['no-go-wasm'] ? undefined : measureTssLibWasm(workFolder)
if (wasm !== undefined) peers.push({ name: 'tss-lib Go wasm', times: wasm })

const rows = schemes.flatMap((scheme, i) =>
  measured.flatMap(({ runtime, times }) => [
    ...rowsOf(`keygen ${nameOf(scheme)}`, runtime, times[i]?.map((one) => one.keygenMs) ?? [], 'keygen', scheme),
    ...rowsOf(`sign ${nameOf(scheme)}`, runtime, times[i]?.map((one) => one.signMs) ?? [], 'sign', scheme),
    ...presigningRows(scheme, runtime, times[i] ?? []),
    ...rowsOf(`reshare ${nameOf(scheme)}`, runtime, times[i]?.map((one) => one.reshareMs) ?? [], 'reshare', scheme),
  ]),
)
printRows(rows, options.json)
if (options.profile) for (const { runtime, times } of measured) showProfile(runtime, times[0]?.[0])

function rowsOf(
  name: string,
  runtime: string,
  ours: number[],
  of: keyof TssLibTimes,
  scheme: Scheme,
  only?: readonly string[],
): Row[] {
  const compared = peers.flatMap((peer) => {
    if (only?.includes(peer.name) === false) return []
    const theirs = peer.times[of][nameOf(scheme)]
    return theirs === undefined ? [] : [row(name, runtime, ours, peer.name, theirs)]
  })
  return compared.length > 0 ? compared : [lonelyRow(name, runtime, ours)]
}

/** Beside what the same signature takes where there is no presigning. */
function presigningRows(scheme: Scheme, runtime: string, times: readonly CeremonyTimes[]): Row[] {
  const name = nameOf(scheme)
  const parts: [string, (one: PresigningTimes) => number][] = [
    [`presign ${name}`, ({ presignMs }) => presignMs],
    [`sign online ${name}`, ({ onlineMs }) => onlineMs],
  ]
  return parts.flatMap(([part, of]) =>
    [...batches.always, batches.long].flatMap((slots) => {
      const ours = times.flatMap(({ presigning }) => presigning[slots] ?? []).map(of)
      const row = slots === 1 ? part : `${part}, each of ${slots}`
      return ours.length === 0 ? [] : rowsOf(row, runtime, ours, 'sign', scheme, presigningPeers)
    }),
  )
}

function nameOf({ threshold, parties }: Scheme): string {
  return `${threshold}-of-${parties}`
}

function showProfile(runtime: string, one: CeremonyTimes | undefined): void {
  console.error(
    `\n${runtime}, 2-of-3, milliseconds from a party's entering a stage to its leaving it, in which others compute, too`,
  )
  const stages = { ...one?.keygenStages, ...one?.signStages, ...one?.presignStages, ...one?.reshareStages }
  for (const [name, ms] of Object.entries(stages)) {
    console.error(`  ${ms.toFixed(1).padStart(8)} ms  ${name}`)
  }
}
