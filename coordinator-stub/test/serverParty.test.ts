import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { isSignedOrder, signingTasks } from '../../tss-wasm/content/signing.ts'
import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { LocalStack } from '../../testkit/localStack.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { createWallet, offers, person, sign } from '../../testkit/person.ts'
import { runningStack } from '../../testkit/running.ts'

const content = { type: 'ethereum-message', message: new TextEncoder().encode('pay the milkman') } as const

const failure = async (work: Promise<unknown>): Promise<Failure> => {
  const error: unknown = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ProtocolAbort, String(error))
  return error.failure
}

/** Without what is being written beside a file at this moment. */
const activeWallets = async (folder: string) =>
  (await readdir(join(folder, 'wallets'))).filter((name) => !name.endsWith('.writing')).sort()

describe('server parties as processes', () => {
  const resources = new AsyncDisposableStack()
  let folder: string
  let stack: LocalStack
  before(async () => {
    folder = resources.use(await temporaryFolder()).path
    stack = resources.use(await runningStack({ dataFolder: folder }))
  })
  after(() => resources.disposeAsync())

  it('make a wallet with a person and sign with it, survive kill -9, and refuse whom they do not know', async () => {
    const me = await person(createGrpcTransport({ baseUrl: stack.grpcUrl }))
    const wallet = await createWallet(me, stack.parties)
    const files = [`${wallet.walletId}.json`, `${wallet.walletId}.share`]
    for (const name of ['server-1', 'server-2']) assert.deepEqual(await activeWallets(join(folder, name)), files)

    const [first, second] = offers(stack.parties)
    assert.ok(first && second)
    const signature = await sign(me, wallet, first, content)
    const tasks = signingTasks({ publicKey: wallet.publicKey, content })
    assert.ok(isSignedOrder(tasks, signature.signatures))

    await stack.kill('server-2')
    await stack.kill('coordinator')
    await stack.restart('coordinator')
    await stack.restart('server-2')
    const overWeb = { ...me, transport: createGrpcWebTransport({ baseUrl: stack.url, httpVersion: '1.1' }) }
    const again = await sign(overWeb, wallet, second, content)
    assert.ok(isSignedOrder(tasks, again.signatures))

    const stranger = { ...(await person(me.transport)), key: me.key }
    const asked = await failure(sign(stranger, wallet, first, content))
    assert.ok(asked.kind === 'peer-gave-up' && asked.peer === 2, JSON.stringify(asked))
    assert.equal(asked.cause, 'not-a-holder')
    assert.match(asked.detail, /only those who hold a share of the wallet/)

    const unknown = {
      ...wallet,
      publicKey: Uint8Array.from(wallet.publicKey, (byte, at) => (at === 5 ? byte ^ 1 : byte)),
    }
    const absent = await failure(sign(me, unknown, first, content))
    assert.match(absent.kind === 'peer-gave-up' ? absent.detail : '', /holds no share of that wallet/)

    const garbled = { type: 'ethereum-transaction', unsigned: new Uint8Array([2, 0xc0]) } as const
    const undecodable = await failure(sign(me, wallet, first, garbled))
    assert.equal(undecodable.kind === 'peer-gave-up' && undecodable.why, 'refused')
    for (const name of ['server-1', 'server-2']) assert.deepEqual(await activeWallets(join(folder, name)), files)

    // In the middle of the rounds: the party finishes its part, and ends.
    const told: number[] = []
    const last = await sign(me, wallet, first, content, {}, ({ type }) => {
      const pid = stack.pids['server-1']
      if (told.length > 0 || type !== 'received' || pid === undefined) return
      process.kill(pid, 'SIGTERM')
      told.push(pid)
    })
    assert.ok(told.length === 1 && isSignedOrder(tasks, last.signatures))
    while (stack.pids['server-1'] !== undefined) await pause(20)
  })
})
