import { open } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import type { App } from 'electron'
import type { DesktopEvent } from '../web/platform/desktop/bridge.ts'

export const linkScheme = 'tssparty'
const backupEnding = '.age'
const largestBackup = 1024 * 1024

/** Form only: what an invitation says is believed by nobody before its seat secret has been tried. */
const invitationLink = /^tssparty:\/\/(join\/[A-Za-z0-9._~=#/-]{1,2048})$/

/**
 * What the system hands to the app: a link or the path of a file, on the command line or as an event.
 * @param folder from which a path is meant that does not begin at the root
 */
export async function eventOf(handed: string, folder = process.cwd()): Promise<DesktopEvent | undefined> {
  const path = invitationLink.exec(handed)?.[1]
  if (path !== undefined) return { type: 'invitation', path }
  if (extname(handed) !== backupEnding) return undefined
  const content = await readBounded(resolve(folder, handed))
  return content && { type: 'backup', name: basename(handed), content }
}

async function readBounded(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    if (size > largestBackup) return undefined
    const content = new Uint8Array(size)
    const { bytesRead } = await file.read(content, 0, size, 0)
    return content.subarray(0, bytesRead)
  } catch {
    return undefined // gone, or not ours to read: then there is nothing to open
  }
}

/** Tells what was opened with this app: at its start, by a second start, or by the system while it runs. */
export function watchOpened(
  app: Pick<App, 'on' | 'setAsDefaultProtocolClient'>,
  argv: readonly string[],
  tell: (event: DesktopEvent) => void,
): void {
  const hand = async (texts: readonly string[], folder?: string) => {
    for (const text of texts) {
      const event = await eventOf(text, folder)
      if (event !== undefined) tell(event)
    }
  }
  app.setAsDefaultProtocolClient(linkScheme)
  app.on('open-url', (event, url) => {
    event.preventDefault()
    void hand([url])
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    void hand([path])
  })
  app.on('second-instance', (_event, given, folder) => {
    void hand(given.slice(1), folder)
  })
  void hand(argv.slice(1))
}
