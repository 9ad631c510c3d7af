import type { Identity } from '../../tss-wasm/identity/identity.ts'

/** The identity of this installation (ARCHITECTURE 2.1). */
export interface IdentityStore {
  /** Makes it the first time, durably; afterwards always the same one, in every tab. */
  load(): Promise<Identity>
  /**
   * The same as `sealIdentity` writes it, under the key of the pre-parameters: what goes into new shares, so that their
   * backups can take their seat again. Undefined for an identity that was made when it could not be copied.
   */
  sealed(): Promise<Uint8Array | undefined>
}
