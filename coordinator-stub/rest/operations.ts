import { z } from 'zod'
import {
  accountAnswer,
  accountsAnswer,
  auditAnswer,
  auditEntry,
  orderedAnswer,
  refusedAnswer,
  reshareAnswer,
  resharesAnswer,
  sessionAnswer,
  signedAnswer,
  userShareAnswer,
  userShareKeyAnswer,
} from './answers.ts'
import {
  accountSchema,
  auditQuerySchema,
  confirmRecoverySchema,
  confirmUserShareSchema,
  eventsQuerySchema,
  generateUserShareSchema,
  keygenSchema,
  recoverSchema,
  signSchema,
  signWithUserShareSchema,
} from './schemas.ts'

const tags = ['sessions', 'user shares', 'accounts', 'reshares', 'audit'] as const

interface Operation {
  /** The name of the call in generated clients. */
  readonly operationId: string
  readonly tag: (typeof tags)[number]
  readonly summary: string
  readonly description?: string
  readonly body?: z.ZodType
  readonly example?: unknown
  readonly query?: z.ZodType
  readonly status: 200 | 201
  readonly answer: z.ZodType
  /** JSON, if it is not said. */
  readonly type?: 'text/event-stream'
  /** Makes something, so that a caller who got no answer repeats it with its Idempotency-Key (idempotency.ts). */
  readonly isRepeatable?: true
  /** Refusals that it gives beside those of every call (400, 401, 429). */
  readonly refusals: readonly (403 | 404 | 409 | 499 | 501 | 503 | 504)[]
}

const someSession = '0123456789abcdef0123456789abcdef'
const someToken = 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl'
const ceremonies = [403, 404, 409, 501, 503, 504] as const

/** Every path and method, what it takes and what it gives; api.ts answers exactly these. */
export const operations = {
  'POST /api/v1/mpc/keygen': {
    operationId: 'orderKeygen',
    tag: 'sessions',
    summary: 'Order a new wallet',
    body: keygenSchema,
    example: {
      threshold_n: 3,
      threshold_t: 2,
      participants: [
        { party_id: 'alice', type: 'user' },
        { party_id: 'server-1', type: 'server' },
        { party_id: 'server-2', type: 'server' },
      ],
    },
    isRepeatable: true,
    status: 201,
    answer: orderedAnswer,
    refusals: [409],
  },
  'POST /api/v1/mpc/sign': {
    operationId: 'orderSignature',
    tag: 'sessions',
    summary: 'Order a signature, or several under one approval',
    description:
      'With contents every party sees all of them, agrees to all or none, and each gets a signature of its own. Server parties count each by their policy.',
    body: signSchema,
    example: {
      account_id: someSession,
      content: { type: 'ethereum-message', message: 'SGVsbG8=' },
      participants: ['alice', 'server-1'],
    },
    isRepeatable: true,
    status: 201,
    answer: orderedAnswer,
    refusals: [404, 409],
  },
  'GET /api/v1/mpc/sessions/{id}': {
    operationId: 'getSession',
    tag: 'sessions',
    summary: 'State, participants, and the result of a session',
    status: 200,
    answer: sessionAnswer,
    refusals: [404],
  },
  'POST /api/v1/keygen/generate-user-share': {
    operationId: 'generateUserShare',
    tag: 'user shares',
    summary: 'Make the share of a user whose device cannot compute',
    description:
      'This coordinator takes the first seat of an ordered keygen session, whose other participants are server parties, and answers with the share encrypted to the user. While it computes, and only then, it holds a share: whoever runs it is trusted with that. It keeps nothing. The wallet is pending until confirm-user-share says that the user has stored the share.',
    body: generateUserShareSchema,
    example: { session_id: someSession, join_token: someToken, recipient: `age1${'q'.repeat(58)}` },
    status: 200,
    answer: userShareAnswer,
    refusals: ceremonies,
  },
  'POST /api/v1/keygen/confirm-user-share': {
    operationId: 'confirmUserShare',
    tag: 'user shares',
    summary: 'Say that the user has stored the share: the wallet becomes active',
    body: confirmUserShareSchema,
    example: { session_id: someSession, join_token: someToken, confirmation: '00ff' },
    status: 200,
    answer: sessionAnswer,
    refusals: ceremonies,
  },
  'POST /api/v1/sign/user-share-key': {
    operationId: 'publishUserShareKey',
    tag: 'user shares',
    summary: 'A key to which a user encrypts the share for one signature',
    description:
      'For one call of with-user-share to the same instance, within five minutes. The user holds host_signature against the key that it has pinned before it encrypts anything.',
    status: 201,
    answer: userShareKeyAnswer,
    refusals: [501],
  },
  'POST /api/v1/sign/with-user-share': {
    operationId: 'signWithUserShare',
    tag: 'user shares',
    summary: 'Sign with a share that the user sends for this one signature',
    description:
      'Takes the seat of the join token, signs the content that was ordered, and answers with the signature. For the time of the call this coordinator holds the share: whoever runs it is trusted not to use it for something else. It keeps nothing.',
    body: signWithUserShareSchema,
    example: {
      session_id: someSession,
      join_token: someToken,
      key_id: someSession,
      user_share: '-----BEGIN AGE ENCRYPTED FILE-----\n…',
      content: { type: 'ethereum-message', message: 'SGVsbG8=' },
    },
    status: 200,
    answer: signedAnswer,
    refusals: ceremonies,
  },
  'POST /api/v1/accounts': {
    operationId: 'createAccount',
    tag: 'accounts',
    summary: 'Register a finished wallet',
    body: accountSchema,
    example: { session_id: someSession, name: 'Treasury' },
    isRepeatable: true,
    status: 201,
    answer: accountAnswer,
    refusals: [404, 409],
  },
  'GET /api/v1/accounts': {
    operationId: 'listAccounts',
    tag: 'accounts',
    summary: 'All accounts of this API key',
    status: 200,
    answer: accountsAnswer,
    refusals: [],
  },
  'GET /api/v1/accounts/{id}': {
    operationId: 'getAccount',
    tag: 'accounts',
    summary: 'Public key, and where shares are',
    status: 200,
    answer: accountAnswer,
    refusals: [404],
  },
  'POST /api/v1/accounts/{id}/suspend': {
    operationId: 'suspendAccount',
    tag: 'accounts',
    summary: 'Order no more signatures for this account',
    status: 200,
    answer: accountAnswer,
    refusals: [404],
  },
  'POST /api/v1/accounts/{id}/resume': {
    operationId: 'resumeAccount',
    tag: 'accounts',
    summary: 'Order signatures again',
    status: 200,
    answer: accountAnswer,
    refusals: [404],
  },
  'GET /api/v1/accounts/{id}/reshares': {
    operationId: 'listReshares',
    tag: 'reshares',
    summary: 'New shares of the wallet of an account, the newest first',
    description:
      'Members propose and make them, in the app or as parties; this coordinator follows what they sign. An account is in the epoch of the last one that is committed.',
    status: 200,
    answer: resharesAnswer,
    refusals: [404],
  },
  'GET /api/v1/reshares/{id}': {
    operationId: 'getReshare',
    tag: 'reshares',
    summary: 'How far new shares are, who is awaited, and their certificate',
    status: 200,
    answer: reshareAnswer,
    refusals: [404],
  },
  'POST /api/v1/accounts/{id}/recover': {
    operationId: 'recoverUserShare',
    tag: 'reshares',
    summary: 'Make a new share for a user who has lost the old one',
    description:
      'A member of the wallet has invited the user to the place whose share is lost (docs/OPERATIONS.md, "When a share is lost"). This coordinator takes it with a fresh identity, and answers with the share encrypted to the user; while it computes, and only then, it holds a share. The old shares sign until confirm-recovery says that the user has stored it.',
    body: recoverSchema,
    example: { invitation: 'https://wallet.example/#/join/AQID…', recipient: `age1${'q'.repeat(58)}` },
    status: 200,
    answer: userShareAnswer,
    refusals: ceremonies,
  },
  'POST /api/v1/accounts/{id}/confirm-recovery': {
    operationId: 'confirmRecovery',
    tag: 'reshares',
    summary: 'Say that the user has stored the new share: the old ones sign no more',
    body: confirmRecoverySchema,
    example: { invitation: 'https://wallet.example/#/join/AQID…', confirmation: '00ff' },
    status: 200,
    answer: reshareAnswer,
    refusals: ceremonies,
  },
  'GET /api/v1/audit': {
    operationId: 'queryAudit',
    tag: 'audit',
    summary: 'The audit log, oldest first, as JSON or CSV',
    description: 'Of the sessions that this API key ordered; of all, where the operator made it an auditor.',
    query: auditQuerySchema,
    status: 200,
    answer: auditAnswer,
    refusals: [],
  },
  'GET /api/v1/events': {
    operationId: 'streamEvents',
    tag: 'sessions',
    summary: 'What happens in sessions, as it happens',
    description:
      'Server-sent events: each is called session, or reshare where it is of new shares of an account’s wallet; it has the number of its audit entry as its id, and the entry as JSON for its data. Of the sessions that this API key ordered, and of new shares of its accounts; of all, where the operator made it an auditor. An event is news, not the state: that is what getSession says. After a broken connection, continue with Last-Event-ID. A key has three streams; a fourth ends the oldest.',
    query: eventsQuerySchema,
    status: 200,
    answer: auditEntry,
    type: 'text/event-stream',
    refusals: [],
  },
} as const satisfies Record<string, Operation>

export function isRepeatable(route: string): boolean {
  return Object.entries<Operation>(operations).some(([each, operation]) => each === route && operation.isRepeatable)
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Made by the caller for one request, such as a UUID. Repeated within 24 hours, the request is answered as it was the first time and makes nothing new. With another request the key is refused (idempotency_key_reused), and so it is while the first request is not answered (idempotency_key_busy). A refused request can be repeated with its key.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
}

/** OpenAPI 3.1, complete enough to generate clients from. */
export function openApiDocument(): object {
  const schemas = new Components()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [route, operation] of Object.entries<Operation>(operations)) {
    const [method = '', path = ''] = route.split(' ')
    paths[path] ??= {}
    paths[path][method.toLowerCase()] = describeOperation(path, operation, schemas)
  }
  const Refused = schemas.of(refusedAnswer)
  return {
    openapi: '3.1.0',
    info: {
      title: "Quorate's coordinator, for integrators",
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
      schemas: schemas.all(),
      responses: {
        Refused: {
          description: 'refused; nothing was changed',
          content: {
            'application/json': {
              schema: Refused,
              example: { error: { code: 'NotFound', reason: 'no_such_session', message: 'no such session' } },
            },
          },
        },
      },
    },
  }
}

function describeOperation(path: string, operation: Operation, schemas: Components): object {
  const { operationId, tag, summary, description, body, example, query, status, answer, refusals } = operation
  const type = operation.type ?? 'application/json'
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  }))
  const refused = { $ref: '#/components/responses/Refused' }
  const done = { [type]: { schema: schemas.of(answer) } }
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    parameters: [
      ...inPath,
      ...(query === undefined ? [] : inQuery(query)),
      ...(operation.isRepeatable ? [idempotencyKey] : []),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemas.of(body, 'input'), example } },
      },
    }),
    responses: {
      [status]: {
        description: 'done',
        // The audit log is the one that comes as CSV too.
        content: tag === 'audit' ? { ...done, 'text/csv': { schema: { type: 'string' } } } : done,
      },
      ...Object.fromEntries([400, 401, 403, 429, ...refusals].map((code) => [code, refused])),
      default: refused,
    },
  }
}

function inQuery(query: z.ZodType): object[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }))
}

/** Schemas that have an id stand once, among the components. */
class Components {
  readonly #named: Record<string, unknown> = {}

  of(schema: z.ZodType, io: 'input' | 'output' = 'output'): unknown {
    const { $defs = {}, ...inline } = z.toJSONSchema(schema, { io })
    delete inline.$schema // OpenAPI 3.1 has its own
    for (const [name, definition] of Object.entries($defs)) this.#add(name, definition)
    const { id } = inline as { readonly id?: string }
    if (id === undefined) return this.#hoisted(inline)
    this.#add(id, inline)
    return { $ref: `#/components/schemas/${id}` }
  }

  all(): Record<string, unknown> {
    return this.#named
  }

  /** @throws when two schemas have one name, of which a client would get only the second */
  #add(name: string, definition: unknown): void {
    const schema = this.#hoisted(definition)
    const before = this.#named[name]
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema)) {
      throw new Error(`two schemas are called ${name}`)
    }
    this.#named[name] = schema
  }

  #hoisted(schema: unknown): unknown {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as unknown
  }
}
