import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { hexToBytes } from '@noble/hashes/utils.js'
import { refusedWith, restClient } from '../../coordinator-stub/test/restClient.ts'
import { root } from '../../scripts/project.ts'
import { type Language, missing, prepareExample, pythonWithSdk, runExample } from '../../scripts/sdk/examples.ts'
import { fingerprintOf, generatedFiles } from '../../scripts/sdk/generated.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { type IntegratorStack, startIntegratorStack } from '../../testkit/integratorStack.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import { type Account, UserKey } from '../typescript/src/index.ts'
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
    it(
      `make a wallet, sign with the user’s share, recover it, and hear what happens: ${language}`,
      { skip },
      async () => {
        assert.ok(stack)
        const { address, verified, recovered, events } = await runExample(
          await prepareExample(language, (await scratch).path),
          stack,
        )
        assert.match(address, /^0x[0-9a-fA-F]{40}$/)
        assert.deepEqual([verified, recovered], [true, true])
        const expected = ['created', 'started', 'reshare proposed', 'reshare confirmed', 'reshare committed']
        for (const event of expected) assert.ok(events.includes(event), events.join(', '))
      },
    )
  }

  it(
    'cannot recover with what is no invitation, or one to another wallet',
    { skip: missing('typescript') ?? false },
    async () => {
      assert.ok(stack)
      const { url, apiKey } = stack
      const call = restClient(url, apiKey)
      const { accounts } = (await call('GET', '/api/v1/accounts')).json as unknown as { accounts: readonly Account[] }
      const [first] = accounts
      assert.ok(first)
      const recipient = (await UserKey.generate()).recipient
      const recover = (account: string, invitation: string) =>
        call('POST', `/api/v1/accounts/${account}/recover`, { invitation, recipient })
      await refusedWith(recover(first.account_id, 'join/AQID'), 400, /damaged|invitation/, 'invitation-unreadable')
      const invitation = await stack.recover(walletIdOf(hexToBytes(first.public_key)))
      for (const { account_id } of accounts.slice(1))
        await refusedWith(recover(account_id, invitation), 404, /of this account/)
      const confirmation = { invitation, confirmation: '00' }
      const confirmed = call('POST', `/api/v1/accounts/${first.account_id}/confirm-recovery`, confirmation)
      await refusedWith(confirmed, 400, /does not match the share/)
    },
  )
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
