import { Readable } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import { readJson, valid } from '../../coordinator-stub/rest/http.ts'
import * as schemas from '../../coordinator-stub/rest/schemas.ts'
import { Refusal } from '../../coordinator-stub/process/refusal.ts'
import { createTokens } from '../../coordinator-stub/sessions/tokens.ts'
import { acceptsLater, promise, text, utf8, type Target } from '../target.ts'

const isRefusal = (error: unknown): boolean => error instanceof Refusal
const bodies = [schemas.keygenSchema, schemas.signSchema, schemas.accountSchema]
const person = { party_id: 'alice', type: 'user' }

/** Bodies of REST calls; the first byte says to which. */
export const rest: Target = {
  name: 'rest',
  words: ['"threshold_n":', '"participants":', '"party_id":', '"type":"server"', '"content":', '"life_seconds":'],
  seeds: () =>
    [
      { threshold_n: 2, threshold_t: 2, participants: [person, { party_id: 'server-1', type: 'server' }] },
      {
        account_id: '0'.repeat(32),
        content: { type: 'ethereum-message', message: 'aGVsbG8=' },
        participants: ['alice', 'server-1'],
      },
      { session_id: '1'.repeat(32), name: 'Treasury' },
    ].map((body, call) => new Uint8Array([call, ...utf8(JSON.stringify(body))])),
  read(bytes) {
    const schema = bodies[(bytes[0] ?? 0) % bodies.length]
    const request = Object.assign(Readable.from([Buffer.from(bytes.subarray(1))]), {
      headers: { 'content-type': 'application/json' },
    })
    return acceptsLater(async () => {
      const body = await readJson(request as unknown as IncomingMessage)
      if (schema === undefined) throw new Error('no schema')
      const value: unknown = valid<unknown>(schema, body)
      promise(JSON.stringify(value).length < 1_000_000, 'what is read is bounded')
    }, isRefusal)
  },
}

const tokens = createTokens(new Uint8Array(32).fill(9))
const now = Date.UTC(2026, 0, 1)
const claims = { sessionId: 'ab'.repeat(16), seat: 2 }
const real = await tokens.issue(claims, now + 60_000)

/** A join token that is not the one we gave out is worth nothing. */
export const joinToken: Target = {
  name: 'join-token',
  words: [...real.split('.'), Buffer.from('{"alg":"none"}').toString('base64url'), '.'],
  seeds: () => [utf8(real)],
  read(bytes) {
    const given = text(bytes)
    return acceptsLater(async () => {
      const read = await tokens.verify(given, now)
      promise(read.sessionId === claims.sessionId && read.seat === claims.seat, 'nobody makes a token but us')
    }, isRefusal)
  },
}
