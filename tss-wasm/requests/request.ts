import { sha256 } from '@noble/hashes/sha2.js'
import { hasHidden } from '../content/visibleText.ts'
import type { SigningOrder } from '../content/signing.ts'
import { hex, protocolVersion, seat, serialized } from '../identity/json.ts'
import { canonicalOrder, orderShape } from '../identity/proposal.ts'
import type { PartyId } from '../partyId.ts'
import { z } from '../zod.ts'
import { readStrictly } from './strict.ts'

/**
 * What one member asks the others to sign, as it waits at the coordinator (SPEC 11): signed by the member who asks, read by
 * members alone, answered by each in its own time.
 */
export interface Request extends SigningOrder {
  /** 16 random bytes; the coordinator knows the request by them. */
  readonly id: Uint8Array
  /** 16 random bytes that only members know: without them nobody can guess a content and compare its hash. */
  readonly salt: Uint8Array
  /** Of the shares that sign; left out for 0. */
  readonly epoch?: number
  /** Who asks. To ask is to approve. */
  readonly from: PartyId
  /** What for, in the words of whoever asks: at most 280 characters, all of them visible. */
  readonly note: string
  /** Milliseconds since 1970, by the clock of whoever asks. */
  readonly createdMs: number
  readonly expiresMs: number
  /** The id of an earlier request by the same member, which ends with this one. */
  readonly replaces?: Uint8Array
}

export const longestNote = 280
/** How long a request waits at most. */
export const longestLifeMs = 7 * 24 * 3600_000
/** Bytes. A content of the greatest length fits. */
export const longestRequest = 256 * 1024

/** So far an honest clock may be ahead of ours. */
const clockDifferenceMs = 5 * 60_000

/** Text on one line, in which nothing is hidden; it may be empty. */
export const shortText = z
  .string()
  .max(longestNote)
  .refine((text) => text.trim() === text && !hasHidden(text), 'is text that everybody sees')

const moment = z
  .int()
  .min(0)
  .max(2 ** 48)

const schema: z.ZodType<Request> = z
  .strictObject({
    protocol: z.literal(protocolVersion),
    kind: z.literal('request'),
    id: hex(16),
    salt: hex(16),
    from: seat,
    ...orderShape,
    note: shortText,
    createdMs: moment,
    expiresMs: moment,
    replaces: hex(16).optional(),
  })
  .refine(({ createdMs, expiresMs }) => expiresMs > createdMs, 'ends after it begins')
  .refine(({ createdMs, expiresMs }) => expiresMs - createdMs <= longestLifeMs, 'waits for at most 7 days')
  .transform(({ id, salt, from, publicKey, epoch, path, content, note, createdMs, expiresMs, replaces }) => ({
    ...{ id, salt, from, publicKey, content, note, createdMs, expiresMs },
    ...(epoch !== undefined && { epoch }),
    ...(path !== undefined && { path }),
    ...(replaces !== undefined && { replaces }),
  }))

/** The bytes that are signed and hashed. @throws RangeError if the others would refuse them */
export function encodeRequest(request: Request): Uint8Array<ArrayBuffer> {
  const bytes = canonical(request)
  decodeRequest(bytes)
  return bytes
}

function canonical({ id, salt, from, note, createdMs, expiresMs, replaces, ...order }: Request) {
  return serialized({
    ...{ protocol: protocolVersion, kind: 'request', id, salt, from },
    ...canonicalOrder(order),
    ...{ note, createdMs, expiresMs },
    ...(replaces !== undefined && { replaces }),
  })
}

/** @throws RangeError, naming the part that is wrong */
export function decodeRequest(bytes: Uint8Array): Request {
  return readStrictly('request', bytes, { longest: longestRequest, schema, written: canonical })
}

/** What every statement and every run names the request by. 32 bytes. */
export function requestHash(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(bytes))
}

/** Whether a request is of now by our clock: one from the future would outlive its seven days. */
export function isBegun({ createdMs }: Request, nowMs: number): boolean {
  return createdMs <= nowMs + clockDifferenceMs
}
