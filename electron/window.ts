import type { BrowserWindowConstructorOptions } from 'electron'

export const appUrl = 'app://quorate/'

/** The hardened window. Everything not needed is off; each line says what it keeps out. */
export const windowOptions: BrowserWindowConstructorOptions = {
  width: 1120,
  height: 800,
  minWidth: 380,
  minHeight: 560,
  show: false, // shown when painted: no white flash
  webPreferences: {
    sandbox: true, // the page runs in the OS sandbox
    contextIsolation: true, // page scripts cannot reach Electron's own
    nodeIntegration: false, // no Node in the page
    nodeIntegrationInWorker: false, // nor in its workers
    webSecurity: true, // same-origin rules stay on
    allowRunningInsecureContent: false, // no http inside
    webviewTag: false, // no embedded pages
    navigateOnDragDrop: false, // dropping a file does not leave the app
    spellcheck: false, // names of wallets do not go to a dictionary service
    devTools: process.env['QUORATE_DEVTOOLS'] === '1', // developers ask for them
  },
}

/** The window shows one origin for its whole life. */
export function mayNavigateTo(url: string): boolean {
  return url.startsWith(appUrl)
}
