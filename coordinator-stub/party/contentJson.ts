import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { mostItems } from '../../tss-wasm/content/batch.ts'
import type { BatchItem, SigningContent } from '../../tss-wasm/content/content.ts'

/** What is signed, in JSON: its bytes are lower-case hex without 0x. */
export type ContentJson = z.infer<typeof contentJsonSchema>

const bytes = z
  .string()
  .max(600_000)
  .regex(/^([0-9a-f]{2})*$/)
const item = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ethereum-transaction'), unsigned: bytes }),
  z.strictObject({ type: z.literal('ethereum-message'), message: bytes }),
  z.strictObject({ type: z.literal('ethereum-authorization'), unsigned: bytes }),
  z.strictObject({ type: z.literal('ethereum-typed-data'), json: bytes }),
  z.strictObject({ type: z.literal('bitcoin-message'), message: bytes, format: z.enum(['bip322', 'bip137']) }),
])
export const contentJsonSchema = z.discriminatedUnion('type', [
  ...item.options,
  z.strictObject({ type: z.literal('raw-digest'), digest: bytes.length(64) }),
  z.strictObject({ type: z.literal('bitcoin-psbt'), psbt: bytes }),
  z.strictObject({ type: z.literal('batch'), items: z.array(item).min(1).max(mostItems) }),
])

export function contentJson(content: SigningContent): ContentJson {
  return JSON.parse(
    JSON.stringify(content, (_, field: unknown) => (field instanceof Uint8Array ? bytesToHex(field) : field)),
  ) as ContentJson
}

/** @throws z.ZodError for what is no content; whether its bytes decode is not looked at */
export function contentFromJson(value: unknown): SigningContent {
  const json = contentJsonSchema.parse(value)
  if (json.type === 'batch') return { type: json.type, items: json.items.map(withBytes) }
  return withBytes(json)
}

const isBytes = new Set(['unsigned', 'message', 'json', 'digest', 'psbt'])

function withBytes<T extends Exclude<ContentJson, { type: 'batch' }>>(json: T) {
  const fields = Object.entries(json).map(([name, value]) => [name, isBytes.has(name) ? hexToBytes(value) : value])
  return Object.fromEntries(fields) as T extends { type: BatchItem['type'] } ? BatchItem : SigningContent
}
