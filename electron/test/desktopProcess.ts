// The desktop's main process without Electron: the very handlers, caller check, app protocol, store and keychain, with
// process messages for IPC and HTTP for app://. For e2e/desktop.spec.ts, through bridgedDesktop.ts.
// node desktopProcess.ts FOLDER COORDINATOR PORT KEYCHAIN-FILE|system FIXTURE
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { loadKernel } from '../../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../../tss-wasm/integers/wasm.ts'
import { parsePreParameters } from '../../tss-wasm/keyShare/saveData.ts'
import { sealPreParameters } from '../../tss-wasm/keyShare/sealedPreParameters.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { answer } from '../appProtocol.ts'
import { locking } from '../autoLock.ts'
import { openDesktopFolder } from '../desktopFolder.ts'
import { desktopHandlers } from '../handlers.ts'
import { isAppPage, serveCalls, type Caller, type IpcPorts } from '../ipc.ts'
import { systemKeychain } from '../keychain.ts'
import { pinnedParties } from '../pinnedParties.ts'
import { appUrl, mayNavigateTo } from '../window.ts'
import type { FromDesktop, ToDesktop } from './bridgedDesktop.ts'
import { fileKeychain, ports } from './folders.ts'

const [, , path = '', coordinator = '', port = '0', keychainFile = '', fixture = ''] = process.argv
const keychain = keychainFile === 'system' ? systemKeychain() : fileKeychain(keychainFile)
await using folder = await openDesktopFolder(join(path, 'party'), ports(keychain, false))
if (fixture !== '') await stock()

const tell = (message: FromDesktop) => process.send?.(message)
const handles = new Map<string, Parameters<IpcPorts['handle']>[1]>()
const news: unknown[] = []
serveCalls(
  desktopHandlers(folder, (said) => news.push(said)),
  {
    handle: (channel, listener) => handles.set(channel, listener),
    isOurs: (caller) => isAppPage(caller, new Set([1]), mayNavigateTo),
    report: (call, error) => process.stderr.write(`${call}: ${String(error)}\n`),
  },
)
const lock = locking(folder, () => [])

process.on('message', (message: ToDesktop) => void respond(message))

async function respond(message: ToDesktop): Promise<void> {
  if (message.type === 'lock') {
    lock()
    return
  }
  const { id, channel, given, caller } = message
  try {
    const handle = handles.get(channel)
    if (handle === undefined) throw new Error(`nobody answers ${channel}`)
    const value: unknown = await handle(caller satisfies Caller as Parameters<typeof handle>[0], ...given)
    tell({ type: 'answer', id, value })
  } catch (error) {
    tell({ type: 'refusal', id, message: error instanceof Error ? error.message : String(error) })
  }
}

const dist = resolve(import.meta.dirname, '../../dist')
const page = await readFile(join(dist, 'index.html'), 'utf8')
const serverParties = pinnedParties({
  file: join(path, 'server-parties.json'),
  ask: async () => (await fetch(new URL('/quorate.json', coordinator))).text(),
  confirm: (parties) => {
    tell({ type: 'confirming', names: parties.map(({ name }) => name) })
    return Promise.resolve(true)
  },
})
const server = createServer((incoming, outgoing) => {
  void (async () => {
    const { method = 'GET', url = '/', headers } = incoming
    const closed = new AbortController()
    outgoing.once('close', () => {
      closed.abort()
    })
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: headers as Record<string, string>,
      signal: closed.signal,
    }
    if (method !== 'GET') Object.assign(init, { body: Readable.toWeb(incoming), duplex: 'half' })
    const response = await answer(new Request(new URL(url, appUrl), init), {
      dist,
      page,
      coordinator,
      webApp: coordinator,
      fetch,
      descriptions: '{"descriptions":[]}',
      serverParties,
    })
    const passed = [...response.headers].filter(([name]) => !['content-encoding', 'transfer-encoding'].includes(name))
    outgoing.writeHead(response.status, passed.flat())
    outgoing.flushHeaders()
    if (response.body === null) outgoing.end()
    else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing)
  })().catch(() => outgoing.destroy())
})
server.listen(Number(port), '127.0.0.1')
await once(server, 'listening')
tell({ type: 'ready', port: (server.address() as AddressInfo).port })
await once(process, 'disconnect')
server.closeAllConnections()
server.close()

/** tss-lib's own pre-parameters, twice: once the only set is used, the app searches for the next. */
async function stock(): Promise<void> {
  const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
  const { pageKey } = await folder.installation()
  const key = await crypto.subtle.importKey('raw', pageKey, 'AES-GCM', false, ['encrypt'])
  const parameters = await parsePreParameters(await readFile(fixture), tools)
  for (let sets = 0; sets < 2; sets += 1) {
    await folder.prepared.add(await sealPreParameters(parameters, key, systemRandom))
  }
}
