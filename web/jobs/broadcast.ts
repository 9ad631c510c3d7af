import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { EthereumNode } from '../platform/ethereumNode.ts'

export interface ToBroadcast {
  /** Of the node: one of the allowed origins. */
  readonly url: string
  readonly chainId: bigint
  /** Signed, 0x-hex. */
  readonly raw: string
  /** As computed here, 0x-hex. */
  readonly transactionHash: string
}

export type BroadcastEnd =
  /** The node has taken it, under the hash that was computed here. */
  | { readonly type: 'sent' }
  /** In the node's own words, shown and not trusted. Nothing was sent by this node. */
  | { readonly type: 'refused'; readonly words: string }
  /** Not sent. */
  | { readonly type: 'other-chain'; readonly chainId: bigint }
  /** Not sent: it did not answer, or nothing that could be read, when asked for its chain. */
  | { readonly type: 'unreachable' }
  /** It may have been sent: the answer did not come, could not be read, or names another hash. */
  | { readonly type: 'unclear' }

/** Sends a signed transaction to one node, which has to be of the transaction's chain. Asks nothing else of it. */
export async function broadcast(node: EthereumNode, tx: ToBroadcast): Promise<BroadcastEnd> {
  const chain = await answered(node(tx.url, 'eth_chainId', []))
  if (chain?.type !== 'result' || !/^0x(0|[1-9a-f][0-9a-f]{0,63})$/.test(chain.value)) return { type: 'unreachable' }
  const chainId = BigInt(chain.value)
  if (chainId !== tx.chainId) return { type: 'other-chain', chainId }

  const sent = await answered(node(tx.url, 'eth_sendRawTransaction', [tx.raw]))
  if (sent === undefined) return { type: 'unclear' }
  if (sent.type === 'error') return { type: 'refused', words: sent.message }
  return { type: sent.value.toLowerCase() === tx.transactionHash.toLowerCase() ? 'sent' : 'unclear' }
}

/** Undefined when the node could not be reached, or what came is no answer. */
async function answered<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ProtocolAbort) return undefined
    throw error
  }
}

/** Whether a person may choose this address: of an allowed origin, without a user or a fragment. */
export function isAllowedNode(url: string, origins: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { origin, username, password, hash } = new URL(url)
  return origins.includes(origin) && username === '' && password === '' && hash === ''
}
