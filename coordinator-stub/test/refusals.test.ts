import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { asAbort } from '../../participant/connection/failures.ts'
import type { CoordinatorCode, Failure } from '../../tss-wasm/failure.ts'
import { bearer, type Clients, clients, keygenRequest, temporaryFolder } from '../../testkit/harness.ts'
import { runningCoordinator } from '../../testkit/running.ts'

/** As the other end of the wire understands it. */
async function failureOf(call: Promise<unknown>): Promise<Failure> {
  return call.then(
    () => assert.fail('the call was not refused'),
    (error: unknown) => asAbort(error).failure,
  )
}

describe('a refusal', () => {
  const held = new AsyncDisposableStack()
  let coordinator: Awaited<ReturnType<typeof runningCoordinator>>
  before(async () => {
    const folder = held.use(await temporaryFolder())
    coordinator = held.use(await runningCoordinator({ dataFolder: join(folder.path, 'data') }))
  })
  after(() => held.disposeAsync())

  const protocols: readonly [name: string, (baseUrl: string) => Clients][] = [
    ['gRPC', (baseUrl) => clients(createGrpcTransport({ baseUrl }))],
    ['gRPC-Web', (baseUrl) => clients(createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }))],
  ]
  for (const [name, connect] of protocols) {
    it(`arrives over ${name} with its reason, as the coordinator's word`, async () => {
      const { sessions } = connect(name === 'gRPC' ? coordinator.grpcUrl : coordinator.url)
      const { sessionId, joinTokens } = await sessions.createSession(keygenRequest())
      const other = await sessions.createSession(keygenRequest())
      const calls: readonly [CoordinatorCode, Promise<unknown>][] = [
        ['token_missing', sessions.getSession({ sessionId })],
        ['token_invalid', sessions.getSession({ sessionId }, bearer('x'))],
        ['token_elsewhere', sessions.getSession({ sessionId }, bearer(other.joinTokens[1]))],
        ['malformed', sessions.joinSession({ sessionId }, bearer(joinTokens[1]))],
        ['session_state', sessions.reportCompletion({ sessionId, outcome: confirmation }, bearer(joinTokens[1]))],
      ]
      for (const [code, call] of calls) {
        const failure = await failureOf(call)
        assert.ok(failure.kind === 'refused' && failure.what === 'coordinator', JSON.stringify(failure))
        assert.equal(failure.code, code)
        assert.ok(failure.detail.length > 0)
      }
    })
  }
})

const confirmation = { case: 'confirmation', value: Uint8Array.of(1) } as const
