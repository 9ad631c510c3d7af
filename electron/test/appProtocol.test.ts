import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { answer, type AppOrigin } from '../appProtocol.ts'

const outside: Request[] = []
let origin: AppOrigin

before(async () => {
  const dist = await mkdtemp(join(tmpdir(), 'quorate-dist-'))
  await writeFile(join(dist, 'index.html'), '<!doctype html>')
  await writeFile(join(dist, 'kernel.wasm'), 'wasm')
  origin = {
    dist,
    coordinator: 'http://coordinator.test:8080',
    webApp: 'https://quorate.test/',
    fetch: (input, init) => {
      outside.push(new Request(input, init))
      return Promise.resolve(new Response('from outside'))
    },
    serverParties: () => Promise.resolve(undefined),
  }
})
after(() => rm(origin.dist, { recursive: true }))

test('files of the app come with their type and a policy that allows nothing from elsewhere', async () => {
  const page = await answer(new Request('app://quorate/'), origin)
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
  const policy = page.headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:/)
  const wasm = await answer(new Request('app://quorate/kernel.wasm'), origin)
  assert.equal(wasm.headers.get('content-type'), 'application/wasm')
})

test('a route of the app is its page, a missing file is missing, and nothing outside the folder is served', async () => {
  assert.equal((await answer(new Request('app://quorate/wallets/new'), origin)).status, 200)
  assert.equal((await answer(new Request('app://quorate/nothing.js'), origin)).status, 404)
  assert.equal((await answer(new Request('app://quorate/..%2f..%2fetc%2fpasswd.txt'), origin)).status, 404)
})

test("only the coordinator's own calls leave the machine, and without the origin", async () => {
  outside.length = 0
  const call = new Request('app://quorate/quorate.v1.RouterService/SendMessage', {
    method: 'POST',
    body: 'x',
    headers: { origin: 'app://quorate' },
  })
  assert.equal(await (await answer(call, origin)).text(), 'from outside')
  assert.equal(outside[0]?.url, 'http://coordinator.test:8080/quorate.v1.RouterService/SendMessage')
  assert.equal(outside[0].headers.get('origin'), null)
  const other = await answer(new Request('app://quorate/elsewhere', { method: 'POST', body: 'x' }), origin)
  assert.equal(other.status, 405)
  assert.equal(outside.length, 1)
})

test('the server parties are those this installation trusts, not whatever the coordinator says', async () => {
  outside.length = 0
  const ask = (serverParties: () => Promise<string | undefined>) =>
    answer(new Request('app://quorate/quorate.json'), { ...origin, serverParties })
  assert.equal(await (await ask(() => Promise.resolve('{"serverParties":[]}'))).text(), '{"serverParties":[]}')
  assert.equal((await ask(() => Promise.resolve(undefined))).status, 403)
  assert.equal((await ask(() => Promise.reject(new Error('no network')))).status, 502)
  assert.equal(outside.length, 0)
})

test('the page hears where browsers find the app, for the links that it hands out', async () => {
  const answered = await answer(new Request('app://quorate/web-app.txt'), origin)
  assert.equal(await answered.text(), 'https://quorate.test')
})
