import type { IncomingMessage, ServerResponse } from 'node:http'
import { Code, ConnectError } from '@connectrpc/connect'
import type { z } from 'zod'
import { Refusal } from '../process/refusal.ts'

const largestBody = 512 * 1024
const bodyWithinMs = 10_000

const statuses: Partial<Record<Code, number>> = {
  [Code.InvalidArgument]: 400,
  [Code.OutOfRange]: 400,
  [Code.Unauthenticated]: 401,
  [Code.PermissionDenied]: 403,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.Aborted]: 409,
  [Code.FailedPrecondition]: 409,
  [Code.ResourceExhausted]: 429,
  [Code.Unimplemented]: 501,
  [Code.Unavailable]: 503,
  [Code.DeadlineExceeded]: 504,
}

/** A path that answers other methods than the one that was called. */
export class WrongMethod extends Refusal {
  readonly allowed: readonly string[]
  constructor(allowed: readonly string[]) {
    super('not_found', `no such operation: this path answers ${allowed.join(' and ')}`)
    this.allowed = allowed
  }
}

/** A body as JSON, bounded in size and time. @throws Refusal */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal('malformed', 'Content-Type must be application/json')
  }
  const parts: Buffer[] = []
  let length = 0
  const timer = setTimeout(() => request.destroy(), bodyWithinMs)
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length
      if (length > largestBody) {
        throw new Refusal('too_large', `request body exceeds ${largestBody} bytes`)
      }
      parts.push(part)
    }
  } finally {
    clearTimeout(timer)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown
  } catch {
    throw new Refusal('malformed', 'request body is not valid JSON')
  }
}

/** @throws Refusal INVALID_ARGUMENT that says which field is wrong, without its value */
export function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path.join('.') ?? ''
  throw new Refusal('malformed', `${path === '' ? 'body' : path}: ${issue?.message ?? 'is not valid'}`)
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(JSON.stringify(body))
}

/** @returns whether the error was a refusal, which is the caller's to know; anything else is a bug of ours */
export function sendRefusal(response: ServerResponse, error: unknown): boolean {
  const refusal = error instanceof ConnectError ? error : new Refusal('internal', 'internal error')
  const cause = refusal instanceof Refusal ? refusal.refused : undefined
  // What the caller still sends is not read.
  response.setHeader('connection', 'close')
  if (refusal instanceof WrongMethod) response.setHeader('allow', refusal.allowed.join(', '))
  sendJson(response, refusal instanceof WrongMethod ? 405 : (statuses[refusal.code] ?? 500), {
    error: {
      code: Code[refusal.code],
      reason: refusal instanceof Refusal ? refusal.reason : 'unspecified',
      ...(cause !== undefined && { cause }),
      message: refusal.rawMessage,
    },
  })
  return error instanceof ConnectError
}
