import { join } from 'node:path'
import type { BrowserWindowConstructorOptions, WebContents } from 'electron'

/** The window shows one origin for its whole life. */
export const appUrl = 'app://quorate/'

/** The hardened window. Everything not needed is off; each line says what it keeps out. */
export const windowOptions: BrowserWindowConstructorOptions = {
  width: 1120,
  height: 800,
  minWidth: 380,
  minHeight: 560,
  show: false, // shown when painted: no white flash
  webPreferences: {
    preload: join(import.meta.dirname, 'preload.cjs'), // the only bridge
    sandbox: true, // the page runs in the OS sandbox
    contextIsolation: true, // page scripts cannot reach Electron's own
    nodeIntegration: false, // no Node in the page
    nodeIntegrationInWorker: false, // nor in its workers
    nodeIntegrationInSubFrames: false, // nor in a frame, of which there is none
    webSecurity: true, // same-origin rules stay on
    allowRunningInsecureContent: false, // no http inside
    experimentalFeatures: false, // no half-finished parts of Chromium
    webviewTag: false, // no embedded pages
    navigateOnDragDrop: false, // dropping a file does not leave the app
    spellcheck: false, // names of wallets do not go to a dictionary service
    backgroundThrottling: false, // a ceremony goes on while the window is hidden
    devTools: process.env['QUORATE_DEVTOOLS'] === '1', // developers ask for them
  },
}

/** The app's one page, with whatever screen behind the `#`. No other path of its origin is a page. */
export function mayNavigateTo(url: string): boolean {
  return url.startsWith(appUrl) && /^([?#]|$)/.test(url.slice(appUrl.length))
}

/** No way out of the app's own page: no new window, no other address, no embedded page. */
export function confine(contents: Pick<WebContents, 'setWindowOpenHandler' | 'on'>): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => {
    if (!mayNavigateTo(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!mayNavigateTo(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!mayNavigateTo(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
}

/**
 * Every permission is denied but the camera, for QR codes, and writing to the clipboard, which the copy buttons do (and
 * which never reads). The microphone comes under the same name as the camera.
 */
export function mayUse(permission: string, origin: string, media: readonly string[]): boolean {
  if (!mayNavigateTo(origin.endsWith('/') ? origin : `${origin}/`)) return false
  if (permission === 'clipboard-sanitized-write') return true
  return permission === 'media' && media.length > 0 && media.every((kind) => kind === 'video')
}
