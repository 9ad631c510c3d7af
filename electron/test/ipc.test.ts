import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { sealedShare, shareStoreContract, walletRecord } from '../../web/test/shareStoreContract.ts'
import type { DesktopBridge } from '../../web/platform/desktop/bridge.ts'
import { desktopShareStore } from '../../web/platform/desktop/platform.ts'
import type { News } from '../../web/platform/platform.ts'
import { type Call, channels } from '../channels.ts'
import { openDesktopFolder, type DesktopFolder } from '../desktopFolder.ts'
import { desktopHandlers } from '../handlers.ts'
import { isAppPage, serveCalls, type Caller, type Handlers, type IpcPorts } from '../ipc.ts'
import { appUrl, mayNavigateTo } from '../window.ts'
import { memoryKeychain, ports, temporaryFolder } from './folders.ts'

const page = { sender: { id: 1 }, senderFrame: { url: appUrl, parent: null } } as unknown as Caller
const isOurs = (caller: Caller) => isAppPage(caller, new Set([1]), mayNavigateTo)

type Listener = Parameters<IpcPorts['handle']>[1]

/** What ipcRenderer.invoke does, without Electron: arguments and answers are structured clones. */
function serve(handlers: Handlers, reports: string[] = []) {
  const listeners = new Map<string, Listener>()
  serveCalls(handlers, {
    handle: (channel, listener) => listeners.set(channel, listener),
    isOurs,
    report: (call, error) => reports.push(`${call}: ${String(error)}`),
  })
  return async (call: Call, given: unknown[], caller = page): Promise<unknown> => {
    const listener = listeners.get(channels[call])
    assert.ok(listener)
    return structuredClone(
      await (listener(caller as Parameters<Listener>[0], ...structuredClone(given)) as Promise<unknown>),
    )
  }
}

function bridgeOver(invoke: ReturnType<typeof serve>): DesktopBridge {
  return new Proxy({} as DesktopBridge, {
    get:
      (_, call: Call) =>
      (...given: unknown[]) =>
        invoke(call, given),
  })
}

async function desktop(use: (folder: DesktopFolder, news: News[]) => Promise<void>): Promise<void> {
  await using place = await temporaryFolder()
  await using folder = await openDesktopFolder(place.path, ports(memoryKeychain()))
  await use(folder, [])
}

for (const promised of shareStoreContract) {
  test(`through the bridge: ${promised.name}`, () =>
    desktop(async (folder) => {
      const store = desktopShareStore(bridgeOver(serve(desktopHandlers(folder, () => undefined))))
      await promised.check(() => Promise.resolve(store))
    }))
}

test('the bridge has fewer than ten calls', () => {
  assert.ok(Object.keys(channels).length + 1 < 10, 'and one way for events')
})

test('a frame, a page of another origin, or a window that is not ours is refused aloud, and reported', () =>
  desktop(async (folder) => {
    const reports: string[] = []
    const invoke = serve(
      desktopHandlers(folder, () => undefined),
      reports,
    )
    const frame = (url: string, parent: object | null = null) =>
      ({ ...page, senderFrame: { url, parent } }) as unknown as Caller
    const strangers = [
      frame(appUrl, {}),
      frame('https://example.com/'),
      frame('app://quorate.example/'),
      { ...page, sender: { id: 2 } },
      { ...page, senderFrame: null },
    ]
    for (const stranger of strangers) await assert.rejects(invoke('installation', [], stranger), /did not answer/)
    assert.equal(reports.length, strangers.length)
    assert.match(reports[0] ?? '', /installation: Error: the caller is not the app/)
    assert.deepEqual(await invoke('listWallets', []), { ok: true, value: [] })
  }))

test('what is not in the form of a call changes nothing', () =>
  desktop(async (folder) => {
    const invoke = serve(desktopHandlers(folder, () => undefined))
    const record = walletRecord('a')
    for (const [call, ...given] of [
      ['putPending', { ...record, walletId: '../../a' }, sealedShare(1)],
      ['putPending', { ...record, more: 1 }, sealedShare(1)],
      ['putPending', { ...record, publicKey: 'text' }, sealedShare(1)],
      ['putPending', record, new Uint8Array()],
      ['putPending', record, new Uint8Array(2 * 1024 * 1024)],
      ['putPending', record, 'share'],
      ['settle', 'a', 'stolen'],
      ['settle', { toString: 'a' }, 'removed'],
      ['epochs', 7, 'look'],
      ['epochs', 'a', { get: -1 }],
      ['epochs', 'a', { from: 5, to: '' }],
      ['epochs', 'a', { put: new Uint8Array(), number: 1 }],
      ['prepared', { put: new Uint8Array(1024 * 1024) }],
      ['prepared', 'yes'],
      ['replaceShare', 'a', sealedShare(1), new Uint8Array()],
      ['replaceShare', 'a', 'share', sealedShare(1)],
      ['announce', { pending: -1 }],
      ['announce', { pending: 0, text: 'click here' }],
    ] as [Call, ...unknown[]][]) {
      await assert.rejects(invoke(call, given), /did not answer/, `${call} ${JSON.stringify(given).slice(0, 60)}`)
    }
    assert.deepEqual(await folder.shares.list(), [])
    assert.deepEqual(await folder.prepared.look(false), { count: 0 })
  }))

test('failures that people can do something about arrive as such; a bug of ours arrives without its words', async () => {
  const failing = (error: Error) =>
    serve(new Proxy({} as Handlers, { get: () => () => Promise.reject(error) }))('listWallets', [])
  const refused = { kind: 'refused', what: 'keychain', detail: 'locked or not running' } as const
  assert.deepEqual(await failing(new ProtocolAbort(refused)), { ok: false, failure: refused })
  const full = Object.assign(new Error('ENOSPC, write'), { code: 'ENOSPC' })
  assert.deepEqual(await failing(full), {
    ok: false,
    failure: { kind: 'refused', what: 'storage-full', detail: 'ENOSPC' },
  })
  await assert.rejects(failing(new Error('secret words')), { message: 'the desktop did not answer listWallets' })
})

test('pre-parameters go out once', () =>
  desktop(async (folder) => {
    const invoke = serve(desktopHandlers(folder, () => undefined))
    await invoke('prepared', [{ put: new Uint8Array([1]) }])
    const taken = await Promise.all([invoke('prepared', ['take']), invoke('prepared', ['take'])])
    assert.deepEqual(taken, [
      { ok: true, value: { count: 0, taken: new Uint8Array([1]) } },
      { ok: true, value: { count: 0 } },
    ])
  }))
