/** What a node answers; its words are a stranger's, at most 300 characters. */
export type NodeAnswer =
  { readonly type: 'result'; readonly value: string } | { readonly type: 'error'; readonly message: string }

/** One call of JSON-RPC 2.0. @throws ProtocolAbort `disconnected`: no answer in time, or none that can be read */
export type EthereumNode = (
  url: string,
  method: 'eth_chainId' | 'eth_sendRawTransaction',
  params: readonly string[],
) => Promise<NodeAnswer>

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
  readonly ethereum: EthereumNode
  readonly bitcoin: BitcoinNode
}
