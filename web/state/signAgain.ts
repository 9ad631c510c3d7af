import { create } from 'zustand'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'

interface SignAgain {
  readonly order: SigningOrder | undefined
  /** Hash of the transaction that waits and whose place it takes. */
  readonly replaces: string | undefined
}

/** What failed and is to be looked at again, on its way to the form. Nothing secret. */
export const useSignAgain = create<SignAgain>(() => ({ order: undefined, replaces: undefined }))
