import { z } from 'zod'

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
