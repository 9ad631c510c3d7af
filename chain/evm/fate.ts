import { z } from '../../tss-wasm/zod.ts'
import { orTrouble, type Troubled } from './agreement.ts'
import { hostOf, introduced, type AskRpc, type ListedNode, type Question } from './node.ts'
import { hash, quantity } from './words.ts'

/** A transaction that was signed and handed to the network. */
export interface Sent {
  readonly chainId: bigint
  /** 0x-hex */
  readonly hash: string
  /** Address that signed. */
  readonly from: string
  readonly nonce: bigint
}

/** What has become of it, as a node says. */
export type Fate =
  /** The node has it, and no block. */
  | { readonly type: 'pending' }
  /** In a block; `confirmations` counts that block. `went` is whether it did what it was to do: a failed one costs its fee. */
  | { readonly type: 'mined'; readonly went: 'well' | 'wrong'; readonly confirmations: bigint }
  /** Another transaction of the same nonce is in a block: this one never will be. */
  | { readonly type: 'replaced' }
  /** The node does not have it: it never got it, or let it go. It can be sent again. */
  | { readonly type: 'dropped' }

/** `by` is the node that says so: one that has it in a block, else one that has it at all. */
export interface FateWord {
  readonly fate: Fate | undefined
  readonly by: string | undefined
  readonly troubles: readonly Troubled[]
}

const receipt = z.object({ transactionHash: hash, status: quantity, blockNumber: quantity }).nullable()
const transaction = z.object({ hash }).nullable()

/** Asks all nodes of its network, and takes the word of the one that knows most. */
export async function fateOf(ask: AskRpc, nodes: readonly ListedNode[], sent: Sent): Promise<FateWord> {
  const troubles: Troubled[] = []
  const words = await Promise.all(
    nodes
      .filter(({ chainId }) => chainId === sent.chainId)
      .map(async (node) => {
        const host = hostOf(node)
        const end = await orTrouble(introduced(ask, node).then((question) => fateAt(question, sent)))
        if ('value' in end) return [{ host, fate: end.value }]
        troubles.push({ host, trouble: end.trouble })
        return []
      }),
  )
  const [best] = words.flat().sort((one, other) => rank[one.fate.type] - rank[other.fate.type])
  return { fate: best?.fate, by: best?.host, troubles }
}

const rank = { mined: 0, replaced: 1, pending: 2, dropped: 3 } as const

async function fateAt(question: Question, sent: Sent): Promise<Fate> {
  const found = await question('eth_getTransactionReceipt', [sent.hash], receipt)
  if (found !== null && found.transactionHash === sent.hash.toLowerCase()) {
    const latest = await question('eth_blockNumber', [], quantity)
    const went = found.status === 1n ? 'well' : 'wrong'
    const deep = latest - found.blockNumber
    return { type: 'mined', went, confirmations: deep < 0n ? 1n : deep + 1n }
  }
  const waiting = await question('eth_getTransactionByHash', [sent.hash], transaction)
  if (waiting !== null && waiting.hash === sent.hash.toLowerCase()) return { type: 'pending' }
  const count = await question('eth_getTransactionCount', [sent.from, 'latest'], quantity)
  return { type: count > sent.nonce ? 'replaced' : 'dropped' }
}
