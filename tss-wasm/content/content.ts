/**
 * What is to be signed travels as its content, not as a bare hash (ARCHITECTURE 2.8): every signer decodes it,
 * shows it or holds it against its policy, and derives the digest itself.
 */
export type SigningContent =
  /** The unsigned serialization, as `decodeTransaction` reads it. */
  | { readonly type: 'ethereum-transaction'; readonly unsigned: Uint8Array }
  /** EIP-191 version 0x45 ("personal message"), without its prefix. */
  | { readonly type: 'ethereum-message'; readonly message: Uint8Array }
  /** EIP-7702: 0x05 || rlp([chainId, address, nonce]). Gives the account to the code of a contract. */
  | { readonly type: 'ethereum-authorization'; readonly unsigned: Uint8Array }
  /** EIP-712, as `importTypedData` writes it: UTF-8 JSON. */
  | { readonly type: 'ethereum-typed-data'; readonly json: Uint8Array }
  /**
   * 32 bytes, signed as they are. Nobody can see what they stand for, not even as a message: it may be a transaction that
   * takes everything. For experts who have made the digest themselves; a server party refuses it unless told otherwise.
   */
  | { readonly type: 'raw-digest'; readonly digest: Uint8Array }
  | BitcoinMessageContent
  | PsbtContent
  | BatchContent

/** A text that the owner of a Bitcoin address signs, in one of the two ways that others verify. */
export interface BitcoinMessageContent {
  readonly type: 'bitcoin-message'
  readonly message: Uint8Array
  readonly format: BitcoinMessageFormat
}

/** BIP-322 (simple, P2WPKH) and BIP-137, which is older and which some verifiers take only. */
export type BitcoinMessageFormat = 'bip322' | 'bip137'

/** A PSBT that spends from the wallet's own addresses, as `importPsbt` writes it: one signature for each input. */
export interface PsbtContent {
  readonly type: 'bitcoin-psbt'
  readonly psbt: Uint8Array
}

/**
 * Several contents that are approved together and signed in one session, each with a signature of its own (`batchItems`):
 * everybody who signs sees every one of them.
 */
export interface BatchContent {
  readonly type: 'batch'
  readonly items: readonly BatchItem[]
}

/** What takes one signature, and what people can read: nobody looks at two hundred digests. */
export type BatchItem = Exclude<SingleContent, { readonly type: 'raw-digest' }> | BitcoinMessageContent

/** Content that is signed once, with a digest that does not depend on the key. */
export type SingleContent = Exclude<SigningContent, PsbtContent | BitcoinMessageContent | BatchContent>
