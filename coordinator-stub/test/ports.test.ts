import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Code, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { encodeServerParties } from '../../participant/session/serverParties.ts'
import type { RunningCoordinator } from '../coordinator/start.ts'
import { bearer, clients, pinnedParty, refused, startedSession, temporaryFolder } from '../../testkit/harness.ts'
import { coordinatorOn } from '../../testkit/running.ts'

const settings = (dataFolder: string) => ({
  dataFolder,
  webFolder: join(dataFolder, 'web'),
  heartbeatMs: 10_000,
})

const transports: readonly [string, (running: RunningCoordinator) => Transport][] = [
  ['gRPC over HTTP/2', ({ grpcUrl }) => createGrpcTransport({ baseUrl: grpcUrl })],
  ['gRPC-Web over HTTP/1.1', ({ url }) => createGrpcWebTransport({ baseUrl: url, httpVersion: '1.1' })],
  ['gRPC-Web over HTTP/2', ({ grpcUrl }) => createGrpcWebTransport({ baseUrl: grpcUrl, httpVersion: '2' })],
  ['Connect over HTTP/1.1', ({ url }) => createConnectTransport({ baseUrl: url, httpVersion: '1.1' })],
]

describe('the listening coordinator', () => {
  it('serves all protocols with the same handlers, the web app, and forgets nothing over a restart', async () => {
    await using folder = await temporaryFolder()
    const { pinned } = await pinnedParty('server-1')
    const partiesFile = join(folder.path, 'parties.json')
    await writeFile(partiesFile, encodeServerParties([pinned]))
    const web = join(folder.path, 'web')
    await mkdir(join(web, 'assets'), { recursive: true })
    await writeFile(join(web, 'index.html'), '<!doctype html>the app')
    await writeFile(join(web, 'assets', 'engine-1a2b.wasm'), 'wasm')
    await writeFile(join(folder.path, 'secret.txt'), 'secret')
    const data = { ...settings(folder.path), partiesFile }

    const kept: { sessionId: string; tokens: Record<number, string> }[] = []
    {
      await using running = await coordinatorOn(data)
      for (const [name, connect] of transports) {
        const { sessions, router } = clients(connect(running))
        const one = await startedSession({ sessions, router })
        kept.push(one)
        const { sessionId, tokens } = one
        const message = { sessionId, to: 2, messageId: 'm1', envelope: new Uint8Array([1, 2, 3]) }
        await router.sendMessage(message, bearer(tokens[1]))
        for await (const { cursor, envelope } of router.subscribeMessages({ sessionId }, bearer(tokens[2]))) {
          if (cursor === 0n) continue
          assert.deepEqual([...envelope], [1, 2, 3], name)
          break
        }
        const large = { ...message, messageId: 'm2', envelope: new Uint8Array(1024 * 1024 + 1) }
        await refused(router.sendMessage(large, bearer(tokens[1])), Code.ResourceExhausted, /at most 1048576 bytes/)
        await refused(sessions.getSession({ sessionId }, bearer('x')), Code.Unauthenticated, /join token/)
        // Refused before it is read; over HTTP/1.1 that would cost the connection, which others share.
        if (!name.startsWith('gRPC over')) continue
        const huge = { ...message, messageId: 'm3', envelope: new Uint8Array(3 * 1024 * 1024) }
        await refused(router.sendMessage(huge, bearer(tokens[1])), Code.ResourceExhausted, /./)
      }
      await webAppIsServed(running.url, encodeServerParties([pinned]))
      await assert.rejects(coordinatorOn(data), /another process is using/)
    }

    await using again = await coordinatorOn(data)
    const { sessions, router } = clients(createGrpcTransport({ baseUrl: again.grpcUrl }))
    for (const { sessionId, tokens } of kept) {
      const { session } = await sessions.getSession({ sessionId }, bearer(tokens[3]))
      assert.equal(session?.participants.length, 3)
      const repeated = { sessionId, to: 2, messageId: 'm1', envelope: new Uint8Array([1, 2, 3]) }
      assert.equal((await router.sendMessage(repeated, bearer(tokens[1]))).cursor, 1n)
      const next = { sessionId, to: 2, messageId: 'm9', envelope: new Uint8Array([4]) }
      assert.equal((await router.sendMessage(next, bearer(tokens[1]))).cursor, 2n)
      const got: bigint[] = []
      for await (const { cursor } of router.subscribeMessages({ sessionId, after: 1n }, bearer(tokens[2]))) {
        if (cursor !== 0n) got.push(cursor)
        if (got.length > 0) break
      }
      assert.deepEqual(got, [2n], 'a cursor from before the restart still holds')
    }
  })
})

async function webAppIsServed(url: string, parties: string): Promise<void> {
  const get = (path: string, init?: RequestInit) => fetch(url + path, init)
  const page = await get('/')
  assert.equal(await page.text(), '<!doctype html>the app')
  assert.match(
    page.headers.get('content-security-policy') ?? '',
    /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'/,
  )
  assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin')
  assert.equal(page.headers.get('cache-control'), 'no-cache')
  assert.equal(await (await get('/wallets/abc')).text(), '<!doctype html>the app', 'a screen of the app')
  for (const [browser, userAgent, policy] of [
    [
      'Chromium',
      'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0 Safari/537.36',
      'blocked-destinations=(script)',
    ],
    [
      'Firefox',
      'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
      'blocked-destinations=(script)',
    ],
    [
      'Safari, whose pages would not start under it',
      'Mozilla/5.0 AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15',
      null,
    ],
  ] as const) {
    for (const path of ['/', '/index.html', '/wallets/abc']) {
      const { headers } = await get(path, { headers: { 'user-agent': userAgent } })
      assert.deepEqual(
        [headers.get('integrity-policy'), headers.get('vary')],
        [policy, 'Accept-Encoding, User-Agent'],
        browser,
      )
    }
  }
  const wasm = await get('/assets/engine-1a2b.wasm')
  assert.equal(wasm.headers.get('content-type'), 'application/wasm')
  assert.match(wasm.headers.get('cache-control') ?? '', /immutable/)
  assert.equal(await (await get('/quorate.json')).text(), parties)
  assert.equal((await get('/healthz')).status, 200)
  assert.equal((await get('/missing.js')).status, 404)
  for (const path of ['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/..%5csecret.txt', '/%00.txt', '/%zz.txt']) {
    assert.ok([400, 404].includes((await get(path)).status), path)
  }
  assert.equal((await get('/', { method: 'POST' })).status, 405)
}
