import { contextBridge, ipcRenderer } from 'electron'
import type { DesktopBridge, DesktopEvent } from '../web/platform/desktop/bridge.ts'
import { type Call, channels, eventChannel } from './channels.ts'

// Everything the page may ask for, one line each. Runs sandboxed, in a world of its own; the page gets `bridge` only.
const bridge: DesktopBridge = {
  listWallets: () => ask('listWallets'),
  putPending: (record, share) => ask('putPending', record, share),
  settle: (walletId, as) => ask('settle', walletId, as),
  replaceShare: (walletId, old, share) => ask('replaceShare', walletId, old, share),
  epochs: (walletId, wish) => ask('epochs', walletId, wish),
  installation: () => ask('installation'),
  prepared: (wish) => ask('prepared', wish),
  announce: (news) => ask('announce', news),
  onEvent: (listener) => {
    tell = listener
    early.splice(0).forEach(listener)
  },
}

const early: DesktopEvent[] = []
let tell: (event: DesktopEvent) => void = (event) => {
  early.push(event)
}
ipcRenderer.on(eventChannel, (_event, event: DesktopEvent) => {
  tell(event)
})

function ask<C extends Call>(call: C, ...given: Parameters<DesktopBridge[C]>): ReturnType<DesktopBridge[C]> {
  return ipcRenderer.invoke(channels[call], ...given) as ReturnType<DesktopBridge[C]>
}

contextBridge.exposeInMainWorld('quorateDesktop', bridge)
