// npm run bench -- growth [--parties=3,5,10,20] [--json] [--quick]: how cost grows with the number of parties, of whom just over half
// sign: computing time, bytes and messages of one party, and the memory of a process that plays all of them. Writes
// docs/PERFORMANCE.md and its chart; with --json it writes nothing but rows. Every number of parties runs in a process of its own.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makePreParameters } from '../tss-wasm/crypto/preParameters.ts'
import type { PreParameters } from '../tss-wasm/crypto/types.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { parsePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { writeBetweenMarkers } from '../scripts/markers.ts'
import { root } from '../scripts/project.ts'
import { growthChart, type Line } from './growthChart.ts'
import { measureCeremony, measureProcessorTime, type CeremonyTimes, type Sending } from './inProcess.ts'
import { lonelyRow, printRows } from './rows.ts'
import { savedPreParameters } from './savedPreParameters.ts'

const { values } = parseArgs({
  options: {
    parties: { type: 'string', default: '3,5,10,20' },
    json: { type: 'boolean', default: false },
    /** Three parties only. */
    quick: { type: 'boolean', default: false },
    /** Measures this many, here, and prints it. */
    one: { type: 'string' },
  },
})

const names: readonly Sending[] = ['keygen', 'reshare', 'sign', 'presign', 'sign online']

interface Measured {
  readonly parties: number
  readonly threshold: number
  readonly ms: Readonly<Record<Sending, number>>
  readonly traffic: CeremonyTimes['traffic']
  /** Of the process with all parties in it, at its peak. */
  readonly megabytes: number
}

function inProcess(parties: number): Measured {
  const { status, stdout } = spawnSync(process.execPath, ['bench/growth.ts', `--one=${parties}`], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${parties} parties could not be measured`)
  return JSON.parse(stdout) as Measured
}

async function measure(parties: number): Promise<Measured> {
  measureProcessorTime()
  const threshold = Math.floor(parties / 2) + 1
  const kernel = await loadKernel()
  const makeArithmetic = () => wasmArithmetic(kernel)
  const sets = await preParametersFor(parties)
  const { keygenMs, signMs, presigning, reshareMs, traffic } = await measureCeremony(threshold, sets, makeArithmetic)
  const { presignMs = 0, onlineMs = 0 } = presigning[1] ?? {}
  const ms = { keygen: keygenMs, sign: signMs, presign: presignMs, 'sign online': onlineMs, reshare: reshareMs }
  return { parties, threshold, ms, traffic, megabytes: process.resourceUsage().maxRSS / 1024 }
}

/** Beyond the seven sets that are saved, their primes in other pairs: no modulus comes twice. For measuring only. */
async function preParametersFor(parties: number): Promise<readonly PreParameters[]> {
  const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
  const saved = await Promise.all(savedPreParameters.map((json) => parsePreParameters(json, tools)))
  const primes = saved.map(({ paillier, ringPedersen }) => {
    const [p, q] = paillier.primes.reveal()
    const [half, otherHalf] = ringPedersen.halves.reveal()
    return [p, q, 2n * half + 1n, 2n * otherHalf + 1n] as const
  })
  const of = (set: number, which: 0 | 1 | 2 | 3): bigint => primes[set % primes.length]?.[which] ?? 0n
  const more = Array.from({ length: Math.max(0, parties - saved.length) }, (_, i) => {
    const shift = 1 + Math.floor(i / saved.length)
    const taken = [of(i, 0), of(i + shift, 1), of(i, 2), of(i + shift, 3)]
    return makePreParameters({
      ...tools,
      safePrime: () => Promise.resolve(taken.shift() ?? of(i + shift + 1, 1)),
    })
  })
  return [...saved.slice(0, parties), ...(await Promise.all(more))]
}

function report(all: readonly Measured[]): void {
  if (values.json) {
    const rows = all.flatMap(({ parties, threshold, ms }) =>
      names.map((name) => lonelyRow(`${name} ${threshold}-of-${parties}`, 'Node, growth', [ms[name]])),
    )
    printRows(rows, true)
    return
  }
  const time = (value: number) => (value >= 1000 ? `${(value / 1000).toPrecision(3)} s` : `${value.toPrecision(3)} ms`)
  const size = (bytes: number) =>
    bytes >= 1e6 ? `${(bytes / 1e6).toPrecision(3)} MB` : `${(bytes / 1e3).toPrecision(3)} kB`
  const [cpu] = cpus()
  writeBetweenMarkers('docs/PERFORMANCE.md', 'growth', [
    `Machine and day: ${cpu?.model.trim() ?? 'unknown processor'}, ${new Date().toISOString().slice(0, 10)}, one thread of Node; processor time.`,
    '',
    `| n, t | ${names.join(' | ')} | memory of all |`,
    `|---|${names.map(() => '---|').join('')}---|`,
    ...all.map(({ parties, threshold, ms, traffic, megabytes }) => {
      const cell = (name: Sending) =>
        `${time(ms[name])}; ${size(traffic[name].bytes)} in ${traffic[name].messages.toFixed(0)}`
      return `| ${parties}, ${threshold} | ${names.map(cell).join(' | ')} | ${megabytes.toFixed(0)} MB |`
    }),
  ])
  const lines = names.map((name): Line => ({ name, points: all.map(({ parties, ms }) => [parties, ms[name]]) }))
  writeFileSync(join(root, 'docs/images/growth.svg'), growthChart(lines))
}

const { one, quick, parties } = values
if (one === undefined) report((quick ? '3' : parties).split(',').map(Number).map(inProcess))
else console.log(JSON.stringify(await measure(Number(one))))
