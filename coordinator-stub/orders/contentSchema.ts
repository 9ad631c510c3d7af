import { z } from 'zod'
import { mostItems } from '../../tss-wasm/content/batch.ts'

const base64 = z.base64().max(300_000)
const orderable =
  'ethereum-message or ethereum-transaction, signed with the wallet’s own key. Typed data, PSBTs and keys at a path are signed from the app'
/** Which of them it is: generators that find no mapping take the name of the schema for the type. */
const mapping = {
  'ethereum-message': '#/components/schemas/EthereumMessage',
  'ethereum-transaction': '#/components/schemas/EthereumTransaction',
}
export const contentSchema = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('ethereum-message'), message: base64 }).meta({ id: 'EthereumMessage' }),
      z.strictObject({ type: z.literal('ethereum-transaction'), unsigned: base64 }).meta({ id: 'EthereumTransaction' }),
    ],
    { error: orderable },
  )
  .meta({ id: 'Content', description: orderable, discriminator: { propertyName: 'type', mapping } })
export type Content = z.infer<typeof contentSchema>

export const contentsSchema = z
  .array(contentSchema)
  .min(1)
  .max(mostItems)
  .describe(
    'several contents instead of one, which are approved together and signed in one session, each with a signature of its own; no two the same, at most 120,000 bytes in all',
  )

/** What an order names to be signed, in exactly one of three ways. */
export interface Ordered {
  readonly content?: Content | undefined
  readonly contents?: readonly Content[] | undefined
  readonly message_hash?: string | undefined
}

export const isOne = ({ content, contents, message_hash }: Ordered): boolean =>
  [content, contents, message_hash].filter((each) => each !== undefined).length === 1
