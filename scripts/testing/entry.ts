// node scripts/testing/entry.ts FILE: runs one test file in this process and sees to it that the process ends by itself.
// What keeps it alive after the last test (a server, a thread, a timer that nobody stopped) fails the file and is named.
// The processor time that it took is written to the file named by QUORATE_TEST_COST.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after } from 'node:test'
import { pathToFileURL } from 'node:url'
import { processorSeconds } from './processorTime.ts'

/** From the last test and the hooks after it until the process has to have ended. */
const graceMs = Number(process.env['TEST_GRACE_MS'] ?? 60_000)

// Hooks of the root run when all registered tests are through, whatever is still open.
after(() => {
  const limit = setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap' && kind !== 'TTYWrap')
    process.stderr.write(`✖ still open ${graceMs / 1000} s after the last test: ${open.join(', ')}\n`)
    process.exit(1)
  }, graceMs)
  limit.unref()
})

const cost = process.env['QUORATE_TEST_COST']
if (cost !== undefined)
  process.on('exit', () => {
    writeFileSync(cost, String(processorSeconds()))
  })

const [, , file = ''] = process.argv
await import(pathToFileURL(resolve(file)).href)
