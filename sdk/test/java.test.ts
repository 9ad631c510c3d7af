import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { copyFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { verifyMessage } from 'viem'
import { root } from '../../scripts/project.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { startIntegratorStack } from '../../testkit/integratorStack.ts'
import type { Account, OrderedSession, Signature } from '../typescript/src/index.ts'
import { checkKey, checkShare, sealedOrder, UserKey } from '../typescript/src/user.ts'
import { toQuorateAccount } from '../typescript/src/viem.ts'

/** In the version that the document was tried with. */
const generator = 'org.openapitools:openapi-generator-cli:7.17.0'
const run = promisify(execFile)
const content = { type: 'ethereum-message', message: Buffer.from('ten pints of milk').toString('base64') } as const

/** What Proof.java says, a line each. */
type Said =
  | { readonly share: Parameters<typeof checkShare>[0] }
  | { readonly order: OrderedSession; readonly key: Parameters<typeof checkKey>[0]; readonly account: Account }
  | { readonly signed: { readonly signature: Signature } }

function missing(): string | false {
  if (process.env['DEEP'] === undefined) return 'a generator and a build by Maven: npm run test:deep runs them'
  const absent = ['javac', 'mvn'].find((program) => spawnSync(program, ['-version']).status !== 0)
  return absent === undefined
    ? false
    : `*** ${absent} is not installed: no client in a fourth language was generated ***`
}

test(
  'a client in Java that is generated of the document alone makes a wallet and signs',
  { skip: missing() },
  async () => {
    await using folder = await temporaryFolder()
    const project = join(folder.path, 'client')
    await generated(folder.path, project)
    await using stack = await startIntegratorStack({ dataFolder: join(folder.path, 'stack'), fixturesFor: 1 })
    const user = { name: 'alice', key: await UserKey.generate(), pin: stack.pin }
    const program = spawn(
      'java',
      ['-cp', [join(project, 'target/classes'), join(project, 'target/dependency/*')].join(delimiter), 'Proof'],
      {
        env: { ...process.env, QUORATE_URL: stack.url, QUORATE_API_KEY: stack.apiKey, RECIPIENT: user.key.recipient },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    let file = ''
    let signed: { readonly account: Account; readonly signature: Signature } | undefined
    let made: Account | undefined
    for await (const line of createInterface(program.stdout)) {
      const said = JSON.parse(line) as Said
      if ('share' in said) {
        await checkShare(said.share, user)
        file = said.share.user_share
        program.stdin.write('kept\n')
      } else if ('order' in said) {
        await checkKey(said.key, user)
        made = said.account
        const { public_key: publicKey, epoch } = made
        const plain = await user.key.open(file, publicKey)
        const order = await sealedOrder(
          plain,
          { sessionId: said.order.session_id, publicKey, epoch, content },
          said.key,
        )
        program.stdin.write(`${Buffer.from(order).toString('base64')}\n`)
      } else if (made !== undefined) signed = { account: made, signature: said.signed.signature }
    }
    assert.ok(signed)
    const { signature, account } = signed
    const wallet = toQuorateAccount(account.public_key, () => Promise.resolve(signature))
    const message = 'ten pints of milk'
    assert.ok(
      await verifyMessage({ address: wallet.address, message, signature: await wallet.signMessage({ message }) }),
    )
  },
)

/** A Maven project with the client and the program that uses it, compiled, its libraries beside it. */
async function generated(scratch: string, project: string): Promise<void> {
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'
  await run('mvn', ['-q', '-B', copy, `-Dartifact=${generator}`, `-DoutputDirectory=${scratch}`, '-Dmdep.stripVersion'])
  const options = [
    ...['-i', join(root, 'sdk/openapi.json'), '-g', 'java', '--library', 'native', '-o', project],
    ...[
      '--additional-properties',
      'hideGenerationTimestamp=true,groupId=proof,artifactId=client,openApiNullable=false,containerDefaultToNull=true',
    ],
    ...['--global-property', 'apiTests=false,modelTests=false,apiDocs=false,modelDocs=false'],
  ]
  await run('java', ['-jar', join(scratch, 'openapi-generator-cli.jar'), 'generate', ...options], {
    maxBuffer: 64 * 1024 * 1024,
  })
  await copyFile(join(root, 'sdk/test/java/Proof.java'), join(project, 'src/main/java/Proof.java'))
  const build = ['compile', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-Dmaven.test.skip=true']
  await run('mvn', ['-q', '-B', ...build], { cwd: project, maxBuffer: 64 * 1024 * 1024 })
}
