import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { isSignedBy, signingDigest } from '../../tss-wasm/content/ethereum.ts'
import type { LocalStack } from '../../testkit/localStack.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { createWallet, offers, person, sign } from '../../testkit/person.ts'
import { startPostgres } from '../../testkit/postgresServer.ts'
import { runningStack } from '../../testkit/running.ts'

const server = await startPostgres()
const skip = 'unavailable' in server ? server.unavailable : false
const content = { type: 'ethereum-message', message: new TextEncoder().encode('pay the milkman') } as const

/** A wallet during whose creation, after the first messages, `interrupt` happens; it signs afterwards. */
async function interrupted(interrupt: (stack: LocalStack) => Promise<void>): Promise<void> {
  assert.ok(!('unavailable' in server))
  await using folder = await temporaryFolder()
  // The stack's processes inherit these.
  process.env['DATABASE_URL'] = await server.createDatabase()
  process.env['JOIN_TOKEN_SECRET'] = 'a5'.repeat(32)
  await using stack = await runningStack({ dataFolder: folder.path })
  const me = await person(createGrpcTransport({ baseUrl: stack.grpcUrl }))
  let interruption: Promise<void> | undefined
  const wallet = await createWallet(me, stack.parties, (step) => {
    if (step.type === 'received' && step.from === 3) interruption ??= interrupt(stack)
  })
  assert.ok(interruption !== undefined)
  await interruption
  const [first] = offers(stack.parties)
  assert.ok(first)
  const { signatures } = await sign(me, wallet, first, content)
  assert.ok(signatures[0] && isSignedBy(wallet.publicKey, signingDigest(content), signatures[0]))
}

describe('on PostgreSQL, a ceremony is finished', { skip }, () => {
  it('when the coordinator is killed in the middle and started again', () =>
    interrupted(async (stack) => {
      await stack.kill('coordinator')
      await stack.restart('coordinator')
    }))

  it('when the database crashes in the middle and starts again', () =>
    interrupted(async () => {
      assert.ok(!('unavailable' in server))
      await server.restart()
    }))
})
