import type { Identity } from '../../tss-wasm/identity/identity.ts'

/** The identity of this installation (architecture.md 2.1). */
export interface IdentityStore {
  /** Makes it the first time, durably; afterwards always the same one, in every tab. */
  load(): Promise<Identity>
}
