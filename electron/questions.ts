import type { Dialog } from 'electron'
import type { PinnedParty } from '../participant/session/serverParties.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { fingerprint } from '../tss-wasm/identity/identity.ts'
import type { DataKeyPorts, Protection } from './dataKey.ts'
import { type DesktopFolder, openDesktopFolder } from './desktopFolder.ts'

type Ask = Pick<Dialog, 'showMessageBox'>

/** Told before it is decided, and not decided for the person. */
export async function askToGoOnWithoutKeychain(dialog: Ask): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Quorate',
    message: 'This system has no open keychain',
    detail:
      'With a keychain, whoever copies the files of this computer cannot even try passphrases on your share. Without one ' +
      'your passphrase alone protects it, so it has to be a strong one, and the identity of this installation lies in a ' +
      'file that only your user account can read.\n\nOn Linux, unlock or install gnome-keyring or KWallet and start ' +
      'Quorate again. The choice is made once for this installation.',
    buttons: ['Quit', 'Go on with the passphrase alone'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}

/** Tries until it opens, or the person gives up. */
export async function openFolderOrAsk(
  path: string,
  ports: DataKeyPorts,
  dialog: Ask,
): Promise<DesktopFolder | undefined> {
  for (;;) {
    try {
      return await openDesktopFolder(path, ports)
    } catch (error) {
      const { response } = await dialog.showMessageBox({
        type: 'error',
        title: 'Quorate',
        message: 'What this installation stores cannot be opened',
        detail: `${reasonOf(error)}\n\nNothing was changed. Do not delete any files: they hold your shares.`,
        buttons: ['Quit', 'Try again'],
        defaultId: 1,
        cancelId: 0,
        noLink: true,
      })
      if (response !== 1) return undefined
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ProtocolAbort && error.failure.kind === 'refused') {
    return `${error.failure.what}: ${error.failure.detail}`
  }
  return error instanceof Error ? error.message : 'unknown reason'
}

export async function confirmServerParties(dialog: Ask, parties: readonly PinnedParty[]): Promise<boolean> {
  const lines = parties.map(({ name, identity }) => `${name}\n    ${fingerprint(identity)}`)
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Quorate',
    message: 'Are these your server parties?',
    detail:
      `The coordinator names them. Compare the fingerprints with whoever runs them; from then on Quorate accepts no ` +
      `others under these names.\n\n${lines.join('\n\n')}`,
    buttons: ['Not now', 'They are'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}

export async function explainProtection(dialog: Ask, protection: Protection): Promise<void> {
  await dialog.showMessageBox({
    type: 'info',
    title: 'Quorate',
    message: protection === 'keychain' ? 'Your passphrase and the keychain of this system' : 'Your passphrase alone',
    detail:
      protection === 'keychain'
        ? 'Each share is sealed under your passphrase, and around that under a key that this system keeps for your user account.'
        : 'There was no keychain when this installation was first started. Each share is sealed under your passphrase only.',
    buttons: ['Close'],
  })
}

/** The page holds a ceremony that runs; the window cannot ask by itself. */
export function askToLeaveCeremony(dialog: Pick<Dialog, 'showMessageBoxSync'>): boolean {
  const response = dialog.showMessageBoxSync({
    type: 'question',
    title: 'Quorate',
    message: 'A wallet is being created or a signature made',
    detail: 'If you leave now it fails, for the other parties too.',
    buttons: ['Stay', 'Leave'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  return response === 1
}
