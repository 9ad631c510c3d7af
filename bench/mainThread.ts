// The longest task of the page's main thread while a wallet is made, processor time: the app as it is built, driven by
// e2e/mainThread.spec.ts. npm run bench -- mainThread [--json] [--quick]
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { lonelyRow, printRows } from './rows.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
})
const repeated = `--repeat-each=${values.quick ? 1 : 3}`
const { stdout, status } = spawnSync(
  'npx',
  ['playwright', 'test', 'e2e/mainThread.spec.ts', '--reporter=list', repeated],
  { cwd: resolve(import.meta.dirname, '..'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
)
const ms = [...stdout.matchAll(/longest main-thread task during keygen: ([\d.]+) ms/g)].map(([, one]) => Number(one))
if (status !== 0 || ms.length === 0) throw new Error(`the browser test did not pass:\n${stdout}`)
printRows([lonelyRow('longest main-thread task, keygen 2-of-3', 'Chromium', ms)], values.json)
