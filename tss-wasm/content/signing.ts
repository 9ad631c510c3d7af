import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { batchItems, mustDiffer, ofEach } from './batch.ts'
import { bitcoinMessageDigest, bitcoinMessageSignature } from './bitcoinMessage.ts'
import type { BatchContent, PsbtContent, SigningContent } from './content.ts'
import { assembleSigned, isSignedBy, signingDigest, transactionHash, type ContentSignature } from './ethereum.ts'
import { finalizePayment, paymentDigests } from './finalPsbt.ts'
import { keyAt, type KeyPath, type WalletKey } from './keys.ts'
import { decodePsbt, psbtInputs } from './psbt.ts'
import { ContentRefused } from './refused.ts'

/** What a signing is for: everybody who signs sees and approves all of it. */
export interface SigningOrder {
  /** Of the wallet, compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** Of the key that signs; left out for the wallet's own. A PSBT says itself which key each of its inputs takes. */
  readonly path?: KeyPath
  readonly content: SigningContent
}

/** One signature of an order: over 32 bytes, by one of the wallet's keys. */
export interface SigningTask {
  readonly key: WalletKey
  readonly digest: Uint8Array
}

/**
 * The signatures that an order takes, in their order. Every signer derives them itself, from the content that it has shown
 * or held against its policy, and from nothing else.
 * @throws ContentRefused
 */
export function signingTasks({ publicKey, path = [], content }: SigningOrder): readonly SigningTask[] {
  if (content.type === 'batch') {
    const key = keyAt(publicKey, path)
    const tasks = ofEach(content, (item) => ({ key, digest: digestFor(item, key) }))
    mustDiffer(tasks.map(({ digest }) => digest))
    return tasks
  }
  if (content.type !== 'bitcoin-psbt') {
    const key = keyAt(publicKey, path)
    return [{ key, digest: digestFor(content, key) }]
  }
  if (path.length > 0) throw new ContentRefused('path', 'path-not-wanted')
  const payment = decodePsbt(content.psbt, publicKey)
  const digests = paymentDigests(content.psbt, payment)
  return payment.inputs.map(({ key }, i) => ({ key, digest: digests[i] ?? new Uint8Array() }))
}

function digestFor(content: Exclude<SigningContent, PsbtContent | BatchContent>, key: WalletKey): Uint8Array {
  return content.type === 'bitcoin-message' ? bitcoinMessageDigest(content, key.publicKey) : signingDigest(content)
}

/** How many signatures a content takes: one for each input of a payment or item of a batch, one of everything else. @throws ContentRefused where a PSBT is none */
export function signatureCount(content: SigningContent): number {
  if (content.type === 'batch') return batchItems(content).length
  return content.type === 'bitcoin-psbt' ? psbtInputs(content.psbt) : 1
}

/** What others take of a signed order. */
export interface SignedOrder {
  /**
   * Ethereum: the signed transaction, or r || s || v, 0x-hex (`assembleSigned`). Bitcoin: the signed transaction, hex; of a
   * message the signature, base64. Of a batch those of its items, each on a line.
   */
  readonly result: string
  /** By which its chain knows a transaction: 0x-hex of Ethereum's, hex of Bitcoin's. */
  readonly transactionHash: string | undefined
  /** Finalized. */
  readonly psbt: Uint8Array | undefined
  /** Of a batch: each of its items by itself, in their order. */
  readonly items?: readonly SignedOrder[]
}

/**
 * @param signatures in the order of the order's tasks
 * @throws Error if one of them is not by its task's key over its digest
 */
export function assembleOrder(order: SigningOrder, signatures: readonly ContentSignature[]): SignedOrder {
  const tasks = signingTasks(order)
  if (!isSignedOrder(tasks, signatures)) throw new Error('the signatures are not those of the order')
  const { publicKey, content } = order
  if (content.type === 'bitcoin-psbt') {
    const compact = signatures.map(({ r, s }) => concatBytes(r, s))
    const final = finalizePayment(content.psbt, decodePsbt(content.psbt, publicKey), compact)
    return { result: final.transaction, transactionHash: final.transactionId, psbt: final.psbt }
  }
  if (content.type === 'batch') {
    const items = content.items.flatMap((item, i) =>
      signatures.slice(i, i + 1).map((signature) => assembleOrder({ ...order, content: item }, [signature])),
    )
    return { result: items.map(({ result }) => result).join('\n'), transactionHash: undefined, psbt: undefined, items }
  }
  if (content.type === 'bitcoin-message') {
    const result = signatures.map((each, i) =>
      bitcoinMessageSignature(content, tasks[i]?.key.publicKey ?? publicKey, each),
    )
    return { result: result.join(''), transactionHash: undefined, psbt: undefined }
  }
  const result = signatures.map((signature) => assembleSigned(content, signature)).join('')
  const hash = content.type === 'ethereum-transaction' ? transactionHash(result) : undefined
  return { result, transactionHash: hash, psbt: undefined }
}

/** Whether there is one signature for each task, by its key. */
export function isSignedOrder(tasks: readonly SigningTask[], signatures: readonly ContentSignature[]): boolean {
  if (tasks.length !== signatures.length) return false
  return tasks.every(({ key, digest }, i) => {
    const signature = signatures[i]
    return signature !== undefined && isSignedBy(key.publicKey, digest, signature)
  })
}

/** What signers confirm: r ‖ s ‖ recovery of a single signature (65 bytes), SHA-256 of all of these where there are more. */
export function confirmedSignatures(signatures: readonly ContentSignature[]): Uint8Array {
  const all = concatBytes(...signatures.map(({ r, s, recovery }) => concatBytes(r, s, Uint8Array.of(recovery))))
  return signatures.length === 1 ? all : sha256(all)
}
