import { AsyncEntry } from '@napi-rs/keyring'

/** Small secrets kept by the operating system for this person, across restarts of the machine. */
export interface Keychain {
  /** Undefined: the keychain is open and has nothing under this name. @throws when it is locked or absent */
  read(account: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  write(account: string, secret: Uint8Array): Promise<void>
  remove(account: string): Promise<void>
}

/**
 * macOS Keychain, Windows Credential Manager, Secret Service (gnome-keyring, KWallet) on Linux.
 *
 * Not Electron's safeStorage: it exists only inside Electron, so neither the headless party nor a test outside could use
 * it, and on Linux without a keychain it "encrypts" with a password that everybody knows (basic_text).
 * On Linux the Secret Service is demanded by name: left to itself the library would fall back to the kernel's keyring,
 * which forgets everything when the machine restarts, and the shares with it.
 */
export function systemKeychain(service = 'io.quorate.desktop'): Keychain {
  const entry = (account: string) => new AsyncEntry(service, account, { linux: { store: 'secret-service' } })
  return {
    async read(account) {
      const stored = await entry(account).getSecret()
      if (stored === null) return undefined
      const secret = Uint8Array.from(stored)
      stored.fill(0)
      return secret
    },
    write: (account, secret) => entry(account).setSecret(secret),
    async remove(account) {
      await entry(account).deleteCredential()
    },
  }
}
