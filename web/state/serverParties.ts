import { create } from 'zustand'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import type { Failure } from '../../tss-wasm/failure.ts'

export type ServerParties =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly parties: readonly PinnedParty[] }
  | { readonly status: 'failed'; readonly failure: Failure }

export const useServerParties = create<ServerParties>(() => ({ status: 'loading' }))
