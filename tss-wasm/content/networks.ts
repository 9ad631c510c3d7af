/** A network of Ethereum's kind. */
export interface Network {
  /** EIP-155 chain id. */
  readonly id: bigint
  /** As the network calls itself. Undefined: on this machine. */
  readonly name?: string
  /** The coin that amounts and fees are in; 10^18 units each. */
  readonly coin: string
  /** Whether its coins are worth nothing. */
  readonly isTest?: boolean
}

/**
 * Networks that we can name, the most used first. Another one is one more line; what is not here is shown by its number, and
 * its amounts are of "the network's coin".
 */
export const networks: readonly Network[] = [
  { id: 1n, name: 'Ethereum', coin: 'ETH' },
  { id: 56n, name: 'BNB Smart Chain', coin: 'BNB' },
  { id: 8453n, name: 'Base', coin: 'ETH' },
  { id: 42161n, name: 'Arbitrum One', coin: 'ETH' },
  { id: 10n, name: 'OP Mainnet', coin: 'ETH' },
  { id: 137n, name: 'Polygon', coin: 'POL' },
  { id: 43114n, name: 'Avalanche C-Chain', coin: 'AVAX' },
  { id: 100n, name: 'Gnosis', coin: 'xDAI' },
  { id: 59144n, name: 'Linea', coin: 'ETH' },
  { id: 324n, name: 'ZKsync Era', coin: 'ETH' },
  { id: 130n, name: 'Unichain', coin: 'ETH' },
  { id: 480n, name: 'World Chain', coin: 'ETH' },
  { id: 534352n, name: 'Scroll', coin: 'ETH' },
  { id: 81457n, name: 'Blast', coin: 'ETH' },
  { id: 57073n, name: 'Ink', coin: 'ETH' },
  { id: 34443n, name: 'Mode', coin: 'ETH' },
  { id: 167000n, name: 'Taiko', coin: 'ETH' },
  { id: 1101n, name: 'Polygon zkEVM', coin: 'ETH' },
  { id: 42170n, name: 'Arbitrum Nova', coin: 'ETH' },
  { id: 7777777n, name: 'Zora', coin: 'ETH' },
  { id: 1135n, name: 'Lisk', coin: 'ETH' },
  { id: 169n, name: 'Manta Pacific', coin: 'ETH' },
  { id: 1313161554n, name: 'Aurora', coin: 'ETH' },
  { id: 204n, name: 'opBNB', coin: 'BNB' },
  { id: 999n, name: 'HyperEVM', coin: 'HYPE' },
  { id: 80094n, name: 'Berachain', coin: 'BERA' },
  { id: 146n, name: 'Sonic', coin: 'S' },
  { id: 250n, name: 'Fantom', coin: 'FTM' },
  { id: 5000n, name: 'Mantle', coin: 'MNT' },
  { id: 42220n, name: 'Celo', coin: 'CELO' },
  { id: 25n, name: 'Cronos', coin: 'CRO' },
  { id: 1284n, name: 'Moonbeam', coin: 'GLMR' },
  { id: 1285n, name: 'Moonriver', coin: 'MOVR' },
  { id: 1088n, name: 'Metis Andromeda', coin: 'METIS' },
  { id: 2020n, name: 'Ronin', coin: 'RON' },
  { id: 8217n, name: 'Kaia', coin: 'KAIA' },
  { id: 1329n, name: 'Sei', coin: 'SEI' },
  { id: 14n, name: 'Flare', coin: 'FLR' },
  { id: 30n, name: 'Rootstock', coin: 'RBTC' },
  { id: 61n, name: 'Ethereum Classic', coin: 'ETC' },
  { id: 369n, name: 'PulseChain', coin: 'PLS' },
  { id: 11155111n, name: 'Sepolia', coin: 'ETH', isTest: true },
  { id: 560048n, name: 'Hoodi', coin: 'ETH', isTest: true },
  { id: 17000n, name: 'Holesky', coin: 'ETH', isTest: true },
  { id: 84532n, name: 'Base Sepolia', coin: 'ETH', isTest: true },
  { id: 421614n, name: 'Arbitrum Sepolia', coin: 'ETH', isTest: true },
  { id: 11155420n, name: 'OP Sepolia', coin: 'ETH', isTest: true },
  { id: 80002n, name: 'Polygon Amoy', coin: 'POL', isTest: true },
  { id: 97n, name: 'BNB Smart Chain', coin: 'tBNB', isTest: true },
  { id: 43113n, name: 'Avalanche Fuji', coin: 'AVAX', isTest: true },
  { id: 10200n, name: 'Gnosis Chiado', coin: 'xDAI', isTest: true },
  { id: 59141n, name: 'Linea Sepolia', coin: 'ETH', isTest: true },
  { id: 300n, name: 'ZKsync Sepolia', coin: 'ETH', isTest: true },
  { id: 31337n, coin: 'ETH', isTest: true },
]

const byId = new Map(networks.map((network) => [network.id, network]))

export function networkOf(id: bigint): Network | undefined {
  return byId.get(id)
}
