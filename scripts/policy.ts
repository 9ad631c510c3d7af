// npm run policy -- check FILE [--transaction 0x... | --message TEXT] [--by FINGERPRINT] [--at TIME]: explains a policy file of a server party, and tries it.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { checkPolicy, policyText } from './cli/policyCheck.ts'

const usage = `Explains what a server party agrees to by its policy file (docs/POLICY.md), and tries a content against it.

  npm run policy -- check FILE                          every rule, in a sentence
  npm run policy -- check FILE --transaction 0x...      and whether it signs this unsigned transaction
  npm run policy -- check FILE --message TEXT           and whether it signs this message
  ... --by FINGERPRINT                                  when this member asks for it; otherwise nobody in particular
  ... --at 2026-12-24T10:00:00Z                         at this time; otherwise now

Nothing has been signed before, as far as limits of an hour or a day go. It ends with 0 where the file is right and what was
tried is signed, with 1 where the file is wrong or the party would refuse, or sign only later, with 2 for a wrong call.
`

const { values, positionals } = parseArgs({
  options: {
    transaction: { type: 'string' },
    message: { type: 'string' },
    by: { type: 'string', default: '' },
    at: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const [command, path, ...rest] = positionals
if (values.help || command !== 'check' || path === undefined || rest.length > 0) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

try {
  const checked = checkPolicy(await readFile(path, 'utf8'), values)
  console.log(policyText(checked))
  if (checked.isSignedAtOnce === false) process.exitCode = 1
} catch (error) {
  console.log(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
