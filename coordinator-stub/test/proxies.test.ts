import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as forward, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { createGrpcWebTransport } from '@connectrpc/connect-node'
import { memoryRuns } from '../../participant/connection/runs.ts'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import type { Seat } from '../../participant/session/seat.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { hasNginx, startNginx } from '../../testkit/nginx.ts'
import { previewAndJoin } from '../../testkit/previewAndJoin.ts'
import { runningCoordinator } from '../../testkit/running.ts'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { RunningCoordinator } from '../coordinator/start.ts'

/** Proxies as people have them, with the participants of the app behind them. */

const resources = new AsyncDisposableStack()
let coordinator: RunningCoordinator
before(async () => {
  const { path: dataFolder } = resources.use(await temporaryFolder())
  coordinator = resources.use(await runningCoordinator({ dataFolder }))
})
after(() => resources.disposeAsync())

/** Passes every answer on once it is whole, whatever its headers ask for. */
async function bufferingProxy(target: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming
    const call = forward(new URL(url, target), { method, headers }, (answer) => {
      answer.toArray().then(
        (whole: Buffer[]) => outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(whole)),
        () => outgoing.destroy(),
      )
    })
    call.on('error', () => outgoing.destroy())
    outgoing.on('close', () => call.destroy())
    incoming.pipe(call)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const [one, two] = [1, 2] as PartyId[] as [PartyId, PartyId]
const publicKey = new Uint8Array(33).fill(2)
const content = { type: 'ethereum-message', message: new TextEncoder().encode('hello') } as const
const wallet = { threshold: 2, parties: 2 }

/** Somebody asks and somebody else is told of it, they send each other messages and confirm, all of it through `url`. */
async function ceremonyThrough(url: string): Promise<void> {
  const device = () =>
    createCoordinator(createGrpcWebTransport({ baseUrl: url, httpVersion: '1.1' }), {
      random: systemRandom,
      runs: memoryRuns(),
      timing: { firstWordMs: 500 },
    })
  const identities = [await createIdentity(), await createIdentity()] as const
  await using asking = await device().create({
    identity: identities[0],
    proposal: { kind: 'sign', publicKey, content },
    ...wallet,
    mySeat: one,
    others: [{ seat: two, serverParty: '', pinned: identities[1].public }],
  })
  await asking.markReady()
  await using answering = await told(device(), identities[1])
  await answering.markReady()
  const ready = Promise.withResolvers<undefined>()
  asking.watchPresence((all) => {
    if (all.every(({ state }) => state === 'ready')) ready.resolve(undefined)
  })
  await ready.promise
  const [roster] = await Promise.all([asking.startRun([one, two]), answering.started()])
  for (const round of [1, 2, 3]) {
    await asking.channel.send({ to: two, round: 'r', body: Uint8Array.of(round) })
    assert.deepEqual((await answering.channel.next()).body, Uint8Array.of(round))
    await answering.channel.send({ to: 'everyone', round: 'r', body: Uint8Array.of(round, round) })
    assert.deepEqual((await asking.channel.next()).body, Uint8Array.of(round, round))
  }
  const confirmed = [asking, answering].map(async (seat: Seat, at) => {
    const stated = { seat: seat.me, result: new Uint8Array(65).fill(2), transcriptHash: new Uint8Array(32) }
    return seat.confirm(await signConfirmation(stated, roster, identities[at as 0 | 1]))
  })
  for (const all of await Promise.all(confirmed)) assert.deepEqual([...all.keys()], [1, 2])
}

async function told(coordinator: ReturnType<typeof createCoordinator>, identity: Identity): Promise<Seat> {
  const stop = new AbortController()
  for await (const { sessionId, joinToken } of coordinator.offersTo(identity, stop.signal)) {
    return previewAndJoin(coordinator, { sessionId, joinToken }, { identity, wallet })
  }
  return assert.fail('nothing was offered')
}

describe('a proxy that keeps answers until they are whole', () => {
  it('hinders nobody: who hears nothing on a stream asks instead', async () => {
    await using proxy = await bufferingProxy(coordinator.url)
    await ceremonyThrough(proxy.url)
  })
})

describe('nginx', { skip: !hasNginx && 'NOT TESTED: no nginx' }, () => {
  for (const [how, directives] of [
    ['with proxy_pass and nothing else', ''],
    ['that buffers although it is told not to', 'proxy_ignore_headers X-Accel-Buffering;'],
    ['that cuts what is idle for a second', 'proxy_read_timeout 1s;'],
  ] as const) {
    it(`${how} hinders nobody`, async () => {
      await using nginx = await startNginx(coordinator.url, directives)
      await ceremonyThrough(nginx.url)
    })
  }
})
