import { commaSeparated } from '../process/commaSeparated.ts'
import { isOrigin } from './rpcOrigins.ts'

const most = { nodes: 60, tokens: 100 }
const mostAddress = 1000
const largestChainId = (1n << 63n) - 1n

/** As the app is told of them, in /rpc.json. */
export interface ListedNode {
  /** EIP-155, decimal. */
  readonly chainId: string
  readonly url: string
}

/** A token that whoever runs the app names, beside those that the app knows itself. */
export interface ListedToken {
  readonly chainId: string
  readonly address: string
  readonly symbol: string
  readonly decimals: number
}

/**
 * Nodes that the app asks by itself, for balances, nonces, fees and what becomes of a payment. Several for one chain are
 * compared. Their origins go into the page's Content-Security-Policy.
 * @param text comma separated, each "chain id=address": https, or http on this machine
 * @throws Error that says which entry is wrong
 */
export function parseNodes(text: string): readonly ListedNode[] {
  const entries = commaSeparated(text)
  if (entries.length > most.nodes) throw new Error(`NODES: more than ${most.nodes}`)
  return entries.map((entry) => {
    const [, chainId = '', url = ''] = /^([0-9]{1,19})=(\S+)$/.exec(entry) ?? []
    if (!isChainId(chainId) || !isNode(url)) throw new Error(`NODES: not "chain id=https://node.example": "${entry}"`)
    return { chainId, url }
  })
}

/**
 * @param text comma separated, each "chain id:0x…:symbol:decimals"
 * @throws Error that says which entry is wrong
 */
export function parseTokens(text: string): readonly ListedToken[] {
  const entries = commaSeparated(text)
  if (entries.length > most.tokens) throw new Error(`TOKENS: more than ${most.tokens}`)
  return entries.map((entry) => {
    const parts = /^([0-9]{1,19}):(0x[0-9a-fA-F]{40}):([A-Za-z0-9.$+-]{1,12}):([0-9]{1,2})$/.exec(entry)
    const [, chainId = '', address = '', symbol = '', decimals = ''] = parts ?? []
    if (parts === null || !isChainId(chainId) || Number(decimals) > 36)
      throw new Error(`TOKENS: not "chain id:0x…:symbol:decimals": "${entry}"`)
    return { chainId, address, symbol, decimals: Number(decimals) }
  })
}

/** Each once. */
export function originsOf(nodes: readonly ListedNode[]): readonly string[] {
  return [...new Set(nodes.map(({ url }) => new URL(url).origin))]
}

function isChainId(text: string): boolean {
  return /^[1-9][0-9]*$/.test(text) && BigInt(text) <= largestChainId
}

function isNode(text: string): boolean {
  if (!URL.canParse(text) || text.length > mostAddress) return false
  const { origin, username, password, hash } = new URL(text)
  return isOrigin(origin) && username === '' && password === '' && hash === ''
}
