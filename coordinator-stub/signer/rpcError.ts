/** What JSON-RPC 2.0, EIP-1474, EIP-1193 and EIP-5792 call the ways in which a call fails. */
export const rpcCodes = {
  unreadable: -32700,
  notACall: -32600,
  unknownMethod: -32601,
  wrongParameters: -32602,
  bug: -32603,
  /** The network's node cannot be asked, or says no. */
  node: -32000,
  /** Others are still asked: the call ends before they have answered. */
  stillWaiting: -32002,
  /** The transaction was signed, and its node does not take it. */
  notTaken: -32003,
  tooMany: -32005,
  rejected: 4001,
  unauthorized: 4100,
  unsupported: 4200,
  otherChain: 4901,
  unknownChain: 4902,
  unsupportedCapability: 5700,
  unknownBatch: 5730,
  notAtomic: 5760,
} as const

export type RpcCode = keyof typeof rpcCodes

/** A call that fails: the caller is told the code, the words, which are ours, and `data`. */
export class RpcError extends Error {
  readonly code: RpcCode
  readonly data: unknown
  constructor(code: RpcCode, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}
