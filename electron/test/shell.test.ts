import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { App, BrowserWindow, Dialog, PowerMonitor, WebContents } from 'electron'
import { encodeServerParties, type PinnedParty } from '../../participant/session/serverParties.ts'
import { fingerprint } from '../../tss-wasm/identity/identity.ts'
import type { DesktopEvent } from '../../web/platform/desktop/bridge.ts'
import { attention } from '../attention.ts'
import { lockOnSuspend, locking, revive } from '../autoLock.ts'
import { menuTemplate, trayTemplate } from '../menu.ts'
import { eventOf, watchOpened } from '../opened.ts'
import { pageEvents } from '../pageEvents.ts'
import { pinnedParties } from '../pinnedParties.ts'
import { confirmServerParties, openFolderOrAsk } from '../questions.ts'
import { loadSettings } from '../settings.ts'
import { markStart } from '../startMarker.ts'
import { setupUpdates } from '../updates.ts'
import { confine, mayUse, windowOptions } from '../window.ts'
import { loadWindowState, rememberWindowState } from '../windowState.ts'
import { memoryKeychain, noKeychain, ports, temporaryFolder } from './folders.ts'

test('the window is sandboxed, isolated, without Node, and every dangerous option is off', () => {
  const { preload, devTools, backgroundThrottling, ...others } = windowOptions.webPreferences ?? {}
  assert.deepEqual(others, {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  })
  assert.match(preload ?? '', /preload\.cjs$/)
  assert.deepEqual([devTools, backgroundThrottling], [false, false])
})

test('the page cannot open a window, go elsewhere or embed a page', () => {
  const contents = Object.assign(new EventEmitter(), {
    open: undefined as (() => { action: string }) | undefined,
    setWindowOpenHandler(handler: () => { action: 'deny' }) {
      contents.open = handler
    },
  })
  confine(contents as unknown as WebContents)
  assert.deepEqual(contents.open?.(), { action: 'deny' })
  const prevented = (event: string, url: string) => {
    let stopped = false
    contents.emit(event, { url, preventDefault: () => (stopped = true) })
    return stopped
  }
  assert.equal(prevented('will-navigate', 'app://quorate/#/create'), false)
  for (const url of [
    ...['https://example.com/', 'app://quorate.example/', 'file:///etc/passwd', 'javascript:alert(1)'],
    ...['app://quorate/quorate.v1.CoordinatorService/GetSession', 'app://quorate/assets/x.js', 'app://other/'],
  ]) {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      assert.equal(prevented(event, url), true, `${event} ${url}`)
    }
  }
  assert.equal(prevented('will-attach-webview', ''), true)
})

test('of all permissions the page has the camera and writing to the clipboard', () => {
  const ours = 'app://quorate/'
  assert.equal(mayUse('media', ours, ['video']), true)
  assert.equal(mayUse('media', 'app://quorate', ['video']), true)
  assert.equal(mayUse('clipboard-sanitized-write', ours, []), true)
  assert.equal(mayUse('media', ours, ['audio', 'video']), false)
  assert.equal(mayUse('media', ours, []), false)
  assert.equal(mayUse('media', 'https://example.com/', ['video']), false)
  for (const permission of [
    'clipboard-read',
    'geolocation',
    'notifications',
    'openExternal',
    'usb',
    'hid',
    'fileSystem',
  ])
    assert.equal(mayUse(permission, ours, []), false)
})

test('only links in the form of an invitation, and backup files of a sane size, are handed to the page', async () => {
  assert.deepEqual(await eventOf('tssparty://join/0123abcd/2#seat-secret'), {
    type: 'invitation',
    path: 'join/0123abcd/2#seat-secret',
  })
  for (const link of [
    'tssparty://settings',
    'tssparty://join/<script>',
    'https://join/a',
    `tssparty://join/${'a'.repeat(3000)}`,
    '--flag',
  ])
    assert.equal(await eventOf(link), undefined)
  await using place = await temporaryFolder()
  const file = join(place.path, 'mine.age')
  assert.equal(await eventOf(file), undefined)
  await writeFile(file, 'age-encryption.org/v1')
  const content = new Uint8Array(Buffer.from('age-encryption.org/v1'))
  assert.deepEqual(await eventOf(file), { type: 'backup', name: 'mine.age', content })
  await truncate(file, 2 * 1024 * 1024)
  assert.equal(await eventOf(file), undefined)
})

test('a backup that is opened by its name alone is looked for where the person is, not where the app was started', async () => {
  await using place = await temporaryFolder()
  const content = new Uint8Array(Buffer.from('age-encryption.org/v1'))
  await writeFile(join(place.path, 'mine.age'), content)
  const app = Object.assign(new EventEmitter(), { setAsDefaultProtocolClient: () => true })
  const { promise: told, resolve } = Promise.withResolvers<DesktopEvent>()
  watchOpened(app as unknown as App, ['quorate'], resolve)
  app.emit('second-instance', {}, ['quorate', 'mine.age'], place.path)
  assert.deepEqual(await told, { type: 'backup', name: 'mine.age', content })
})

test('a link reaches the page at the start, from a second start, and from the system; before the page is there it waits', async () => {
  const app = Object.assign(new EventEmitter(), { setAsDefaultProtocolClient: () => true })
  const contents = Object.assign(new EventEmitter(), {
    sent: [] as DesktopEvent[],
    send: (_: string, event: DesktopEvent) => contents.sent.push(event),
  })
  const events = pageEvents()
  const { promise: all, resolve } = Promise.withResolvers<undefined>()
  let seen = 0
  watchOpened(app as unknown as App, ['quorate', 'tssparty://join/a'], (event) => {
    events.tell(event)
    if (++seen === 3) resolve(undefined)
  })
  app.emit('second-instance', {}, ['quorate', '--flag', 'tssparty://join/b'])
  app.emit('open-url', { preventDefault: () => undefined }, 'tssparty://join/c')
  await all
  events.follow(contents as unknown as WebContents)
  assert.deepEqual(contents.sent, [])
  contents.emit('did-finish-load')
  const paths = () => contents.sent.map((event) => (event.type === 'invitation' ? event.path : '')).sort()
  assert.deepEqual(paths(), ['join/a', 'join/b', 'join/c'])
  contents.emit('did-start-loading')
  events.tell({ type: 'invitation', path: 'join/d' })
  assert.equal(contents.sent.length, 3)
  contents.emit('did-finish-load')
  assert.equal(contents.sent.length, 4)
})

test('suspending locks: the keychain key is forgotten and every page ends; it is started anew, but not for ever', () => {
  const power = new EventEmitter()
  const calls: string[] = []
  const folder = { lock: () => calls.push('forget') }
  const lock = locking(folder, () => [{ forcefullyCrashRenderer: () => calls.push('end page') }])
  lockOnSuspend(power as unknown as PowerMonitor, lock)
  power.emit('suspend')
  assert.deepEqual(calls, ['forget', 'end page'])
  const contents = Object.assign(new EventEmitter(), { reloads: 0, reload: () => (contents.reloads += 1) })
  let now = 0
  revive(contents as unknown as WebContents, () => now)
  const die = (reason: string) => contents.emit('render-process-gone', {}, { reason })
  die('clean-exit')
  assert.equal(contents.reloads, 0)
  for (let i = 0; i < 20; i += 1) die('crashed')
  assert.equal(contents.reloads, 4)
  now = 120_000
  die('killed')
  assert.equal(contents.reloads, 5)
})

test('the window comes back where it was, unless that is on no screen any more', async () => {
  await using place = await temporaryFolder()
  const file = join(place.path, 'window.json')
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  assert.equal(await loadWindowState(file, screens), undefined)
  const bounds = { x: 100, y: 50, width: 900, height: 700 }
  const window = Object.assign(new EventEmitter(), { getNormalBounds: () => bounds, isMaximized: () => true })
  rememberWindowState(window as unknown as BrowserWindow, file)
  window.emit('close')
  const written = async () => (await readFile(file, 'utf8').catch(() => '')) !== ''
  while (!(await written())) await new Promise(setImmediate)
  assert.deepEqual(await loadWindowState(file, screens), { ...bounds, maximized: true })
  assert.equal(await loadWindowState(file, [{ x: 3000, y: 0, width: 800, height: 600 }]), undefined)
  await writeFile(file, '{"x":"a"}')
  assert.equal(await loadWindowState(file, screens), undefined)
})

test('after two starts without a window the next one is careful', async () => {
  await using place = await temporaryFolder()
  const file = join(place.path, 'starting')
  assert.deepEqual([markStart(file).careful, markStart(file).careful], [false, false])
  const third = markStart(file)
  assert.equal(third.careful, true)
  third.succeeded()
  assert.equal(markStart(file).careful, false)
  await writeFile(file, 'noise')
  assert.equal(markStart(file).careful, false)
})

test('a ceremony that ends, or a request that comes, is told when nobody looks, without names', () => {
  const told: string[] = []
  let watched = true
  const announce = attention({
    showPending: (pending) => told.push(`pending ${pending}`),
    notify: ({ body }) => told.push(body ?? ''),
    isWatched: () => watched,
  })
  announce({ pending: 1 })
  announce({ pending: 0, ended: 'created' })
  watched = false
  announce({ pending: 1 })
  announce({ pending: 1 })
  announce({ pending: 0, ended: 'signed' })
  assert.deepEqual(told, [
    'pending 0',
    'pending 1',
    'pending 0',
    'pending 1',
    'A request waits for you.',
    'pending 1',
    'pending 0',
    'The signature is there.',
  ])
})

test('menus reload nothing, open no tools, and lock', () => {
  const nothing = () => undefined
  const actions = { show: nothing, lock: nothing, showProtection: nothing, checkForUpdates: undefined }
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const text = JSON.stringify(menuTemplate(platform, actions))
    assert.doesNotMatch(text, /reload|toggleDevTools|viewMenu|Check for updates/i)
    assert.match(text, /"Lock"/)
  }
  assert.match(JSON.stringify(trayTemplate(2, actions)), /2 pending/)
})

test('updates are off unless asked for, and come over https where the system checks signatures', () => {
  const calls: unknown[] = []
  const updater = {
    setFeedURL: (to: unknown) => calls.push(to),
    checkForUpdates: () => calls.push('check'),
    on: () => updater,
  }
  const settings = { coordinator: 'http://localhost:8080', updates: 'on' } as const
  const wanted = {
    settings,
    packaged: true,
    platform: 'darwin',
    updater: updater as unknown as Parameters<typeof setupUpdates>[0]['updater'],
    feed: 'https://releases.example/mac',
    report: () => undefined,
  } as const
  for (const missing of [
    { settings: { ...settings, updates: 'off' } as const },
    { packaged: false },
    { platform: 'linux' } as const,
    { feed: 'http://releases.example/mac' },
    { feed: '' },
  ])
    assert.equal(setupUpdates({ ...wanted, ...missing }), undefined)
  assert.deepEqual(calls, [])
  assert.ok(setupUpdates(wanted))
  assert.deepEqual(calls, [{ url: wanted.feed }, 'check'])
})

test('settings: none is the local stack without updates; what is not understood is not guessed', async () => {
  await using place = await temporaryFolder()
  const file = join(place.path, 'settings.json')
  assert.deepEqual(await loadSettings(file, {}), { coordinator: 'http://localhost:8080', updates: 'off' })
  await writeFile(file, '{"coordinator":"https://quorate.example","updates":"on"}')
  assert.deepEqual(await loadSettings(file, {}), { coordinator: 'https://quorate.example', updates: 'on' })
  const { coordinator } = await loadSettings(file, { QUORATE_COORDINATOR: 'http://127.0.0.1:9' })
  assert.equal(coordinator, 'http://127.0.0.1:9')
  await assert.rejects(loadSettings(place.path, {}), { code: 'EISDIR' })
  const mistyped = '{"cordinator":"https://quorate.example"}'
  for (const wrong of [
    '{',
    mistyped,
    '{"coordinator":"file:///etc"}',
    '{"updates":"maybe"}',
    '{"webApp":"app://quorate"}',
  ]) {
    await writeFile(file, wrong)
    await assert.rejects(loadSettings(file, {}))
  }
})

const party = (name: string, fill: number): PinnedParty => ({
  name,
  identity: { signingKey: new Uint8Array(32).fill(fill), encryptionKey: new Uint8Array(32).fill(fill + 1) },
})

test('server parties are confirmed once by fingerprint; what the coordinator says later changes nothing', async () => {
  await using place = await temporaryFolder()
  let says = encodeServerParties([party('server-1', 1)])
  const shown: string[] = []
  let answer = 0
  const dialog = {
    showMessageBox: ({ detail }: { detail: string }) => {
      shown.push(detail)
      return Promise.resolve({ response: answer })
    },
  } as unknown as Dialog
  const serverParties = pinnedParties({
    file: join(place.path, 'server-parties.json'),
    ask: () => Promise.resolve(says),
    confirm: (parties) => confirmServerParties(dialog, parties),
  })
  assert.equal(await serverParties(), undefined)
  answer = 1
  const first = says
  assert.deepEqual(await Promise.all([serverParties(), serverParties()]), [first, first])
  assert.equal(shown.length, 2)
  assert.ok(shown[0]?.includes(fingerprint(party('server-1', 1).identity)))
  says = encodeServerParties([party('server-1', 7)])
  assert.equal(await serverParties(), first)
  assert.equal(shown.length, 2)
})

test('a folder that does not open is explained, tried again as often as the person likes, and left as it is', async () => {
  await using place = await temporaryFolder()
  const keychain = memoryKeychain()
  await (await openFolderOrAsk(place.path, ports(keychain), {} as Dialog))?.[Symbol.asyncDispose]()
  const details: string[] = []
  keychain.closed = true
  const dialog = {
    showMessageBox: ({ detail }: { detail: string }) => {
      details.push(detail)
      if (details.length === 2) keychain.closed = false
      return Promise.resolve({ response: 1 })
    },
  } as unknown as Dialog
  await using folder = await openFolderOrAsk(place.path, ports(keychain), dialog)
  assert.equal(folder?.protection, 'keychain')
  assert.equal(details.length, 2)
  assert.match(details[0] ?? '', /keychain: locked or not running/)
  const quit = { showMessageBox: () => Promise.resolve({ response: 0 }) } as unknown as Dialog
  await using empty = await temporaryFolder()
  assert.equal(await openFolderOrAsk(empty.path, ports(noKeychain(), false), quit), undefined)
})
