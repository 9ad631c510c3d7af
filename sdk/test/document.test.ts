import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { root } from '../../scripts/project.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { startIntegratorStack } from '../../testkit/integratorStack.ts'

const version = '4.32.5'
/** Of each operation; 100 make some 2,000 calls in a minute, 500 the 10,000 that a release is held to. */
const examples = process.env['SCHEMATHESIS_EXAMPLES'] ?? '100'
const checks = [
  ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance'],
  ...['response_headers_conformance', 'response_schema_conformance', 'ignored_auth'],
]

function missing(): string | false {
  if (process.env['DEEP'] === undefined) return 'thousands of calls: npm run test:deep makes them'
  const { status } = spawnSync('python3', ['--version'])
  return status === 0 ? false : '*** Python is not installed: the document was not held against the coordinator ***'
}

/** @returns the program, in a virtual environment that is kept; undefined where it cannot be installed */
function schemathesis(): string | undefined {
  const folder = join(root, 'node_modules/.quorate/python', `schemathesis-${version}`)
  const program = join(folder, 'bin/schemathesis')
  if (existsSync(program)) return program
  spawnSync('python3', ['-m', 'venv', folder])
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`]
  return spawnSync(join(folder, 'bin/python'), install).status === 0 ? program : undefined
}

test('REST answers as its document says, whatever it is asked', { skip: missing() }, async (t) => {
  const program = schemathesis()
  if (program === undefined) {
    t.skip(`*** schemathesis ${version} cannot be installed: the document was not held against the coordinator ***`)
    return
  }
  await using folder = await temporaryFolder()
  await using stack = await startIntegratorStack({ dataFolder: join(folder.path, 'stack'), fixturesFor: 1 })
  const run = spawn(
    program,
    [
      ...['run', join(root, 'sdk/openapi.json'), '--url', stack.url, '--header', `X-API-Key: ${stack.apiKey}`],
      // A stream has no end that could be waited for.
      ...['--exclude-operation-id', 'streamEvents', '--phases', 'examples,fuzzing,stateful'],
      ...['--checks', checks.join(','), '--max-examples', examples, '--no-color'],
    ],
    { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const said = await text(run.stdout)
  const [, made = assert.fail(said)] = /Test cases:\s+(\d+ generated)/.exec(said) ?? []
  t.diagnostic(`${made} by schemathesis`)
  assert.equal(run.exitCode ?? (await new Promise((resolve) => run.once('exit', resolve))), 0, said)
})
