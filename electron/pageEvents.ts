import type { WebContents } from 'electron'
import type { DesktopEvent } from '../web/platform/desktop/bridge.ts'
import { eventChannel } from './channels.ts'

/** Hands events to the page; those from before there is one, or while it loads anew, are kept for it. */
export interface PageEvents {
  tell(event: DesktopEvent): void
  follow(contents: Pick<WebContents, 'send' | 'on'>): void
}

const mostKept = 20

export function pageEvents(): PageEvents {
  let send: ((event: DesktopEvent) => void) | undefined
  const kept: DesktopEvent[] = []
  return {
    tell(event) {
      if (send !== undefined) send(event)
      else if (kept.length < mostKept) kept.push(event)
    },
    follow(contents) {
      contents.on('did-start-loading', () => (send = undefined))
      contents.on('destroyed', () => (send = undefined))
      contents.on('did-finish-load', () => {
        send = (event) => {
          contents.send(eventChannel, event)
        }
        kept.splice(0).forEach(send)
      })
    },
  }
}
