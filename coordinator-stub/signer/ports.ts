import type { AskRpc, ListedNode } from '../../chain/evm/node.ts'
import type { ContentSignature } from '../../tss-wasm/content/ethereum.ts'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { Log } from '../process/log.ts'

/** What the signer works with. */
export interface SignerPorts {
  /** Whose addresses callers are told and may sign with, oldest first. */
  wallets(): Promise<readonly SignerWallet[]>
  /**
   * Asks the wallet's other members, and signs once as many as must have approved.
   * @param note who asks, for them to read
   * @param signal nobody waits any more: the request is withdrawn
   * @throws ProtocolAbort `refused` by our own policy, before anybody is asked; RpcError as members have answered
   */
  sign(order: SigningOrder, note: string, signal: AbortSignal): Promise<Signed>
  /** In the order in which they are asked; the first one's chain is where a caller begins. */
  readonly nodes: readonly ListedNode[]
  readonly ask: AskRpc
  /** The chain without nodes. */
  readonly chainId: bigint
  /** How long a call waits for members to answer. */
  readonly waitMs: number
  readonly random: RandomSource
  readonly log: Log
}

export interface SignerWallet {
  /** With EIP-55 checksum. */
  readonly address: string
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
}

export interface Signed {
  readonly signatures: readonly ContentSignature[]
  /** Tells all members by which hash the network knows it. */
  sent(transaction: string): Promise<void>
}
