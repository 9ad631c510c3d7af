// npm run interop: every case of frostSessions.ts with the Rust crates of FROST, and of cases.ts with tss-lib v2.0.2. Writes
// docs/reliability/interop.json.
//   -- --head            with tss-lib's master branch instead
//   -- --party PROGRAM   with a Go party that is built already
//   -- --record          keeps what our engine saw and said in interop/transcripts, for where there is no Go
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bytesToHex } from '@noble/hashes/utils.js'
import { machine, readReport, today, writeReport } from '../scripts/reliability.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { cases } from './cases.ts'
import { buildFrostPeer } from './frostPeer.ts'
import { frostCases } from './frostSessions.ts'
import { type Observed, openHall } from './ceremonies.ts'
import { buildGoParty } from './goParty.ts'
import { recordingEngine, type Transcript } from './transcript.ts'

const { values } = parseArgs({
  options: { head: { type: 'boolean' }, party: { type: 'string' }, record: { type: 'boolean' } },
})
let failures = 0
/** One session or several, told when they have ended. @returns the result and how many seconds it took */
async function held(name: string, run: () => Promise<void>): Promise<readonly [result: string, seconds: number]> {
  const started = performance.now()
  let result = 'passes'
  try {
    await run()
  } catch (error) {
    failures += 1
    result = `FAILS: ${String(error)}`
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  process.stdout.write(`${result}: ${name}, ${seconds} s\n`)
  return [result, seconds]
}

const frost = buildFrostPeer()
if (frost.program === undefined)
  process.stderr.write(`interop: ${frost.reason}. No session with the crates of FROST.\n`)
else for (const { name, run } of frostCases) await held(name, () => run(frost.program ?? ''))

const tssLib = values.head === true ? 'master, c84c096' : 'v2.0.2'
const { program, reason } =
  values.party === undefined
    ? buildGoParty(values.head === true ? 'head' : 'v2.0.2')
    : { program: values.party, reason: '' }
if (program === undefined) {
  process.stderr.write(`interop: ${reason}. Nothing was run; \`npm test\` replays recorded sessions.\n`)
  process.exit(1)
}

const transcripts = join(import.meta.dirname, 'transcripts')
if (values.record === true) for (const file of readdirSync(transcripts)) rmSync(join(transcripts, file))

await using hall = await openHall(program)
const rows: (string | number)[][] = []
for (const { name, kept = [], run } of cases) {
  const [result, seconds] = await held(name, () => run(hall, values.record === true ? recorder(name, kept) : undefined))
  rows.push([name, tssLib, result, seconds])
}
const others = (readReport('interop')?.rows ?? []).filter(([, release]) => release !== tssLib)
writeReport('interop', {
  command: 'npm run interop',
  measured: `${today()}, ${machine()}`,
  columns: ['sessions over gRPC', 'tss-lib', 'result', 'seconds'],
  rows: [...others, ...rows],
})
process.exitCode = failures === 0 ? 0 : 1

function recorder(name: string, kept: readonly Transcript['kind'][]): Observed {
  return (ports, { number }, holders) => ({
    ...ports,
    startEngine: () =>
      recordingEngine({
        name,
        tssLib,
        seed: bytesToHex(systemRandom(8)),
        prepared: number,
        holders,
        done(transcript) {
          const count = readdirSync(transcripts).length + 1
          const file = join(transcripts, `${count}-${transcript.kind}.json`)
          if (kept.includes(transcript.kind)) writeFileSync(file, `${JSON.stringify(transcript, undefined, 2)}\n`)
        },
      }),
  })
}
