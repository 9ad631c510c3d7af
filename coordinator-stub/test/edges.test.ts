import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { createGrpcWebTransport } from '@connectrpc/connect-node'
import { openDataFolder } from '../../files/dataFolder.ts'
import { bearer, clients, startedSession, temporaryFolder } from '../../testkit/harness.ts'
import { hasNginx, startNginx } from '../../testkit/nginx.ts'
import { runningCoordinator } from '../../testkit/running.ts'
import type { RunningCoordinator } from '../coordinator/start.ts'
import { makeApiKey } from '../rest/apiKeys.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { databaseUrl } from '../storage/databaseUrl.ts'

const resources = new AsyncDisposableStack()
const metricsKey = 'a key for metrics'
const backend = makeApiKey('backend', systemRandom)
let coordinator: RunningCoordinator
before(async () => {
  const { path: dataFolder } = resources.use(await temporaryFolder())
  coordinator = resources.use(await runningCoordinator({ dataFolder, metricsKey, apiKeys: backend.entry }))
})
after(() => resources.disposeAsync())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${coordinator.url}${path}`, { headers })

describe('answers of the HTTP port', () => {
  it('carry the security headers, JSON included', async () => {
    const key = { 'x-api-key': backend.key }
    for (const path of ['/healthz', '/quorate.json', '/openapi.json', '/api/v1/accounts', '/api/none', '/none.txt']) {
      const { headers } = await get(path, key)
      for (const [name, value] of [
        ['x-content-type-options', 'nosniff'],
        ['cross-origin-resource-policy', 'same-origin'],
        ['x-frame-options', 'DENY'],
        ['referrer-policy', 'no-referrer'],
      ] as const) {
        assert.equal(headers.get(name), value, `${name} of ${path}`)
      }
    }
  })

  it('give metrics to whoever has their key, and the description of REST to whoever has a key of REST', async () => {
    assert.equal((await get('/metrics')).status, 401)
    assert.equal((await get('/metrics', { authorization: 'Bearer another' })).status, 401)
    assert.match(await (await get('/metrics', { authorization: `Bearer ${metricsKey}` })).text(), /mpc_active_sessions/)
    assert.equal((await get('/openapi.json')).status, 401)
    assert.equal((await get('/openapi.json', { 'x-api-key': backend.key })).status, 200)
  })

  it('explain an invitation whose # became %23 on its way, and repeat nothing of it', async () => {
    for (const path of ['/join%23v1.secret', '/%23/join/secret', '/join%2523secret', '/x?%23secret']) {
      const answer = await get(path)
      assert.equal(answer.status, 404, path)
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      const text = await answer.text()
      assert.match(text, /This link was changed on its way.*replace it/s)
      assert.doesNotMatch(text, /secret/)
    }
  })
})

describe(
  'a stream behind nginx with proxy_pass and nothing else',
  { skip: !hasNginx && 'NOT TESTED: no nginx' },
  () => {
    it('gives what it has at once', async () => {
      await using nginx = await startNginx(coordinator.url)
      const at = clients(createGrpcWebTransport({ baseUrl: nginx.url, httpVersion: '1.1' }))
      const { sessionId, tokens } = await startedSession(at)
      const leave = new AbortController()
      const options = { ...bearer(tokens[2]), signal: leave.signal }
      const reading = at.router.subscribeMessages({ sessionId }, options)[Symbol.asyncIterator]()
      await reading.next()
      await at.router.sendMessage(
        { sessionId, to: 0, messageId: 'm', envelope: new Uint8Array(100) },
        bearer(tokens[1]),
      )
      for (;;) {
        const { value } = (await reading.next()) as { value: { cursor: bigint } }
        if (value.cursor > 0n) break
      }
      leave.abort()
    })
  },
)

describe('the password of a database', () => {
  it('may have any character, in the URL or beside it', () => {
    const password = 'p@ss/w#rd?100% :x'
    const passwordOf = (url: string | undefined) => decodeURIComponent(URL.parse(url ?? '')?.password ?? '')
    const raw = databaseUrl(`postgres://quorate:${password}@db:5432/quorate`, undefined)
    assert.equal(passwordOf(raw), password)
    assert.equal(URL.parse(raw ?? '')?.host, 'db:5432')
    assert.equal(
      passwordOf(databaseUrl(`postgres://quorate:${encodeURIComponent(password)}@db/q`, undefined)),
      password,
    )
    assert.equal(passwordOf(databaseUrl('postgresql://quorate@db/q', password)), password)
    assert.equal(databaseUrl('postgres://db/q', undefined), 'postgres://db/q')
    assert.equal(databaseUrl(undefined, password), undefined)
  })
})

describe('secrets of an operator', () => {
  it('get neither into git nor into an image', async () => {
    for (const file of ['.gitignore', '.dockerignore']) {
      const lines = (await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')).split('\n')
      for (const secret of ['.env', 'deploy/parties.json']) assert.ok(lines.includes(secret), `${secret} in ${file}`)
    }
  })
})

const namespaces = spawnSync('unshare', ['-rn', 'true']).status === 0

describe('a data folder', { skip: !namespaces && 'NOT TESTED: no network namespaces here' }, () => {
  it('is one process’s, also in the network of another container', async () => {
    await using folder = await temporaryFolder()
    const program = `
      const { openDataFolder } = await import(${JSON.stringify(new URL('../../files/dataFolder.ts', import.meta.url).href)})
      await openDataFolder(${JSON.stringify(folder.path)}).then(() => console.log('taken'), ({ message }) => console.log(message))
      process.exit()`
    const elsewhere = () =>
      spawnSync('unshare', ['-rn', process.execPath, '--input-type=module', '-e', program], { encoding: 'utf8' }).stdout
    {
      await using mine = await openDataFolder(folder.path)
      assert.match(elsewhere(), /another process is using/)
      assert.equal(mine.path, folder.path)
    }
    assert.equal(elsewhere(), 'taken\n')
  })
})
