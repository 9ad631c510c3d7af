/**
 * What is to be signed travels as its content, not as a bare hash (ARCHITECTURE 2.8): every signer decodes it,
 * shows it or holds it against its policy, and derives the digest itself.
 */
export type SigningContent =
  /** The unsigned serialization: 0x02 || rlp([...9 fields]), or a legacy rlp([...6 fields, chainId, 0, 0]). */
  | { readonly type: 'ethereum-transaction'; readonly unsigned: Uint8Array }
  /** EIP-191 version 0x45 ("personal message"), without its prefix. */
  | { readonly type: 'ethereum-message'; readonly message: Uint8Array }
  /** EIP-712, as `importTypedData` writes it: UTF-8 JSON. */
  | { readonly type: 'ethereum-typed-data'; readonly json: Uint8Array }
  /**
   * 32 bytes, signed as they are. Nobody can see what they stand for, not even as a message: it may be a transaction that
   * takes everything. For experts who have made the digest themselves; a server party refuses it unless told otherwise.
   */
  | { readonly type: 'raw-digest'; readonly digest: Uint8Array }
  | PsbtContent

/** A PSBT that spends from the wallet's own addresses, as `importPsbt` writes it: one signature for each input. */
export interface PsbtContent {
  readonly type: 'bitcoin-psbt'
  readonly psbt: Uint8Array
}

/** Content that is signed once, with one digest. */
export type SingleContent = Exclude<SigningContent, PsbtContent>
