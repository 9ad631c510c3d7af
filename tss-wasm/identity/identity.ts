/**
 * The identity of an installation (architecture.md 2.1): an Ed25519 key that signs envelopes, rosters and
 * confirmations, and an X25519 key to which private messages are encrypted. WebCrypto keys, non-extractable where the
 * platform keeps them; they can be posted to a worker without ever being bytes.
 */
export interface Identity {
  readonly signing: CryptoKeyPair
  readonly encryption: CryptoKeyPair
  readonly public: PublicIdentity
}

/** What others know of an installation. 32 raw bytes each. */
export interface PublicIdentity {
  readonly signingKey: Uint8Array
  readonly encryptionKey: Uint8Array
}
