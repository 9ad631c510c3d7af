import { hexToBytes } from '@noble/hashes/utils.js'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { signingDigest } from '../../tss-wasm/content/ethereum.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { Refusal } from '../process/refusal.ts'
import type { Content } from './contentSchema.ts'

/** What is to be signed, as an order keeps it. */
export type OrderedContent = Content | { readonly type: 'raw-digest'; readonly digest: string }

/** @throws Refusal INVALID_ARGUMENT for content that no party could decode, saying which part and why */
export function orderedContent(content: Content | undefined, messageHash: string | undefined): OrderedContent {
  const ordered = content ?? { type: 'raw-digest', digest: messageHash ?? '' }
  try {
    signingDigest(contentOf(ordered))
  } catch (error) {
    if (error instanceof ProtocolAbort) throw new Refusal('malformed', error.message)
    throw error
  }
  return ordered
}

/** As parties propose and sign it. */
export function contentOf(ordered: OrderedContent) {
  switch (ordered.type) {
    case 'ethereum-message':
      return { type: ordered.type, message: fromBase64(ordered.message) } satisfies SigningContent
    case 'ethereum-transaction':
      return { type: ordered.type, unsigned: fromBase64(ordered.unsigned) } satisfies SigningContent
    case 'raw-digest':
      return { type: ordered.type, digest: hexToBytes(ordered.digest) } satisfies SigningContent
  }
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
