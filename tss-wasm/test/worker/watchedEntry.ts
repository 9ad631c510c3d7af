// The engine's entry where WebCrypto generates no keys: ended while it did, a worker would end its process.
crypto.subtle.generateKey = () => {
  throw new Error('an engine asks WebCrypto to generate a key')
}
await import('../../worker/entry.node.ts')
