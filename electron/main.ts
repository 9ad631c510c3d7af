import { join } from 'node:path'
import { app, BrowserWindow, net, protocol, session } from 'electron'
import { answer } from './appProtocol.ts'
import { appUrl, mayNavigateTo, windowOptions } from './window.ts'

const coordinator = process.env['QUORATE_COORDINATOR'] ?? 'http://localhost:8080'

// Before `ready`: app:// behaves like https, so that IndexedDB, workers, WebCrypto and streaming calls work.
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
])

if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  app.enableSandbox()
  app.on('second-instance', showWindow)
  app.on('window-all-closed', () => {
    app.quit()
  })
  await app.whenReady()
  serveApp()
  denyPermissions()
  openWindow()
}

function serveApp(): void {
  const dist = join(import.meta.dirname, '..', 'dist')
  const fetchOutside: typeof fetch = (input, init) => net.fetch(input as string, init)
  protocol.handle('app', (request) => answer(request, { dist, coordinator, fetch: fetchOutside }))
}

function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false)
  })
  session.defaultSession.setPermissionCheckHandler(() => false)
}

function openWindow(): void {
  const window = new BrowserWindow(windowOptions)
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event) => {
    if (!mayNavigateTo(event.url)) event.preventDefault()
  })
  window.webContents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  window.once('ready-to-show', () => {
    window.show()
  })
  void window.loadURL(appUrl)
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window?.isMinimized()) window.restore()
  window?.focus()
}
