/** As wallets write an address where there is no room for all of it: its ends. Never where it is checked. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 8)}…${address.slice(-6)}`
}
