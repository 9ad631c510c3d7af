/**
 * What is to be signed travels as its content, never as a bare hash (architecture.md 2.8): every signer decodes it,
 * shows it or holds it against its policy, and derives the digest itself.
 */
export type SigningContent =
  /** The unsigned serialization: 0x02 || rlp([...9 fields]), or a legacy rlp([...6 fields, chainId, 0, 0]). */
  | { readonly type: 'ethereum-transaction'; readonly unsigned: Uint8Array }
  /** EIP-191 version 0x45 ("personal message"), without its prefix. */
  | { readonly type: 'ethereum-message'; readonly message: Uint8Array }
