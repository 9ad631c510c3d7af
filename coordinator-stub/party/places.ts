import { createTally } from '../limits/tally.ts'

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
  const takenOf = createTally()
  return {
    take(of) {
      const [group, mostOfGroup] = of === 'new wallets' ? [of, mostNewWallets] : [of.walletId, mostOfOneWallet]
      if (taken >= most || takenOf.of(group) >= mostOfGroup) return undefined
      taken += 1
      takenOf.add(group)
      return {
        [Symbol.dispose]() {
          taken -= 1
          takenOf.remove(group)
        },
      }
    },
  }
}
