import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import type { BitcoinMessageContent, PsbtContent, SigningContent } from '../../tss-wasm/content/content.ts'
import { signingTasks } from '../../tss-wasm/content/signing.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { Refusal } from '../process/refusal.ts'
import type { Content, Ordered } from './contentSchema.ts'

/** What is to be signed, as an order keeps it. */
export type OrderedContent =
  | Content
  | { readonly type: 'batch'; readonly items: readonly Content[] }
  | { readonly type: 'raw-digest'; readonly digest: string }

/** @throws Refusal INVALID_ARGUMENT for content that no party could decode, saying which part and why */
export function orderedContent({ content, contents, message_hash: digest = '' }: Ordered): OrderedContent {
  const ordered = content ?? (contents ? { type: 'batch', items: contents } : { type: 'raw-digest', digest })
  try {
    signingTasks({ publicKey: anyKey, content: contentOf(ordered) })
  } catch (error) {
    if (error instanceof ProtocolAbort) throw new Refusal('malformed', error.message)
    throw error
  }
  return ordered
}

/** What can be ordered has the same digest for every key. */
const anyKey = secp256k1.Point.BASE.toBytes()

/** As parties propose and sign it. */
export function contentOf(ordered: OrderedContent): Exclude<SigningContent, PsbtContent | BitcoinMessageContent> {
  switch (ordered.type) {
    case 'raw-digest':
      return { type: ordered.type, digest: hexToBytes(ordered.digest) }
    case 'batch':
      return { type: ordered.type, items: ordered.items.map(itemOf) }
    case 'ethereum-message':
    case 'ethereum-transaction':
      return itemOf(ordered)
  }
}

function itemOf(ordered: Content) {
  if (ordered.type === 'ethereum-message') return { type: ordered.type, message: fromBase64(ordered.message) }
  return { type: ordered.type, unsigned: fromBase64(ordered.unsigned) }
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
