import type { TypedData, TypedNode } from './typedData.ts'

/** A signature that lets somebody take tokens without a transaction of the wallet's own. */
export interface Permit {
  readonly isUnlimited: boolean
}

/** At and above this no token has units left, as in calls of token contracts. */
const unlimited = 1n << 128n

/**
 * Whether typed data is a permit, by how the usual ones look: EIP-2612 (spender, value, deadline), DAI's (spender,
 * allowed, expiry), Permit2's (spender or to, with an amount and a deadline). Undefined is no promise that it is none.
 */
export function permitOf({ primaryType, message }: TypedData): Permit | undefined {
  const leaves = leavesOf(message)
  const isPermit = /permit/i.test(primaryType) || leaves.some(({ name }) => name === 'spender')
  if (!isPermit) return undefined
  return {
    isUnlimited: leaves.some(({ name, type, value }) => {
      if (name === 'allowed') return value === 'true'
      return /^(value|amount)$/i.test(name) && type.startsWith('uint') && BigInt(value) >= unlimited
    }),
  }
}

interface Leaf {
  readonly name: string
  readonly type: string
  readonly value: string
}

function leavesOf(nodes: readonly TypedNode[]): Leaf[] {
  return nodes.flatMap(({ name, type, value }) =>
    typeof value === 'string' ? [{ name, type, value }] : leavesOf(value),
  )
}
