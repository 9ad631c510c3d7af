import type { AskRpc, ListedNode } from '../../chain/evm/node.ts'
import type { Token } from '../../tss-wasm/content/tokens.ts'

/** What a node answers; its words are a stranger's, at most 300 characters. */
export type NodeAnswer =
  { readonly type: 'result'; readonly value: string } | { readonly type: 'error'; readonly message: string }

/** What whoever runs this app lists: nodes that are asked by themselves, several of a chain compared, and tokens beside ours. */
export interface ListedChain {
  readonly nodes: readonly ListedNode[]
  readonly tokens: readonly Token[]
}

/**
 * One call of the Esplora HTTP API (github.com/Blockstream/esplora, API.md): the first block's hash, or a transaction sent.
 * @param url what its paths are below, as `https://esplora.example/api`
 * @throws ProtocolAbort `disconnected`: no answer in time, none that can be read, or one of something in between
 */
export type BitcoinNode = (
  url: string,
  call: { readonly get: '/block-height/0' } | { readonly post: '/tx'; readonly body: string },
) => Promise<NodeAnswer>

/** What signed transactions can be sent to. */
export interface Nodes {
  readonly ethereum: AskRpc
  readonly bitcoin: BitcoinNode
}
