// Stands for the module 'electron' in main.test.ts: what main.ts calls, written down, and what the system would call back.
import { EventEmitter } from 'node:events'

type Listener = (...given: never[]) => unknown

export const record = {
  calls: [] as string[],
  handled: new Map<string, Listener>(),
  protocols: new Map<string, Listener>(),
  windows: [] as BrowserWindow[],
  permissionRequest: undefined as Listener | undefined,
  permissionCheck: undefined as Listener | undefined,
  asked: [] as string[],
  menus: [] as unknown[],
  loaded: Promise.withResolvers<undefined>(),
}
const note = (call: string) => () => {
  record.calls.push(call)
}
const userData = process.env['QUORATE_TEST_USER_DATA'] ?? ''

export const app = Object.assign(new EventEmitter(), {
  isPackaged: true,
  getPath: () => userData,
  enableSandbox: note('enableSandbox'),
  disableHardwareAcceleration: note('disableHardwareAcceleration'),
  requestSingleInstanceLock: () => true,
  whenReady: () => Promise.resolve(),
  setAsDefaultProtocolClient: () => true,
  setBadgeCount: () => true,
  quit: note('quit'),
  exit: note('exit'),
})

class WebContents extends EventEmitter {
  readonly id = record.windows.length + 1
  readonly sent: unknown[] = []
  setWindowOpenHandler() {
    record.calls.push('setWindowOpenHandler')
  }
  send(_channel: string, event: unknown) {
    this.sent.push(event)
  }
  reload() {
    record.calls.push('reload')
  }
  forcefullyCrashRenderer() {
    record.calls.push('forcefullyCrashRenderer')
  }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return record.windows
  }
  static getFocusedWindow(): BrowserWindow | null {
    return null
  }
  readonly webContents = new WebContents()
  readonly options: object
  constructor(options: object) {
    super()
    this.options = options
    record.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  loadURL(url: string) {
    record.calls.push(`loadURL ${url}`)
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
    setImmediate(() => {
      record.loaded.resolve(undefined)
    })
    return Promise.resolve()
  }
  show = note('show')
  focus = note('focus')
  maximize = note('maximize')
  restore = note('restore')
  isMinimized = () => false
  isMaximized = () => false
  getNormalBounds = () => ({ x: 0, y: 0, width: 900, height: 700 })
}

export const dialog = {
  showMessageBox({ message }: { message: string }) {
    record.asked.push(message)
    return Promise.resolve({ response: 1 })
  },
  showMessageBoxSync: () => 0,
  showErrorBox: (title: string, text: string) => {
    record.calls.push(`error: ${title}: ${text}`)
  },
}
export const ipcMain = { handle: (channel: string, listener: Listener) => record.handled.set(channel, listener) }
export const protocol = {
  registerSchemesAsPrivileged: note('registerSchemesAsPrivileged'),
  handle: (scheme: string, listener: Listener) => record.protocols.set(scheme, listener),
}
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (listener: Listener) => (record.permissionRequest = listener),
    setPermissionCheckHandler: (listener: Listener) => (record.permissionCheck = listener),
  },
}
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => record.menus.push(menu),
}
export class Tray extends EventEmitter {
  setToolTip = note('setToolTip')
  setContextMenu = note('setContextMenu')
}
export class Notification extends EventEmitter {
  static readonly shown: unknown[] = []
  readonly options: unknown
  constructor(options: unknown) {
    super()
    this.options = options
  }
  show() {
    Notification.shown.push(this.options)
  }
}
export const nativeImage = { createFromPath: (path: string) => path }
export const net = { fetch: globalThis.fetch }
export const powerMonitor = new EventEmitter()
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }
export const autoUpdater = Object.assign(new EventEmitter(), { setFeedURL: note('setFeedURL') })
