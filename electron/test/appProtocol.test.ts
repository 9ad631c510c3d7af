import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { contentSecurityPolicy } from '../../files/appHeaders.ts'
import { answer, type AppOrigin } from '../appProtocol.ts'

/** An import map of its own, whose hash openssl has computed. */
const page = '<!doctype html><script type="importmap">{"integrity":{}}</script>'
const hashOfMap = 'sha256-v1IUEqDyKCfHdg2mkshdZlh1JwxKZIMqsI0JxkeP1Qo='
const outside: Request[] = []
const wire = { 'content-type': 'application/grpc-web+proto', 'grpc-status': '0' }
let answered: () => Response
let origin: AppOrigin

before(async () => {
  const dist = await mkdtemp(join(tmpdir(), 'quorate-dist-'))
  await writeFile(join(dist, 'index.html'), page)
  await writeFile(join(dist, 'kernel.wasm'), 'wasm')
  origin = {
    dist,
    page,
    coordinator: 'http://coordinator.test:8080',
    webApp: 'https://quorate.test/',
    fetch: (input, init) => {
      outside.push(new Request(input, init))
      return Promise.resolve(answered())
    },
    descriptions: '{"descriptions":[{"of":"this machine"}]}',
    serverParties: () => Promise.resolve(undefined),
  }
})
beforeEach(() => {
  outside.length = 0
  answered = () => new Response('from outside', { headers: wire })
})
after(() => rm(origin.dist, { recursive: true }))

const callPath = 'app://quorate/quorate.v1.RouterService/SendMessage'
const call = () => new Request(callPath, { method: 'POST', body: 'x', headers: { origin: 'app://quorate' } })

test('files of the app come with their type and a policy that allows nothing from elsewhere', async () => {
  const index = await answer(new Request('app://quorate/'), origin)
  assert.equal(index.headers.get('content-type'), 'text/html; charset=utf-8')
  assert.equal(index.headers.get('integrity-policy'), 'blocked-destinations=(script)')
  const policy = index.headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.ok(policy.includes(`script-src 'self' 'wasm-unsafe-eval' '${hashOfMap}';`), policy)
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
  const passed = await answer(call(), origin)
  assert.equal(await passed.text(), 'from outside')
  assert.deepEqual(
    ['content-type', 'grpc-status'].map((name) => passed.headers.get(name)),
    ['application/grpc-web+proto', '0'],
  )
  assert.equal(outside[0]?.url, 'http://coordinator.test:8080/quorate.v1.RouterService/SendMessage')
  assert.equal(outside[0].headers.get('origin'), null)
  const other = await answer(new Request('app://quorate/elsewhere', { method: 'POST', body: 'x' }), origin)
  assert.equal(other.status, 405)
  assert.equal(outside.length, 1)
})

test('descriptions come from the folder of the settings; the coordinator is not asked', async () => {
  outside.length = 0
  const response = await answer(new Request('app://quorate/descriptions.json'), origin)
  assert.deepEqual(await response.json(), { descriptions: [{ of: 'this machine' }] })
  assert.equal(outside.length, 0)
})

test('the server parties are those this installation trusts, not whatever the coordinator says', async () => {
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

test('nothing that the coordinator answers can stand in the window as a page', async () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
    assert.equal((await answer(new Request(callPath, { method }), origin)).status, 405, method)
  }
  assert.equal(outside.length, 0, 'what can be navigated to never leaves')
  const page = '<script>quorateDesktop.readShare()</script>'
  for (const type of ['text/html', 'application/xhtml+xml', 'image/svg+xml', 'text/javascript', '']) {
    answered = () =>
      new Response(new TextEncoder().encode(page), { headers: type === '' ? {} : { 'content-type': type } })
    const refused = await answer(call(), origin)
    assert.deepEqual([refused.status, await refused.text()], [502, ''], type)
  }
  answered = () => new Response('<h1>Bad gateway</h1>', { status: 503, headers: { 'content-type': 'text/html' } })
  assert.equal((await answer(call(), origin)).status, 503, 'that a proxy cannot reach it is still known')
})

test('of the headers of an answer none that means anything to a window is passed on', async () => {
  const dangerous = {
    'set-cookie': 'a=b',
    refresh: '0; url=https://eve.test',
    'content-security-policy': "default-src *; script-src 'unsafe-inline'",
    'content-disposition': 'attachment',
    'x-content-type-options': 'sniff',
  }
  answered = () => new Response('x', { headers: { ...wire, ...dangerous } })
  const { headers } = await answer(call(), origin)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.match(
    headers.get('content-security-policy') ?? '',
    /^default-src 'none'; .*require-trusted-types-for 'script'/,
  )
  for (const name of ['set-cookie', 'refresh', 'content-disposition']) assert.equal(headers.get(name), null, name)
})

test('a redirection is not followed: it would take a call elsewhere', async () => {
  await answer(call(), origin)
  assert.equal(outside[0]?.redirect, 'error')
})

test('every answer has the policy of the web and says what it is, refusals too; another host is nobody', async () => {
  for (const path of ['', 'nothing.js', 'quorate.json', 'web-app.txt', '%', 'quorate.v1.RouterService/SendMessage']) {
    const { headers } = await answer(new Request(`app://quorate/${path}`), origin)
    assert.equal(headers.get('content-security-policy'), contentSecurityPolicy(page), path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
  }
  await writeFile(join(origin.dist, 'notes.xml'), '<?xml version="1.0"?>')
  assert.equal((await answer(new Request('app://quorate/notes.xml'), origin)).status, 404)
  assert.equal((await answer(new Request('app://elsewhere/'), origin)).status, 404)
})
