import assert from 'node:assert/strict'
import { RefusalReason } from '../../proto/gen/coordinator_pb.js'

export type Json = Record<string, unknown>

export interface Answer {
  readonly status: number
  readonly json: Json
}

/** What a back-end calls REST with. A text as body is sent as it is. */
export function restClient(url: string, key: string) {
  return async (method: string, path: string, body?: unknown, otherKey = key): Promise<Answer> => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'x-api-key': otherKey, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, json: (await answer.json()) as Json }
  }
}

export async function refusedWith(work: Promise<Answer>, status: number, reason: RegExp): Promise<void> {
  const { status: got, json } = await work
  assert.equal(got, status, JSON.stringify(json))
  const error = json['error'] as { readonly reason: string; readonly message: string }
  assert.match(error.message, reason)
  assert.ok(Object.hasOwn(RefusalReason, error.reason.toUpperCase()), error.reason)
}
