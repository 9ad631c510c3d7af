/** What an Ethereum node answers; its words are a stranger's, at most 300 characters. */
export type NodeAnswer =
  { readonly type: 'result'; readonly value: string } | { readonly type: 'error'; readonly message: string }

/** One call of JSON-RPC 2.0. @throws ProtocolAbort `disconnected`: no answer in time, or none that can be read */
export type EthereumNode = (
  url: string,
  method: 'eth_chainId' | 'eth_sendRawTransaction',
  params: readonly string[],
) => Promise<NodeAnswer>
