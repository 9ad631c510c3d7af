import { useSyncExternalStore } from 'react'

/** Screens have addresses in the fragment, which no server ever sees. */
export type Route =
  | { readonly screen: 'wallets' | 'create' | 'settings' | 'requests' | 'restore' | 'unknown' }
  /** With the invitation that a link carries. */
  | { readonly screen: 'join'; readonly invitation: string }
  | { readonly screen: 'request'; readonly sessionId: string }
  | {
      readonly screen: 'wallet' | 'send' | 'sign' | 'signing' | 'backup' | 'sheet' | 'guardians'
      readonly walletId: string
    }
  /** Of who holds its shares; undefined: what becomes of the one that runs. */
  | { readonly screen: 'reshare'; readonly walletId: string; readonly change: Change | undefined }

/** What people change of a wallet whose address stays. */
export const changes = ['replace', 'move', 'members', 'threshold', 'renew'] as const
export type Change = (typeof changes)[number]

export function parseRoute(fragment: string): Route {
  // Some messengers write "%2F" for "/" behind the "#" of a link.
  const path = fragment.replaceAll(/%2f/gi, '/').replace(/^#\/?/, '')
  if (path === '') return { screen: 'wallets' }
  if (path === 'create' || path === 'settings' || path === 'requests' || path === 'restore') return { screen: path }
  const invitation = /^join(?:\/(.*))?$/.exec(path)
  if (invitation !== null) return { screen: 'join', invitation: invitation[1] ?? '' }
  const request = /^requests\/([0-9a-f]{32})$/.exec(path)?.[1]
  if (request !== undefined) return { screen: 'request', sessionId: request }
  const [, walletId, page = 'wallet'] = /^wallet\/([0-9a-f]{32})(?:\/(.*))?$/.exec(path) ?? []
  const change = /^reshare(?:\/(.*))?$/.exec(page)
  if (walletId !== undefined && change !== null) {
    const [, named] = change
    return { screen: 'reshare', walletId, change: changes.find((known) => known === named) }
  }
  if (walletId === undefined || !isWalletPage(page)) return { screen: 'unknown' }
  return { screen: page, walletId }
}

function isWalletPage(page: string): page is 'wallet' | 'send' | 'sign' | 'signing' | 'backup' | 'sheet' | 'guardians' {
  return ['wallet', 'send', 'sign', 'signing', 'backup', 'sheet', 'guardians'].includes(page)
}

export const hrefs = {
  wallets: '#/',
  create: '#/create',
  settings: '#/settings',
  join: '#/join',
  restore: '#/restore',
  requests: '#/requests',
  request: (sessionId: string) => `#/requests/${sessionId}`,
  wallet: (walletId: string) => `#/wallet/${walletId}`,
  sign: (walletId: string) => `#/wallet/${walletId}/sign`,
  send: (walletId: string) => `#/wallet/${walletId}/send`,
  /** What is being signed with everybody here, or was. */
  signing: (walletId: string) => `#/wallet/${walletId}/signing`,
  /** Without a change: what becomes of the one that runs. */
  reshare: (walletId: string, change?: Change) =>
    change === undefined ? `#/wallet/${walletId}/reshare` : `#/wallet/${walletId}/reshare/${change}`,
  backup: (walletId: string) => `#/wallet/${walletId}/backup`,
  sheet: (walletId: string) => `#/wallet/${walletId}/sheet`,
  guardians: (walletId: string) => `#/wallet/${walletId}/guardians`,
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
