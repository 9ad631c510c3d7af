import { create } from 'zustand'
import { openAttempts } from '../../participant/reshare/walletEpochs.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import type { WalletRecord } from '../platform/shareStore.ts'

export type Wallets =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly records: readonly WalletRecord[] }
  | { readonly status: 'failed'; readonly failure: Failure }

export const useWallets = create<Wallets>(() => ({ status: 'loading' }))

export function walletById(wallets: Wallets, walletId: string | undefined): WalletRecord | undefined {
  return wallets.status === 'ready' ? wallets.records.find((record) => record.walletId === walletId) : undefined
}

/** Others still have a word to say: about a wallet that is being made, or about new shares of one. */
export function isUnsettled({ state, epochs }: WalletRecord): boolean {
  return state === 'pending' || (epochs !== undefined && openAttempts(epochs).length > 0)
}
