import type { NotificationConstructorOptions } from 'electron'
import type { News } from '../web/platform/platform.ts'

export interface AttentionPorts {
  /** Tray and badge. */
  readonly showPending: (pending: number) => void
  readonly notify: (notification: NotificationConstructorOptions) => void
  /** Whether the person looks at the window. */
  readonly isWatched: () => boolean
}

const endings = {
  created: 'The wallet is created.',
  reshared: 'The shares of the wallet are renewed.',
  signed: 'The signature is there.',
  failed: 'It did not work. Open Quorate to see why.',
} as const

/**
 * What the page tells, where it is seen without the window: tray, badge, and a notification when nobody looks. Names of
 * wallets are left out: notifications appear on locked screens.
 */
export function attention({ showPending, notify, isWatched }: AttentionPorts): (news: News) => void {
  let before = 0
  showPending(before)
  return ({ pending, ended }) => {
    showPending(pending)
    if (!isWatched()) {
      if (ended !== undefined) notify({ title: 'Quorate', body: endings[ended] })
      else if (pending > before) notify({ title: 'Quorate', body: 'A request waits for you.' })
    }
    before = pending
  }
}
