/** In how many sessions a party takes part at once, so that sessions that only wait do not keep everybody from signing. */
export interface Places {
  /** @param of what the session is for: new wallets, or the id of one @returns undefined when there is none left */
  take(of: 'new wallets' | { readonly walletId: string }): Disposable | undefined
}

const most = 24
/** Anybody may ask for new wallets, and let them wait. */
const mostNewWallets = 8
/** And whoever holds a share of a wallet, for its signatures. */
const mostOfOneWallet = 8

export function places(): Places {
  let taken = 0
  const takenOf = new Map<string, number>()
  return {
    take(of) {
      const [group, mostOfGroup] = of === 'new wallets' ? [of, mostNewWallets] : [of.walletId, mostOfOneWallet]
      const others = takenOf.get(group) ?? 0
      if (taken >= most || others >= mostOfGroup) return undefined
      taken += 1
      takenOf.set(group, others + 1)
      return {
        [Symbol.dispose]() {
          taken -= 1
          const left = (takenOf.get(group) ?? 1) - 1
          if (left > 0) takenOf.set(group, left)
          else takenOf.delete(group)
        },
      }
    },
  }
}
