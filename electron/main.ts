import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  app,
  autoUpdater,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  net,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  Tray,
} from 'electron'
import { readDescription } from '../tss-wasm/content/describe/description.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { answer } from './appProtocol.ts'
import { attention } from './attention.ts'
import { lockOnSuspend, locking, revive } from './autoLock.ts'
import { desktopHandlers } from './handlers.ts'
import { isAppPage, serveCalls } from './ipc.ts'
import { systemKeychain } from './keychain.ts'
import { menuTemplate, trayTemplate } from './menu.ts'
import { watchOpened } from './opened.ts'
import { pageEvents } from './pageEvents.ts'
import { pinnedParties } from './pinnedParties.ts'
import {
  askToGoOnWithoutKeychain,
  askToLeaveCeremony,
  confirmServerParties,
  explainProtection,
  openFolderOrAsk,
} from './questions.ts'
import { loadDescriptions } from '../files/descriptions.ts'
import { loadSettings, type Settings } from './settings.ts'
import { markStart } from './startMarker.ts'
import { setupUpdates, updateFeed } from './updates.ts'
import { appUrl, confine, mayNavigateTo, mayUse, windowOptions } from './window.ts'
import { loadWindowState, rememberWindowState } from './windowState.ts'

const inData = (name: string) => join(app.getPath('userData'), name)
const dist = join(import.meta.dirname, '..', 'dist')
const events = pageEvents()
const windows = new Set<number>()

// Before `ready`: app:// behaves like https, so that workers, WebCrypto and streaming calls work.
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
])
app.enableSandbox()
if (app.requestSingleInstanceLock()) void start().catch(giveUp)
else app.quit()

async function start(): Promise<void> {
  const marker = markStart(inData('starting'))
  if (marker.careful) app.disableHardwareAcceleration()
  watchOpened(app, process.argv, (event) => {
    events.tell(event)
  })
  app.on('second-instance', showWindow)
  app.on('activate', showWindow)
  app.on('window-all-closed', () => {
    app.quit()
  })
  app.on('web-contents-created', (_event, contents) => {
    confine(contents)
  })
  await app.whenReady()
  const settings = await loadSettings(inData('settings.json'), process.env)
  const goOnWithoutKeychain = () => askToGoOnWithoutKeychain(dialog)
  const keeping = { keychain: systemKeychain(), random: systemRandom, goOnWithoutKeychain }
  const folder = await openFolderOrAsk(inData('party'), keeping, dialog)
  if (folder === undefined) {
    app.quit()
    return
  }
  const lock = locking(folder, () => BrowserWindow.getAllWindows().map(({ webContents }) => webContents))
  lockOnSuspend(powerMonitor, lock)
  const { descriptions: describing } = settings
  const descriptions =
    describing === undefined
      ? []
      : await loadDescriptions(resolve(app.getPath('userData'), describing), readDescription)
  setupPermissions()
  serveApp(settings, JSON.stringify({ descriptions }))
  serveCalls(desktopHandlers(folder, setupAttention(lock)), {
    handle: ipcMain.handle.bind(ipcMain),
    isOurs: (caller) => isAppPage(caller, windows, mayNavigateTo),
    report: (call, error) => {
      process.stderr.write(`quorate: ${call}: ${error instanceof Error ? error.message : 'unknown error'}\n`)
    },
  })
  const updating = { settings, packaged: app.isPackaged, platform: process.platform, updater: autoUpdater }
  const checkForUpdates = setupUpdates({ ...updating, feed: updateFeed, report: () => undefined })
  const showProtection = () => void explainProtection(dialog, folder.protection)
  const actions = { show: showWindow, lock, showProtection, checkForUpdates }
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, actions)))
  await openWindow(marker.careful)
  marker.succeeded()
}

function setupPermissions(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => {
    decide(mayUse(permission, details.requestingUrl, 'mediaTypes' in details ? (details.mediaTypes ?? []) : []))
  })
  defaultSession.setPermissionCheckHandler((_contents, permission, origin, { mediaType }) =>
    mayUse(permission, origin, mediaType === undefined ? [] : [mediaType]),
  )
}

function serveApp({ coordinator, webApp = coordinator }: Settings, descriptions: string): void {
  const fetchOutside: typeof fetch = (input, init) => net.fetch(input instanceof URL ? input.href : input, init)
  const serverParties = pinnedParties({
    file: inData('server-parties.json'),
    ask: async () => (await net.fetch(new URL('/quorate.json', coordinator).href)).text(),
    confirm: (parties) => confirmServerParties(dialog, parties),
  })
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  protocol.handle('app', (request) =>
    answer(request, { dist, page, coordinator, webApp, fetch: fetchOutside, descriptions, serverParties }),
  )
}

function setupAttention(lock: () => void): ReturnType<typeof attention> {
  const tray = new Tray(nativeImage.createFromPath(join(import.meta.dirname, 'tray.png')))
  tray.on('click', showWindow)
  return attention({
    showPending(pending) {
      app.setBadgeCount(pending)
      tray.setToolTip(pending === 0 ? 'Quorate' : `Quorate: ${pending} pending`)
      tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(pending, { show: showWindow, lock })))
    },
    notify(options) {
      const notification = new Notification(options)
      notification.on('click', showWindow)
      notification.show()
    },
    isWatched: () => BrowserWindow.getFocusedWindow() !== null,
  })
}

async function openWindow(careful: boolean): Promise<void> {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
  const state = careful ? undefined : await loadWindowState(inData('window.json'), screens)
  const window = new BrowserWindow({ ...windowOptions, ...state })
  windows.add(window.webContents.id)
  revive(window.webContents, Date.now)
  window.webContents.on('will-prevent-unload', (event) => {
    if (askToLeaveCeremony(dialog)) event.preventDefault()
  })
  events.follow(window.webContents)
  rememberWindowState(window, inData('window.json'))
  window.once('ready-to-show', () => {
    if (state?.maximized === true) window.maximize()
    window.show()
  })
  await window.loadURL(appUrl)
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window?.isMinimized() === true) window.restore()
  window?.show()
  window?.focus()
}

function giveUp(error: unknown): void {
  dialog.showErrorBox('Quorate cannot start', error instanceof Error ? error.message : 'unknown error')
  app.exit(1)
}
