// npm run sdk [-- --json]: runs the examples of the three SDKs against one local stack, in which every party searches for its own
// primes: about a minute for each. Says which cannot be run here.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startIntegratorStack } from '../testkit/integratorStack.ts'
import { type ExampleReport, type Language, missing, prepareExample, runExample } from './sdk/examples.ts'

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const languages: readonly Language[] = ['typescript', 'go', 'python']
const report: Partial<Record<Language, ExampleReport | { readonly skipped: string }>> = {}

const scratch = await mkdtemp(join(tmpdir(), 'quorate-sdk-'))
try {
  await using stack = await startIntegratorStack({ dataFolder: join(scratch, 'stack') })
  for (const language of languages) {
    const skipped = missing(language)
    process.stderr.write(skipped === undefined ? `${language} ...\n` : `${language}: SKIPPED, ${skipped}\n`)
    report[language] =
      skipped === undefined ? await runExample(await prepareExample(language, scratch), stack) : { skipped }
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}
console.log(JSON.stringify(report, null, options.json ? 0 : 2))
process.exitCode = Object.values(report).some((each) => 'verified' in each && !each.verified) ? 1 : 0
