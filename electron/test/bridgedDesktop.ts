import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Frame, Page } from '@playwright/test'
import { eventChannel } from '../channels.ts'
import type { Caller } from '../ipc.ts'
import { eventOf } from '../opened.ts'
import { appUrl } from '../window.ts'

export type ToDesktop =
  | {
      readonly type: 'call'
      readonly id: number
      readonly channel: string
      readonly given: unknown[]
      readonly caller: Caller
    }
  | { readonly type: 'lock' }

export type FromDesktop =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'confirming'; readonly names: readonly string[] }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly message: string }

export interface DesktopOptions {
  /** Its userData folder. */
  readonly folder: string
  readonly coordinator: string
  /** `system`, or a file that plays the keychain. */
  readonly keychain: string
  readonly environment: NodeJS.ProcessEnv
  /** The port it had before, so that the page keeps its origin. */
  readonly port?: number
  /** Pre-parameters to start with. */
  readonly fixture?: string
}

/** The desktop's main process, in a process of its own that can be killed. */
export interface Desktop extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Names of the server parties the person was asked to confirm, one entry for each question. */
  readonly confirmed: readonly (readonly string[])[]
  /** Gives the pages of a context the preload's bridge to this process. */
  bridge(context: BrowserContext): Promise<void>
  /** As if the person had opened this link, or the file at this path, with the app. */
  open(page: Page, handed: string): Promise<void>
  lock(): void
  /** As if its machine had lost power. */
  kill(): Promise<void>
}

const root = resolve(import.meta.dirname, '../..')

export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const { folder, coordinator, keychain, environment, port = 0, fixture = '' } = options
  const child = fork(
    fileURLToPath(new URL('desktopProcess.ts', import.meta.url)),
    [folder, coordinator, String(port), keychain, fixture],
    { env: { ...process.env, ...environment }, serialization: 'advanced' },
  )
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const confirmed: (readonly string[])[] = []
  const ready = Promise.withResolvers<number>()
  child.once('exit', (code) => {
    ready.reject(new Error(`the desktop process ended with code ${code ?? 'none'}`))
    for (const call of waiting.values()) call.reject(new Error('the desktop process is gone'))
  })
  child.on('message', (message: FromDesktop) => {
    if (message.type === 'ready') ready.resolve(message.port)
    else if (message.type === 'confirming') confirmed.push(message.names)
    else {
      const call = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.type === 'answer') call?.resolve(message.value)
      else call?.reject(new Error(message.message))
    }
  })
  let last = 0
  const call = (channel: string, given: unknown[], caller: Caller): Promise<unknown> => {
    // A page may outlive its desktop.
    if (!child.connected) return Promise.reject(new Error('the desktop process is gone'))
    const answer = Promise.withResolvers<unknown>()
    waiting.set(++last, answer)
    child.send({ type: 'call', id: last, channel, given, caller } satisfies ToDesktop)
    return answer.promise
  }
  const got = await ready.promise
  const url = `http://127.0.0.1:${got}/`
  return {
    url,
    port: got,
    confirmed,
    async bridge(context) {
      await context.exposeBinding('quorateIpc', async ({ frame }, channel: string, given: string) =>
        pack(await call(channel, unpack(given) as unknown[], callerIn(frame, url))),
      )
      await context.addInitScript(`(() => {
        const pack = ${pack.toString()}, unpack = ${unpack.toString()}
        const ipcRenderer = {
          invoke: async (channel, ...given) => unpack(await quorateIpc(channel, pack(given))),
          on: (channel, listener) => {
            globalThis.quorateTell = (told, event) => { if (told === channel) listener({}, unpack(event)) }
          },
        }
        const contextBridge = { exposeInMainWorld: (name, bridge) => { globalThis[name] = bridge } }
        const require = () => ({ ipcRenderer, contextBridge })
        ${await readFile(join(root, 'dist-electron', 'preload.cjs'), 'utf8')}
      })()`)
    },
    async open(page, handed) {
      const told = [eventChannel, pack(await eventOf(handed))] as const
      await page.evaluate((given) => {
        ;(globalThis as unknown as { quorateTell(...given: readonly string[]): void }).quorateTell(...given)
      }, told)
    },
    lock() {
      child.send({ type: 'lock' } satisfies ToDesktop)
    },
    kill: () => end(child, 'SIGKILL'),
    [Symbol.asyncDispose]: () => end(child, 'SIGTERM'),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await once(child, 'exit')
}

/** The caller as Electron would describe it: the page's address is app:// there. */
function callerIn(frame: Frame, origin: string): Caller {
  const seen = (at: Frame): Caller['senderFrame'] =>
    ({
      url: at.url().replace(origin, appUrl),
      parent: at.parentFrame() === null ? null : {},
    }) as Caller['senderFrame']
  return { sender: { id: 1 }, senderFrame: seen(frame) }
}

/** Bytes as text, on the way between page and test; runs on both sides. */
function pack(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) =>
    part instanceof Uint8Array ? { packedBytes: Array.from(part) } : part,
  )
}

function unpack(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    const packed = typeof part === 'object' && part !== null && 'packedBytes' in part ? part.packedBytes : undefined
    return packed === undefined ? part : Uint8Array.from(packed as number[])
  })
}
