import type { Texts } from '../texts/en.ts'

export interface Chain {
  readonly id: bigint
  /** As the network calls itself. Undefined: on this machine. */
  readonly name?: string
  readonly isTest?: boolean
  readonly currency: string
}

/** Networks the app can name. Any other chain ID can be typed in, and is warned about. */
export const chains: readonly Chain[] = [
  { id: 1n, name: 'Ethereum', currency: 'ETH' },
  { id: 10n, name: 'OP Mainnet', currency: 'ETH' },
  { id: 137n, name: 'Polygon', currency: 'POL' },
  { id: 8453n, name: 'Base', currency: 'ETH' },
  { id: 42161n, name: 'Arbitrum One', currency: 'ETH' },
  { id: 11155111n, name: 'Sepolia', currency: 'ETH', isTest: true },
  { id: 17000n, name: 'Holesky', currency: 'ETH', isTest: true },
  { id: 31337n, currency: 'ETH' },
]

export function chainOf(id: bigint): Chain | undefined {
  return chains.find((chain) => chain.id === id)
}

export function currencyOf(id: bigint): string {
  return chainOf(id)?.currency ?? 'ETH'
}

export function chainName({ name, isTest = false }: Chain, { networks }: Texts): string {
  if (name === undefined) return networks.local
  return isTest ? networks.test(name) : name
}
