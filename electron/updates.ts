import type { AutoUpdater } from 'electron'
import type { Settings } from './settings.ts'

/** Where releases are announced; set when a release is built, like the signing identities. */
declare const QUORATE_UPDATE_FEED: string

export interface UpdatePorts {
  readonly settings: Settings
  readonly packaged: boolean
  readonly platform: NodeJS.Platform
  readonly updater: Pick<AutoUpdater, 'setFeedURL' | 'checkForUpdates' | 'on'>
  readonly feed: string
  readonly report: (error: Error) => void
}

/**
 * Updates are opt-in, come from one https address fixed in the build, and only where the system checks the signature of
 * what is installed (macOS; elsewhere the package manager or the person updates). Undefined: not here, not now.
 */
export function setupUpdates({
  settings,
  packaged,
  platform,
  updater,
  feed,
  report,
}: UpdatePorts): (() => void) | undefined {
  if (settings.updates !== 'on' || !packaged || platform !== 'darwin' || !feed.startsWith('https://')) return undefined
  updater.on('error', report)
  updater.setFeedURL({ url: feed })
  const check = () => {
    updater.checkForUpdates()
  }
  check()
  return check
}

/** The address this build was made with, or none. */
export const updateFeed = typeof QUORATE_UPDATE_FEED === 'string' ? QUORATE_UPDATE_FEED : ''
