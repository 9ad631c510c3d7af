export interface Chain {
  readonly id: bigint
  readonly name: string
  readonly currency: string
}

/** Networks the app can name. Any other chain ID can be typed in, and is warned about. */
export const chains: readonly Chain[] = [
  { id: 1n, name: 'Ethereum', currency: 'ETH' },
  { id: 10n, name: 'OP Mainnet', currency: 'ETH' },
  { id: 137n, name: 'Polygon', currency: 'POL' },
  { id: 8453n, name: 'Base', currency: 'ETH' },
  { id: 42161n, name: 'Arbitrum One', currency: 'ETH' },
  { id: 11155111n, name: 'Sepolia (test network)', currency: 'ETH' },
  { id: 17000n, name: 'Holesky (test network)', currency: 'ETH' },
  { id: 31337n, name: 'Local development network', currency: 'ETH' },
]

export function chainOf(id: bigint): Chain | undefined {
  return chains.find((chain) => chain.id === id)
}

export function currencyOf(id: bigint): string {
  return chainOf(id)?.currency ?? 'ETH'
}
