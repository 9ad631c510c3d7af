/** A token of the standard ERC-20 on one network. */
export interface Token {
  /** EIP-155 chain id. */
  readonly chainId: bigint
  /** Of its contract, with EIP-55 checksum. */
  readonly address: string
  /** What people call it: of one network no two here have the same. */
  readonly symbol: string
  /** A unit of it is 10 to this power of what contracts count in. */
  readonly decimals: number
}

type Row = readonly [symbol: string, decimals: number, address: string]

/**
 * Tokens that we can name, by network, the most used first. What stands here counts more than what a node says of the same
 * contract. Whether a token is worth anything, or still traded, is not said. Another one is one more line.
 */
const known: readonly (readonly [chainId: bigint, rows: readonly Row[]])[] = [
  [
    1n,
    [
      ['USDC', 6, '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'],
      ['USDT', 6, '0xdAC17F958D2ee523a2206206994597C13D831ec7'],
      ['DAI', 18, '0x6B175474E89094C44Da98b954EedeAC495271d0F'],
      ['USDS', 18, '0xdC035D45d973E3EC169d2276DDab16f1e407384F'],
      ['PYUSD', 6, '0x6c3ea9036406852006290770BEdFcAbA0e23A0e8'],
      ['EURC', 6, '0x1aBaEA1f7C830bD89Acc67eC4af516284b1bC33c'],
      ['WETH', 18, '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'],
      ['WBTC', 8, '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599'],
      ['cbBTC', 8, '0xcbB7C0000aB88B473b1f5aFd9ef808440eed33Bf'],
      ['LINK', 18, '0x514910771AF9Ca656af840dff83E8264EcF986CA'],
      ['UNI', 18, '0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984'],
      ['AAVE', 18, '0x7Fc66500c84A76Ad7e9c93437bFc5Ac33E2DDaE9'],
      ['POL', 18, '0x455e53CBB86018Ac2B8092FdCd39d8444aFFC3F6'],
      ['ARB', 18, '0xB50721BCf8d664c30412Cfbc6cf7a15145234ad1'],
      ['MKR', 18, '0x9f8F72aA9304c8B593d555F12eF6589cC3A579A2'],
      ['CRV', 18, '0xD533a949740bb3306d119CC777fa900bA034cd52'],
      ['LDO', 18, '0x5A98FcBEA516Cf06857215779Fd812CA3beF1B32'],
      ['ENS', 18, '0xC18360217D8F7Ab5e7c516566761Ea12Ce7F9D72'],
      ['COMP', 18, '0xc00e94Cb662C3520282E6f5717214004A7f26888'],
      ['SHIB', 18, '0x95aD61b0a150d79219dCF64E1E6Cc01f0B64C4cE'],
      ['PEPE', 18, '0x6982508145454Ce325dDbE47a25d4ec3d2311933'],
    ],
  ],
  [
    10n,
    [
      ['USDC', 6, '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85'],
      ['USDT', 6, '0x94b008aA00579c1307B0EF2c499aD98a8ce58e58'],
      ['USDC.e', 6, '0x7F5c764cBc14f9669B88837ca1490cCa17c31607'],
      ['DAI', 18, '0xDA10009cBd5D07dd0CeCc66161FC93D7c9000da1'],
      ['WETH', 18, '0x4200000000000000000000000000000000000006'],
      ['WBTC', 8, '0x68f180fcCe6836688e9084f035309E29Bf0A2095'],
      ['LINK', 18, '0x350a791Bfc2C21F9Ed5d10980Dad2e2638ffa7f6'],
      ['OP', 18, '0x4200000000000000000000000000000000000042'],
    ],
  ],
  [
    56n,
    [
      ['USDC', 18, '0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d'],
      ['USDT', 18, '0x55d398326f99059fF775485246999027B3197955'],
      ['DAI', 18, '0x1AF3F329e8BE154074D8769D1FFa4eE058B1DBc3'],
      ['BUSD', 18, '0xe9e7CEA3DedcA5984780Bafc599bD69ADd087D56'],
      ['WBNB', 18, '0xbb4CdB9CBd36B01bD1cBaEBF2De08d9173bc095c'],
      ['WETH', 18, '0x2170Ed0880ac9A755fd29B2688956BD959F933F8'],
      ['LINK', 18, '0xF8A0BF9cF54Bb92F17374d9e9A321E6a111a51bD'],
      ['UNI', 18, '0xBf5140A22578168FD562DCcF235E5D43A02ce9B1'],
      ['AAVE', 18, '0xfb6115445Bff7b52FeB98650C87f44907E58f802'],
    ],
  ],
  [
    130n,
    [
      ['USDC', 6, '0x078D782b760474a361dDA0AF3839290b0EF57AD6'],
      ['DAI', 18, '0x20CAb320A855b39F724131C69424240519573f81'],
      ['WETH', 18, '0x4200000000000000000000000000000000000006'],
      ['WBTC', 8, '0x927B51f251480a681271180DA4de28D44EC4AfB8'],
      ['UNI', 18, '0x8f187aA05619a017077f5308904739877ce9eA21'],
    ],
  ],
  [
    137n,
    [
      ['USDC', 6, '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359'],
      ['USDT', 6, '0xc2132D05D31c914a87C6611C10748AEb04B58e8F'],
      ['USDC.e', 6, '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174'],
      ['DAI', 18, '0x8f3Cf7ad23Cd3CaDbD9735AFf958023239c6A063'],
      ['WETH', 18, '0x7ceB23fD6bC0adD59E62ac25578270cFf1b9f619'],
      ['WBTC', 8, '0x1BFD67037B42Cf73acF2047067bd4F2C47D9BfD6'],
      ['LINK', 18, '0x53E0bca35eC356BD5ddDFebbD1Fc0fD03FaBad39'],
      ['AAVE', 18, '0xD6DF932A45C0f255f85145f286eA0b292B21C90B'],
    ],
  ],
  [
    480n,
    [
      ['USDC.e', 6, '0x79A02482A880bCE3F13e09Da970dC34db4CD24d1'],
      ['WETH', 18, '0x4200000000000000000000000000000000000006'],
    ],
  ],
  [
    8453n,
    [
      ['USDC', 6, '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'],
      ['EURC', 6, '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42'],
      ['DAI', 18, '0x50c5725949A6F0c72E6C4a641F24049A917DB0Cb'],
      ['USDbC', 6, '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA'],
      ['WETH', 18, '0x4200000000000000000000000000000000000006'],
      ['cbBTC', 8, '0xcbB7C0000aB88B473b1f5aFd9ef808440eed33Bf'],
      ['UNI', 18, '0xc3De830EA07524a0761646a6a4e4be0e114a3C83'],
    ],
  ],
  [
    42161n,
    [
      ['USDC', 6, '0xaf88d065e77c8cC2239327C5EDb3A432268e5831'],
      ['USDT0', 6, '0xFd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9'],
      ['USDC.e', 6, '0xFF970A61A04b1cA14834A43f5dE4533eBDDB5CC8'],
      ['DAI', 18, '0xDA10009cBd5D07dd0CeCc66161FC93D7c9000da1'],
      ['WETH', 18, '0x82aF49447D8a07e3bd95BD0d56f35241523fBab1'],
      ['WBTC', 8, '0x2f2a2543B76A4166549F7aaB2e75Bef0aefC5B0f'],
      ['LINK', 18, '0xf97f4df75117a78c1A5a0DBb814Af92458539FB4'],
      ['UNI', 18, '0xFa7F8980b0f1E64A2062791cc3b0871572f1F7f0'],
      ['AAVE', 18, '0xba5DdD1f9d7F570dc94a51479a000E3BCE967196'],
      ['ARB', 18, '0x912CE59144191C1204E64559FE8253a0e49E6548'],
    ],
  ],
  [
    42220n,
    [
      ['USDC', 6, '0xcebA9300f2b948710d2653dD7B07f33A8B32118C'],
      ['USDT', 6, '0x48065fbBE25f71C9282ddf5e1cD6D6A887483D5e'],
    ],
  ],
  [
    43114n,
    [
      ['USDC', 6, '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E'],
      ['USDT', 6, '0x9702230A8Ea53601f5cD2dc00fDBc13d4dF4A8c7'],
      ['EURC', 6, '0xC891EB4cbdEFf6e073e859e987815Ed1505c2ACD'],
      ['WETH', 18, '0x49D5c2BdFfac6CE2BFdB6640F4F80f226bc10bAB'],
      ['WBTC', 8, '0x50b7545627a5162F82A992c33b87aDc75187B218'],
      ['WAVAX', 18, '0xB31f66AA3C1e785363F0875A1B74E27b85FD66c7'],
      ['LINK', 18, '0x5947BB275c521040051D82396192181b413227A3'],
    ],
  ],
  [
    11155111n,
    [
      ['USDC', 6, '0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238'],
      ['WETH', 18, '0xfFf9976782d46CC05630D1f6eBAb18b2324d6B14'],
      ['UNI', 18, '0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984'],
    ],
  ],
]

export const tokens: readonly Token[] = known.flatMap(([chainId, rows]) =>
  rows.map(([symbol, decimals, address]) => ({ chainId, address, symbol, decimals })),
)

const byPlace = new Map(tokens.map((token) => [placeOf(token.chainId, token.address), token]))

/** @param address of the contract, in whatever case */
export function tokenAt(chainId: bigint, address: string): Token | undefined {
  return byPlace.get(placeOf(chainId, address))
}

/** Those of one network, the most used first. */
export function tokensOf(chainId: bigint): readonly Token[] {
  return tokens.filter((token) => token.chainId === chainId)
}

/** @param symbol as the table writes it, in whatever case */
export function tokenNamed(chainId: bigint, symbol: string): Token | undefined {
  const wanted = symbol.toLowerCase()
  return tokensOf(chainId).find((token) => token.symbol.toLowerCase() === wanted)
}

function placeOf(chainId: bigint, address: string): string {
  return `${chainId}:${address.toLowerCase()}`
}
