import type { MenuItemConstructorOptions } from 'electron'

export interface MenuActions {
  readonly show: () => void
  readonly lock: () => void
  readonly showProtection: () => void
  readonly checkForUpdates: (() => void) | undefined
}

/** Nothing that reloads another address, opens developer tools or leaves the app. */
export function menuTemplate(platform: NodeJS.Platform, actions: MenuActions): MenuItemConstructorOptions[] {
  const { checkForUpdates } = actions
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Lock', accelerator: 'CmdOrCtrl+L', click: actions.lock },
        { type: 'separator' },
        { role: platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      role: 'help',
      submenu: [
        { label: 'How shares are protected here', click: actions.showProtection },
        ...(checkForUpdates === undefined ? [] : [{ label: 'Check for updates', click: checkForUpdates }]),
      ],
    },
  ]
}

export function trayTemplate(
  pending: number,
  actions: Pick<MenuActions, 'show' | 'lock'>,
): MenuItemConstructorOptions[] {
  return [
    { label: pending === 0 ? 'Nothing pending' : `${pending} pending`, enabled: false },
    { label: 'Open Quorate', click: actions.show },
    { label: 'Lock', click: actions.lock },
    { type: 'separator' },
    { role: 'quit' },
  ]
}
