// npm run soak:strangers -- [--signatures N] [--seconds N] [--report]: how long signatures of a wallet's holder and a server
// party take while strangers from 50 addresses open 1,000 sessions a minute with that party, and without them. Takes at most
// five minutes, prints one line of JSON, and ends with 0 if the aim is met (docs/RELIABILITY.md).
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine, today, writeReport } from '../scripts/reliability.ts'
import { runningStack } from '../testkit/running.ts'
import { amongStrangers } from './amongStrangers.ts'

const perMinute = 1000
const addresses = 50
const warmUpMs = 30_000
const mostMiB = 1024

const { values } = parseArgs({
  options: {
    signatures: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '75' },
    report: { type: 'boolean', default: false },
  },
})
const dataFolder = await mkdtemp(join(tmpdir(), 'quorate-strangers-'))
// The default, but for its 60 signatures of a wallet an hour: those end a soak before it has its figures.
const policy = { version: 1, messages: true, chains: 'any', mostSignaturesPerHour: 1_000_000 }
const stack = await runningStack({
  dataFolder,
  beforeStart: (_, { path }) => writeFile(join(path, 'policy.json'), JSON.stringify(policy)),
})
const signatures = Number(values.signatures)
const withinMs = Number(values.seconds) * 1000
const measured = await amongStrangers(stack, { perMinute, addresses, signatures, withinMs, warmUpMs })
await stack.stop()
await rm(dataFolder, { recursive: true, force: true })
const { quiet, crowded, came, coordinatorMiB } = measured
const cameAMinute = Math.round((came.asked / came.seconds) * 60)
const isCrowd = cameAMinute >= 0.95 * perMinute // else a slow machine was spared the strangers
const isMet = isCrowd && crowded.p95 <= 2 * quiet.p95 && quiet.failed + crowded.failed === 0 && coordinatorMiB < mostMiB
const ratio = Math.round((100 * crowded.p95) / quiet.p95) / 100
process.stdout.write(`${JSON.stringify({ isMet, ratio, cameAMinute, ...measured })}\n`)
if (values.report) {
  const seconds = (ms: number) => (ms / 1000).toFixed(2)
  writeReport('strangers', {
    command: `npm run soak:strangers -- --signatures ${signatures} --seconds ${values.seconds} --report`,
    measured: `${today()}, ${machine()}`,
    columns: ['strangers’ sessions', 'signed', 'p50, s', 'p95, s', 'sessions opened', 'refused by limits', 'coordinator at most, MiB'], // prettier-ignore
    rows: [
      ['none', quiet.signed, seconds(quiet.p50), seconds(quiet.p95), '', '', ''],
      [`${cameAMinute} a minute from ${addresses} addresses`, crowded.signed, seconds(crowded.p50), seconds(crowded.p95), came.opened, came.refused, coordinatorMiB], // prettier-ignore
    ],
  })
}
process.exit(isMet ? 0 : 1)
