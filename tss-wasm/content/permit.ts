import { isUnlimited } from './tokenCall.ts'
import type { TypedData, TypedNode } from './typedData.ts'

/** A signature that lets somebody take tokens without a transaction of the wallet's own. */
export interface Permit {
  readonly isUnlimited: boolean
}

/**
 * Structs by which contracts move tokens, or do anything at all, on a signature alone: permits; EIP-3009's
 * TransferWithAuthorization and ReceiveWithAuthorization (USDC); orders of exchanges; calls that others send (EIP-2771).
 */
const takers = /permit|authorization|order|metatransaction|forwardrequest/i

/**
 * Whether typed data is a permit, by how the usual ones look: EIP-2612 (spender, value, deadline), DAI's (spender,
 * allowed, expiry), Permit2's (spender or to, with an amount and a deadline), those for whole collections (operator,
 * approved), and what is as good as one. Undefined is no promise that it is none.
 */
export function permitOf({ primaryType, message }: TypedData): Permit | undefined {
  const nodes = nodesOf(message)
  const isPermit =
    takers.test(primaryType) ||
    nodes.some(({ name, type, value }) => name === 'spender' || (typeof value !== 'string' && takers.test(type)))
  if (!isPermit) return undefined
  return {
    isUnlimited: nodes.some(({ name, type, value }) => {
      if (typeof value !== 'string') return false
      if (name === 'allowed' || name === 'approved') return value === 'true'
      return /^(value|amount)$/i.test(name) && type.startsWith('uint') && isUnlimited(BigInt(value))
    }),
  }
}

/** All of them, however deep. */
function nodesOf(nodes: readonly TypedNode[]): TypedNode[] {
  return nodes.flatMap((node) => (typeof node.value === 'string' ? [node] : [node, ...nodesOf(node.value)]))
}
