import { useSyncExternalStore } from 'react'

/** Screens have addresses in the fragment, which no server ever sees. */
export type Route =
  | { readonly screen: 'wallets' | 'create' | 'settings' | 'unknown' }
  | { readonly screen: 'wallet' | 'sign'; readonly walletId: string }

export function parseRoute(fragment: string): Route {
  const path = fragment.replace(/^#\/?/, '')
  if (path === '') return { screen: 'wallets' }
  if (path === 'create' || path === 'settings') return { screen: path }
  const wallet = /^wallet\/([0-9a-f]{32})(\/sign)?$/.exec(path)
  if (wallet?.[1] === undefined) return { screen: 'unknown' }
  return { screen: wallet[2] === undefined ? 'wallet' : 'sign', walletId: wallet[1] }
}

export const hrefs = {
  wallets: '#/',
  create: '#/create',
  settings: '#/settings',
  wallet: (walletId: string) => `#/wallet/${walletId}`,
  sign: (walletId: string) => `#/wallet/${walletId}/sign`,
} as const

export function useFragment(): string {
  return useSyncExternalStore(subscribe, () => location.hash)
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange)
  return () => {
    removeEventListener('hashchange', onChange)
  }
}
