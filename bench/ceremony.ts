import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { KernelName } from '../tss-wasm/integers/kernel.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { measureRuns, type Scheme } from './ceremonyRuns.ts'
import { runInChromium } from './chromium.ts'
import { loadDkls, measureDkls } from './dkls.ts'
import type { CeremonyTimes } from './inProcess.ts'
import { printRows, row, type Row } from './rows.ts'
import { measureTssLib, measureTssLibWasm, type TssLibTimes } from './tssLib.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    /** Also tss-lib compiled to wasm: five minutes more. */
    'go-wasm': { type: 'boolean', default: false },
    /** Where the time goes, by stage. */
    profile: { type: 'boolean', default: false },
    'node-only': { type: 'boolean', default: false },
  },
})
const runs = Number(options.runs)
const workFolder = resolve(import.meta.dirname, '../.quorate/bench')
const fixtures = globSync(join(import.meta.dirname, '../tss-wasm/test/fixtures/tss-lib/keygen_data_*.json')).sort()
const saved = fixtures.map((file) => readFileSync(file, 'utf8'))
/** 4-of-7 is not here: the fixtures hold five sets of pre-parameters, and a key with equal moduli is refused. */
const schemes: readonly Scheme[] = [
  { threshold: 2, parties: 3 },
  { threshold: 3, parties: 5 },
]

const measured: { runtime: string; times: CeremonyTimes[][] }[] = []
const kernels: readonly KernelName[] = ['relaxed-simd', 'portable']
for (const kernel of kernels) {
  const loaded = await loadKernel(kernel)
  const request = { schemes, runs, saved }
  measured.push({ runtime: `Node, ${kernel}`, times: await measureRuns(request, () => wasmArithmetic(loaded)) })
  if (options['node-only']) continue
  const entry = join(import.meta.dirname, 'ceremonyWorker.ts')
  const times = await runInChromium<CeremonyTimes[][]>(entry, { kernel, ...request }, workFolder)
  measured.push({ runtime: `Chromium, ${kernel}`, times })
}

const peers: { name: string; times: TssLibTimes }[] = []
const native = measureTssLib(workFolder, Math.min(runs, 3))
if (native !== undefined) peers.push({ name: 'tss-lib native', times: native })
const dkls = loadDkls(workFolder)
if (dkls !== undefined) {
  const all = schemes.map((scheme) =>
    Array.from({ length: runs }, () => measureDkls(dkls, scheme.threshold, scheme.parties)),
  )
  const by = (of: 'keygenMs' | 'signMs') =>
    Object.fromEntries(schemes.map((scheme, i) => [nameOf(scheme), (all[i] ?? []).map((one) => one[of])]))
  peers.push({ name: 'DKLs23 wasm', times: { keygen: by('keygenMs'), sign: by('signMs') } })
}
if (options['go-wasm']) {
  const wasm = measureTssLibWasm(workFolder)
  if (wasm !== undefined) peers.push({ name: 'tss-lib Go wasm', times: wasm })
}

const rows: Row[] = []
for (const [i, scheme] of schemes.entries()) {
  for (const { runtime, times } of measured) {
    const ours = times[i] ?? []
    for (const { name, times: theirs } of peers) {
      const keygenPeer = theirs.keygen[nameOf(scheme)]
      const signPeer = theirs.sign[nameOf(scheme)]
      if (keygenPeer !== undefined)
        rows.push(
          row(
            `keygen ${nameOf(scheme)}`,
            runtime,
            ours.map((one) => one.keygenMs),
            name,
            keygenPeer,
          ),
        )
      if (signPeer !== undefined)
        rows.push(
          row(
            `sign ${nameOf(scheme)}`,
            runtime,
            ours.map((one) => one.signMs),
            name,
            signPeer,
          ),
        )
    }
  }
}
printRows(rows, options.json)
if (options.profile) for (const { runtime, times } of measured) showProfile(runtime, times[0] ?? [])

function nameOf({ threshold, parties }: Scheme): string {
  return `${threshold}-of-${parties}`
}

function showProfile(runtime: string, times: readonly CeremonyTimes[]): void {
  const [one] = times
  if (one === undefined) return
  console.log(`\n${runtime}, 2-of-3`)
  for (const [name, ms] of Object.entries({ ...one.keygenStages, ...one.signStages })) {
    console.log(`  ${(ms / 3).toFixed(1).padStart(8)} ms  ${name}`)
  }
}
