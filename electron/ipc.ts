import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { type Cause, type Outcome, ProtocolAbort } from '../tss-wasm/failure.ts'
import { type Answer, type Call, channels } from './channels.ts'

/** What is given is not believed: each handler checks the form of its own. */
export type Handlers = { readonly [C in Call]: (...given: unknown[]) => Promise<Answer<C>> }

/** Who asks. */
export type Caller = Pick<IpcMainInvokeEvent, 'senderFrame'> & { readonly sender: { readonly id: number } }

export interface IpcPorts {
  readonly handle: IpcMain['handle']
  /** Whether the caller is the app's own page in a window the app made. */
  readonly isOurs: (caller: Caller) => boolean
  /** A bug of ours, or a page that is not ours; never shown to the caller in detail. */
  readonly report: (call: Call, error: unknown) => void
}

/** Answers the page's calls, and nobody else's: a foreign caller is refused aloud, not with silence. */
export function serveCalls(handlers: Handlers, { handle, isOurs, report }: IpcPorts): void {
  for (const call of Object.keys(channels) as Call[]) {
    handle(channels[call], async (caller, ...given: unknown[]) => {
      try {
        if (!isOurs(caller)) throw new Error('the caller is not the app')
        return await outcomeOf<unknown>(handlers[call](...given))
      } catch (error) {
        report(call, error)
        throw new Error(`the desktop did not answer ${call}`)
      }
    })
  }
}

/** The main frame of a window the app made, showing the app. @param isApp of an address, whether it is the app's page */
export function isAppPage(
  { sender, senderFrame }: Caller,
  windows: ReadonlySet<number>,
  isApp: (url: string) => boolean,
): boolean {
  // A frame inside the page, or one that is gone, is not the page.
  return senderFrame?.parent === null && windows.has(sender.id) && isApp(senderFrame.url)
}

/** Known failures are values, the world's among them; bugs are thrown on. */
async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work }
  } catch (error) {
    if (error instanceof ProtocolAbort) return { ok: false, failure: error.failure }
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const what = diskFailures[code]
    if (what === undefined) throw error
    return { ok: false, failure: { kind: 'refused', what, detail: code } }
  }
}

const diskFailures: Readonly<Record<string, Cause>> = {
  ENOSPC: 'storage-full',
  EDQUOT: 'storage-full',
  EACCES: 'storage',
  EPERM: 'storage',
  EROFS: 'storage',
  EIO: 'storage-damaged',
}
