import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { after, before, suite, test } from 'node:test'
import { channels } from '../channels.ts'
import { appUrl, windowOptions } from '../window.ts'
import { temporaryFolder } from './folders.ts'

// main.ts itself, with a stand-in for Electron: that everything is wired, and nothing is open that should be closed.
const double = new URL('electronDouble.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
})
const place = await temporaryFolder()
process.env['QUORATE_TEST_USER_DATA'] = place.path
process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/nonexistent'
const { app, Notification, powerMonitor, record } = await import('./electronDouble.ts')

// Elsewhere it would write into the keychain of whoever runs the tests.
suite('main.ts', { skip: process.platform !== 'linux' && 'Linux only' }, () => {
  before(async () => {
    await import('../main.ts')
    await record.loaded.promise
  })
  after(() => place[Symbol.asyncDispose]())

  test('it starts: sandbox, one window with the hardened options, the app from its own origin', () => {
    assert.deepEqual(record.calls.slice(0, 2), ['registerSchemesAsPrivileged', 'enableSandbox'])
    assert.equal(record.windows.length, 1)
    assert.deepEqual(record.windows[0]?.options, windowOptions)
    assert.ok(record.calls.includes(`loadURL ${appUrl}`))
    assert.ok(record.calls.includes('setWindowOpenHandler'), 'confined as soon as there are contents')
    assert.equal(record.menus.length, 1)
    assert.ok(!record.calls.some((call) => call.startsWith('error')), record.calls.join(' '))
  })

  test('without a keychain the person was told', () => {
    assert.deepEqual(record.asked, ['This system has no open keychain'])
  })

  test('every call has its answer, for the page in the window and for nobody else', async () => {
    assert.deepEqual([...record.handled.keys()].sort(), Object.values(channels).sort())
    const list = record.handled.get(channels.listWallets) as unknown as (caller: object) => Promise<unknown>
    const frame = { url: appUrl, parent: null }
    assert.deepEqual(await list({ sender: { id: 1 }, senderFrame: frame }), { ok: true, value: [] })
    await assert.rejects(list({ sender: { id: 2 }, senderFrame: frame }))
  })

  test('permissions: the camera, and nothing more', () => {
    const decided: boolean[] = []
    const request = record.permissionRequest as unknown as (...given: unknown[]) => void
    const decide = (allowed: boolean) => decided.push(allowed)
    request({}, 'media', decide, { requestingUrl: appUrl, mediaTypes: ['video'] })
    request({}, 'media', decide, { requestingUrl: appUrl, mediaTypes: ['audio'] })
    request({}, 'geolocation', decide, { requestingUrl: appUrl })
    assert.deepEqual(decided, [true, false, false])
    const check = record.permissionCheck as unknown as (...given: unknown[]) => boolean
    assert.equal(check({}, 'media', 'app://quorate', { mediaType: 'video' }), true)
    assert.equal(check({}, 'clipboard-read', 'app://quorate', {}), false)
  })

  test('suspending ends the page, which is started anew; a second start shows the window and hands over its link', async () => {
    powerMonitor.emit('suspend')
    assert.ok(record.calls.includes('forcefullyCrashRenderer'))
    const [window] = record.windows
    window?.webContents.emit('render-process-gone', {}, { reason: 'killed' })
    assert.equal(record.calls.at(-1), 'reload')
    app.emit('second-instance', {}, ['quorate', 'tssparty://join/0123/2'])
    assert.deepEqual(record.calls.slice(-2), ['show', 'focus'])
    await new Promise(setImmediate)
    assert.deepEqual(window?.webContents.sent, [{ type: 'invitation', path: 'join/0123/2' }])
  })

  test('what the page announces becomes a notification while nobody looks', async () => {
    const announce = record.handled.get(channels.announce) as unknown as (...given: unknown[]) => Promise<unknown>
    await announce({ sender: { id: 1 }, senderFrame: { url: appUrl, parent: null } }, { pending: 0, ended: 'created' })
    assert.deepEqual(Notification.shown, [{ title: 'Quorate', body: 'The wallet is created.' }])
  })
})
