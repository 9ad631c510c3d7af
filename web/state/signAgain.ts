import { create } from 'zustand'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'

/** What failed and is to be looked at again, on its way to the form. Nothing secret. */
export const useSignAgain = create<{ readonly order: SigningOrder | undefined }>(() => ({ order: undefined }))
