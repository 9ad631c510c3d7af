// npm run soak:strangers -- [--signatures N] [--minutes N] [--report]: how long signatures of a wallet's holder and a server
// party take while strangers from 50 addresses open 1,000 sessions a minute with that party, and without them.
import { rm, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine, today, writeReport } from '../scripts/reliability.ts'
import { runningStack } from '../testkit/running.ts'
import { amongStrangers } from './amongStrangers.ts'

const { values } = parseArgs({
  options: {
    signatures: { type: 'string', default: '40' },
    minutes: { type: 'string', default: '2' },
    report: { type: 'boolean', default: false },
  },
})
const dataFolder = await mkdtemp(join(tmpdir(), 'quorate-strangers-'))
const stack = await runningStack({ dataFolder })
const signatures = Number(values.signatures)
const measured = await amongStrangers(stack, {
  perMinute: 1000,
  addresses: 50,
  signatures,
  warmUpMs: Number(values.minutes) * 60_000,
})
await stack.stop()
await rm(dataFolder, { recursive: true, force: true })
const { quiet, crowded, came, coordinatorMiB } = measured
console.log(JSON.stringify(measured))
if (values.report) {
  const seconds = (ms: number) => (ms / 1000).toFixed(2)
  writeReport('strangers', {
    command: `npm run soak:strangers -- --signatures ${signatures} --minutes ${values.minutes} --report`,
    measured: `${today()}, ${machine()}`,
    columns: ['strangers’ sessions', 'signed', 'p50, s', 'p95, s', 'sessions opened', 'refused by limits', 'coordinator at most, MiB'], // prettier-ignore
    rows: [
      ['none', quiet.signed, seconds(quiet.p50), seconds(quiet.p95), '', '', ''],
      ['1000 a minute from 50 addresses', crowded.signed, seconds(crowded.p50), seconds(crowded.p95), came.opened, came.refused, coordinatorMiB], // prettier-ignore
    ],
  })
}
process.exit(crowded.p95 <= 2 * quiet.p95 && coordinatorMiB < 1024 ? 0 : 1)
