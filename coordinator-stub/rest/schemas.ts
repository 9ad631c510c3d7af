import { z } from 'zod'
import { largestParty } from '../sessionRules.ts'

/** What REST takes and gives. Requests are checked with these, and /openapi.json is made from them. */

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `${bytes} bytes as lower-case hex`)
const partyId = z.string().regex(/^[a-zA-Z0-9_.@-]{1,64}$/, '1 to 64 letters, digits, or any of _.@-')
export const sessionIdSchema = hex(16)
export const accountIdSchema = hex(16)

/** A person or a registered server party, which is named as the coordinator knows it. */
const participant = z.strictObject({
  party_id: partyId,
  type: z.enum(['user', 'server']).default('user'),
})
const participants = z
  .array(participant)
  .min(2)
  .max(largestParty)
  .refine((all) => new Set(all.map(({ party_id }) => party_id)).size === all.length, 'a participant is listed twice')
  .refine((all) => all[0]?.type === 'user', 'the first participant opens the session and cannot be a server party')
const lifeSeconds = z.int().min(30).max(86_400).default(600)

export const keygenSchema = z
  .strictObject({
    threshold_n: z.int().min(2).max(largestParty).describe('how many parties hold a share'),
    threshold_t: z.int().min(2).max(largestParty).describe('how many of them sign together'),
    participants,
    life_seconds: lifeSeconds,
  })
  .refine(({ threshold_n, threshold_t }) => threshold_t <= threshold_n, 'threshold_t is at most threshold_n')
  .refine(
    ({ threshold_n, participants: all }) => all.length === threshold_n,
    'there are threshold_n participants, seat 1 first',
  )

const base64 = z.base64().max(300_000)
export const contentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ethereum-message'), message: base64 }),
  z.strictObject({ type: z.literal('ethereum-transaction'), unsigned: base64 }),
])
export type Content = z.infer<typeof contentSchema>

export const signSchema = z
  .strictObject({
    account_id: accountIdSchema,
    content: contentSchema.optional(),
    message_hash: hex(32).optional().describe('refused: parties sign what they can decode, never a bare hash'),
    participants: z.array(partyId).min(2).max(largestParty).describe('of the account; the first opens the session'),
    life_seconds: lifeSeconds,
  })
  .refine(({ content, message_hash }) => (content === undefined) !== (message_hash === undefined), {
    message: 'either content or message_hash',
  })

export const accountSchema = z.strictObject({
  session_id: sessionIdSchema.describe('a completed keygen session that was ordered with the same API key'),
  name: z.string().min(1).max(100),
})

export const auditQuerySchema = z.strictObject({
  session_id: sessionIdSchema.optional(),
  after: z.coerce.number().int().min(0).default(0).describe('the entry number to continue after'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  format: z.enum(['json', 'csv']).default('json'),
})

interface Operation {
  readonly summary: string
  readonly body?: z.ZodType
  readonly query?: z.ZodType
  readonly success?: string
}

/** Every path and method; api.ts answers exactly these. */
export const operations = {
  'POST /api/v1/mpc/keygen': { summary: 'Order a new wallet', body: keygenSchema, success: '201' },
  'POST /api/v1/mpc/sign': { summary: 'Order a signature', body: signSchema, success: '201' },
  'GET /api/v1/mpc/sessions/{id}': { summary: 'State, participants, and the result of a session' },
  'POST /api/v1/accounts': { summary: 'Register a finished wallet', body: accountSchema, success: '201' },
  'GET /api/v1/accounts': { summary: 'All accounts of this API key' },
  'GET /api/v1/accounts/{id}': { summary: 'Public key, and where shares are' },
  'POST /api/v1/accounts/{id}/suspend': { summary: 'Order no more signatures for this account' },
  'POST /api/v1/accounts/{id}/resume': { summary: 'Order signatures again' },
  'GET /api/v1/audit': { summary: 'The audit log, oldest first, as JSON or CSV', query: auditQuerySchema },
} satisfies Record<string, Operation>

export function openApiDocument(): object {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [route, operation] of Object.entries<Operation>(operations)) {
    const [method = '', path = ''] = route.split(' ')
    const parameters: object[] = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }))
    if (operation.query) {
      const { properties = {} } = z.toJSONSchema(operation.query, { io: 'input' })
      for (const [name, schema] of Object.entries(properties)) parameters.push({ name, in: 'query', schema })
    }
    paths[path] ??= {}
    paths[path][method.toLowerCase()] = {
      summary: operation.summary,
      ...(parameters.length > 0 && { parameters }),
      ...(operation.body && {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: z.toJSONSchema(operation.body, { io: 'input' }) } },
        },
      }),
      responses: {
        [operation.success ?? '200']: { description: 'done' },
        default: { $ref: '#/components/responses/Refused' },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: "Quorate's coordinator, for integrators", version: '1' },
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
      responses: {
        Refused: {
          description: 'refused; the code is a gRPC status',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: {
                  error: {
                    type: 'object',
                    properties: { code: { type: 'string' }, message: { type: 'string' } },
                    required: ['code', 'message'],
                  },
                },
                required: ['error'],
              },
            },
          },
        },
      },
    },
  }
}
