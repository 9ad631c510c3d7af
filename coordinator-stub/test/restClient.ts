import assert from 'node:assert/strict'
import type { Cause } from '../../tss-wasm/failure.ts'
import { RefusalReason } from '../../proto/gen/coordinator_pb.js'
import { refusedAnswer } from '../rest/answers.ts'
import { operations } from '../rest/operations.ts'

export type Json = Record<string, unknown>

export interface Answer {
  readonly status: number
  readonly json: Json
}

/** What a back-end calls REST with. A text as body is sent as it is. Every answer must be as /openapi.json says. */
export function restClient(url: string, key: string) {
  return async (method: string, path: string, body?: unknown, otherKey = key, headers = {}): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      headers: { 'x-api-key': otherKey, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const answer = { status: response.status, json: (await response.json()) as Json }
    mustBeDocumented(method, path, answer)
    return answer
  }
}

function mustBeDocumented(method: string, path: string, { status, json }: Answer): void {
  if (!path.startsWith('/api/')) return
  const documented = Object.entries(operations).find(([route]) => {
    const [wanted, pattern = ''] = route.split(' ')
    return wanted === method && new RegExp(`^${pattern.replace('{id}', '[^/]+')}(\\?.*)?$`).test(path)
  })?.[1]
  if (documented?.status !== status) {
    assert.equal(refusedAnswer.safeParse(json).error, undefined, `${method} ${path}: ${JSON.stringify(json)}`)
    return
  }
  assert.equal(documented.answer.safeParse(json).error, undefined, `${method} ${path}: ${JSON.stringify(json)}`)
}

export async function refusedWith(work: Promise<Answer>, status: number, reason: RegExp, cause?: Cause): Promise<void> {
  const { status: got, json } = await work
  assert.equal(got, status, JSON.stringify(json))
  const error = json['error'] as { readonly reason: string; readonly message: string; readonly cause?: string }
  assert.match(error.message, reason)
  if (cause !== undefined) assert.equal(error.cause, cause)
  assert.ok(Object.hasOwn(RefusalReason, error.reason.toUpperCase()), error.reason)
}
