import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { AskRpc, RpcAnswer } from '../../chain/evm/node.ts'
import type { BitcoinNode, NodeAnswer, Nodes } from '../platform/nodes.ts'

export type ToBroadcast = EthereumToBroadcast | BitcoinToBroadcast

interface EthereumToBroadcast {
  readonly network: 'ethereum'
  readonly chainId: bigint
  /** Signed, 0x-hex. */
  readonly raw: string
  /** As computed here, 0x-hex. */
  readonly transactionHash: string
}

interface BitcoinToBroadcast {
  readonly network: 'bitcoin'
  /** Signed, hex. */
  readonly raw: string
  /** As computed here, hex in the order in which it is shown. */
  readonly transactionHash: string
}

export type BroadcastEnd =
  /** The node has it, under the hash that was computed here. */
  | { readonly type: 'sent' }
  /** In the node's own words, shown and not trusted. Nothing was sent by this node. */
  | { readonly type: 'refused'; readonly words: string }
  /** Not sent. Which one, where networks have numbers. */
  | { readonly type: 'other-chain'; readonly chainId?: bigint }
  /** Not sent: it did not answer, or nothing that could be read, when asked for its chain. */
  | { readonly type: 'unreachable' }
  /** It may have been sent: the answer did not come, could not be read, or names another hash. */
  | { readonly type: 'unclear' }

/**
 * Sends a signed transaction to one node, which has to be of the transaction's chain. Asks nothing else of it.
 * @param url of the node, at one of the allowed origins
 */
export async function broadcast(nodes: Nodes, url: string, tx: ToBroadcast): Promise<BroadcastEnd> {
  return tx.network === 'ethereum' ? sendEthereum(nodes.ethereum, url, tx) : sendBitcoin(nodes.bitcoin, url, tx)
}

async function sendEthereum(ask: AskRpc, url: string, tx: EthereumToBroadcast): Promise<BroadcastEnd> {
  const node = async (method: string, params: readonly string[]) => textAnswer(await ask(url, method, params))
  const chain = await answered(node('eth_chainId', []))
  if (chain?.type !== 'result' || !/^0x(0|[1-9a-f][0-9a-f]{0,63})$/.test(chain.value)) return { type: 'unreachable' }
  const chainId = BigInt(chain.value)
  if (chainId !== tx.chainId) return { type: 'other-chain', chainId }
  return endOf(await answered(node('eth_sendRawTransaction', [tx.raw])), tx)
}

/** @throws ProtocolAbort `disconnected` where the answer is no text, as both questions have it */
function textAnswer(answer: RpcAnswer): NodeAnswer {
  if (answer.type === 'error') return answer
  const { value } = answer
  if (typeof value !== 'string') throw new ProtocolAbort({ kind: 'disconnected', detail: 'node' })
  return { type: 'result', value }
}

/** Addresses and payments here are of the main network. */
const firstBlock = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'

async function sendBitcoin(node: BitcoinNode, url: string, tx: BitcoinToBroadcast): Promise<BroadcastEnd> {
  const first = await answered(node(url, { get: '/block-height/0' }))
  if (first?.type !== 'result' || !/^[0-9a-f]{64}$/.test(first.value)) return { type: 'unreachable' }
  if (first.value !== firstBlock) return { type: 'other-chain' }
  return endOf(await answered(node(url, { post: '/tx', body: tx.raw })), tx)
}

function endOf(sent: NodeAnswer | undefined, { network, transactionHash }: ToBroadcast): BroadcastEnd {
  if (sent === undefined) return { type: 'unclear' }
  if (sent.type === 'result')
    return { type: sent.value.toLowerCase() === transactionHash.toLowerCase() ? 'sent' : 'unclear' }
  return known[network].test(sent.message) ? { type: 'sent' } : { type: 'refused', words: sent.message }
}

/**
 * Refusals of a transaction that the node has already, as whoever sends it once more gets them. Ethereum: geth, Erigon,
 * Nethermind, Besu. Bitcoin Core: in its pool, or in a block (code -27, whose words changed with version 28).
 */
const known = {
  ethereum: /^(ALREADY_EXISTS: )?already ?known\b|^known transaction\b/i,
  bitcoin: /\btxn-already-(in-mempool|known)\b|"code": ?-27\b|\balready in (block chain|utxo set)\b/i,
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
