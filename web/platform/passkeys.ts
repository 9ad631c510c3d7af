import type { WrappedShareKey } from '../../tss-wasm/worker/api.ts'

/**
 * A passkey that opens one wallet's share on this device, beside the passphrase. Nothing here is secret, and nothing opens
 * without the authenticator that made the passkey.
 */
export interface Passkey extends Credential {
  readonly walletId: string
  /** The key of the share as it is sealed now: sealed anew, it is another (tss-wasm/keyShare/passkey.ts). */
  readonly wrapped: WrappedShareKey
  readonly addedAtMs: number
}

/** What an authenticator is asked by. */
export interface Credential {
  readonly credentialId: Uint8Array<ArrayBuffer>
  /** How the authenticator is reached, in its own words (WebAuthn, AuthenticatorTransport). */
  readonly transports: readonly string[]
  /** 32 bytes: where its PRF is evaluated. */
  readonly salt: Uint8Array<ArrayBuffer>
}

export interface Passkeys {
  readonly store: PasskeyStore
  readonly authenticator: Authenticator
}

/** Losing it costs nothing but that the passphrase is typed again. One for each wallet. */
export interface PasskeyStore {
  get(walletId: string): Promise<Passkey | undefined>
  all(): Promise<readonly Passkey[]>
  put(passkey: Passkey): Promise<void>
  remove(walletId: string): Promise<void>
}

/**
 * `no`: no passkeys, or none that give a secret; `address`: only under a host name, and this page has none. With `yes` it
 * still depends on the authenticator.
 */
export type PasskeysOffered = 'yes' | 'no' | 'address'

/** The person's authenticators: what holds passkeys, and lets them be used by a touch, a face or a PIN. */
export interface Authenticator {
  offered(): Promise<PasskeysOffered>
  /** This and `secretOf` reject with `refused`, `passkey-unused` and `passkey-no-prf`. Secrets: 32 bytes, to be overwritten. */
  create(account: string): Promise<NewCredential>
  secretOf(credential: Credential, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
  /** Tells the person's passkey manager, where that is possible, that nothing uses the passkey any more. */
  forget(credentialId: Uint8Array<ArrayBuffer>): Promise<void>
}

export interface NewCredential extends Credential {
  readonly secret: Uint8Array<ArrayBuffer>
}
