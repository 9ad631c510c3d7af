import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { root } from '../../scripts/project.ts'
import { type Language, missing, prepareExample, pythonWithSdk, runExample } from '../../scripts/sdk/examples.ts'
import { fingerprintOf, generatedFiles } from '../../scripts/sdk/generated.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { type IntegratorStack, startIntegratorStack } from '../../testkit/integratorStack.ts'
import { vectors } from './vectors.ts'

const languages = Object.keys(generatedFiles) as Language[]

describe('the SDKs', () => {
  for (const [language, file] of Object.entries(generatedFiles)) {
    it(`are generated from today’s document of REST: ${language}`, () => {
      const [first] = readFileSync(join(root, file), 'utf8').split('\n', 1)
      assert.match(first ?? '', new RegExp(fingerprintOf(join(root, 'sdk/openapi.json'))), 'npm run sdk:generate')
    })
  }

  it('are held to vectors that this code makes', () => {
    const written = JSON.parse(readFileSync(join(root, 'sdk/vectors.json'), 'utf8')) as unknown
    assert.deepEqual(written, vectors(), 'node scripts/sdk/writeVectors.ts')
  })
})

describe('the examples of the SDKs, each as a user of the package has it', () => {
  const scratch = temporaryFolder()
  let stack: IntegratorStack | undefined
  before(async () => {
    stack = await startIntegratorStack({
      dataFolder: join((await scratch).path, 'stack'),
      fixturesFor: languages.length,
    })
  })
  after(async () => {
    await stack?.[Symbol.asyncDispose]()
    await (await scratch)[Symbol.asyncDispose]()
  })

  for (const language of languages) {
    const skip = missing(language) ?? false
    it(`make a wallet, keep the user’s share, sign with it and hear what happens: ${language}`, { skip }, async () => {
      assert.ok(stack)
      const { address, verified, events } = await runExample(
        await prepareExample(language, (await scratch).path),
        stack,
      )
      assert.match(address, /^0x[0-9a-fA-F]{40}$/)
      assert.equal(verified, true)
      assert.ok(events.includes('created') && events.includes('started'), events.join(' '))
    })
  }
})

describe('what the SDKs’ own tests say', () => {
  const isDeep = process.env['DEEP'] !== undefined

  it('go', { skip: missing('go') ?? false }, () => {
    if (isDeep) passes('go', ['vet', './...'], 'sdk/go')
    // Vetted above: by itself `go test` vets a part, and for that looks through Go's library first.
    passes('go', ['test', '-vet=off', ...(isDeep ? ['-race'] : []), '.'], 'sdk/go')
  })

  it('python', { skip: missing('python') ?? false }, () => {
    if (isDeep) passes(pythonWithSdk(['ethereum', 'test', 'types']), ['-m', 'mypy'], 'sdk/python')
    passes(pythonWithSdk(), ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], 'sdk/python')
  })
})

function passes(command: string, args: readonly string[], folder: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: join(root, folder), encoding: 'utf8' })
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}${stderr}`)
}
