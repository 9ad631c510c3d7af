import { createHash } from 'node:crypto'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { Refusal } from '../process/refusal.ts'
import type { Query } from '../storage/database.ts'
import type { Answer } from './call.ts'

/** How long an answer is remembered: a back-end that asks again later asks anew. */
export const keptMs = 24 * 60 * 60 * 1000
/** A request that has begun and is not answered by then was interrupted with its coordinator; it may be tried anew. */
const answeredWithinMs = 60_000
const form = /^[\x21-\x7e]{1,255}$/
const nonceLength = 12

/** A request that a back-end may repeat without asking for a second thing. */
export interface Repeatable {
  /** The name of the API key: keys of different callers have nothing to do with each other. */
  readonly caller: string
  /** The header. */
  readonly key: string
  /** Method, path and body, as one text. */
  readonly request: string
}

/** The little that is needed of the coordinator. */
export interface Remembering {
  readonly database: Query
  readonly random: RandomSource
  readonly now: () => number
}

/** Not of whoever took the key after us, when we took too long. */
const ours = 'where caller = $1 and key_hash = $2 and begun_at_ms = $3 and answer is null'

/**
 * Does `work` once for each key: whoever asks again within 24 hours gets the same answer. A refused request is not
 * remembered, so that it can be repeated once its cause is gone.
 * @throws Refusal malformed key; the key came with another request; the first request is not answered yet
 */
export async function once(
  { caller, key, request }: Repeatable,
  { database, random, now }: Remembering,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (!form.test(key)) throw new Refusal('malformed', 'Idempotency-Key: 1 to 255 visible ASCII characters')
  const id = [caller, hash('id', caller, key)] as const
  const asked = hash('request', caller, request)
  const begunAtMs = now()
  const answered = await begin()
  if (answered !== undefined) return answered
  try {
    const answer = await work()
    const kept = await sealed(answer, key, random)
    await database.query(`update idempotency set answer = $4 ${ours}`, [...id, begunAtMs, kept])
    return answer
  } catch (error) {
    await database.query(`delete from idempotency ${ours}`, [...id, begunAtMs])
    throw error
  }

  /** Takes the key, or gives the answer that it was given before. */
  async function begin(): Promise<Answer | undefined> {
    const [taken] = await database.query(
      `insert into idempotency (caller, key_hash, request, begun_at_ms) values ($1, $2, $3, $4)
       on conflict (caller, key_hash) do update set request = excluded.request, answer = null, begun_at_ms = excluded.begun_at_ms
         where idempotency.begun_at_ms <= $5 or (idempotency.answer is null and idempotency.begun_at_ms <= $6)
       returning caller`,
      [...id, asked, begunAtMs, begunAtMs - keptMs, begunAtMs - answeredWithinMs],
    )
    if (taken !== undefined) return undefined
    const [known] = await database.query('select * from idempotency where caller = $1 and key_hash = $2', id)
    if (known !== undefined && !sameBytes(known['request'] as Uint8Array, asked))
      throw new Refusal('idempotency_key_reused', 'Idempotency-Key: it came with another request before')
    const answer = (known?.['answer'] ?? undefined) as Uint8Array | undefined
    if (answer === undefined)
      throw new Refusal('idempotency_key_busy', 'Idempotency-Key: the request that came with it is not answered yet')
    return opened(answer, key)
  }
}

export async function forgetAnswers(database: Query, nowMs: number): Promise<void> {
  await database.query('delete from idempotency where begun_at_ms <= $1', [nowMs - keptMs])
}

/** Answers carry join tokens; whoever reads the database without the caller's key reads none. */
async function sealed(answer: Answer, key: string, random: RandomSource): Promise<Uint8Array> {
  const nonce = new Uint8Array(random(nonceLength))
  const text = new TextEncoder().encode(JSON.stringify(answer))
  const sealing = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, await sealingKey(key), text)
  return new Uint8Array([...nonce, ...new Uint8Array(sealing)])
}

async function opened(bytes: Uint8Array, key: string): Promise<Answer> {
  const iv = new Uint8Array(bytes.subarray(0, nonceLength))
  const text = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv },
    await sealingKey(key),
    new Uint8Array(bytes.subarray(nonceLength)),
  )
  return JSON.parse(new TextDecoder().decode(text)) as Answer
}

function sealingKey(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', hash('answer', '', key), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

function hash(domain: string, caller: string, text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(`quorate/idempotency/${domain}\0${caller}\0${text}`).digest())
}
