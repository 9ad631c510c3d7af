import { create } from 'zustand'
import { tokenAt, type Token } from '../../tss-wasm/content/tokens.ts'
import type { ListedChain } from '../platform/nodes.ts'

/** A token as somebody names it: the app itself, whoever runs it, or a node, by its host. */
export interface NamedToken extends Token {
  readonly by: 'app' | 'operator' | { readonly host: string }
}

interface Chain extends ListedChain {
  /** Tokens in the words of nodes, for contracts that a person gave. */
  readonly told: readonly NamedToken[]
}

/** Nodes and tokens that whoever runs this app lists; none until they are known. */
export const useChain = create<Chain>(() => ({ nodes: [], tokens: [], told: [] }))

/** What a node says of a token, from now on shown as its word. */
export function addTold(token: NamedToken): void {
  useChain.setState(({ told }) => ({ told: [token, ...told.filter((other) => !isAt(other, token))] }))
}

/** What the app knows itself counts most, then the word of whoever runs it; a node's counts least. */
export function namedToken(chainId: bigint, address: string): NamedToken | undefined {
  const known = tokenAt(chainId, address)
  if (known !== undefined) return { ...known, by: 'app' }
  const { tokens, told } = useChain.getState()
  const listed = tokens.find((token) => isAt(token, { chainId, address }))
  return listed === undefined ? told.find((token) => isAt(token, { chainId, address })) : { ...listed, by: 'operator' }
}

function isAt(token: Token, { chainId, address }: Pick<Token, 'chainId' | 'address'>): boolean {
  return token.chainId === chainId && token.address.toLowerCase() === address.toLowerCase()
}
