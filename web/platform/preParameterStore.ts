import type { SealedPreParameters } from '../../tss-wasm/worker/api.ts'

/** Pre-parameters made ahead of need. Each set serves one key, ever. */
export interface PreParameterStore {
  /** AES-GCM 256 under which sets are sealed; made once, does not leave the platform's key store. */
  key(): Promise<CryptoKey>
  count(): Promise<number>
  /** Durable when it resolves. */
  put(sealed: SealedPreParameters): Promise<void>
  /** Removes a set and hands it out in one step: two callers, or a crash, never get the same one. */
  take(): Promise<SealedPreParameters | undefined>
}
