import { create } from 'zustand'
import type { Failure } from '../../tss-wasm/failure.ts'
import type { HistoryEntry } from '../platform/historyStore.ts'

export type History =
  | { readonly status: 'ready'; readonly entries: readonly HistoryEntry[] }
  | { readonly status: 'failed'; readonly failure: Failure }

/** By wallet id, as far as it has been looked at. */
export const useHistory = create<Readonly<Record<string, History>>>(() => ({}))
