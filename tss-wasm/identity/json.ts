import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { misbehaviour } from '../failure.ts'
import { isRecord } from '../isRecord.ts'
import { mostParties } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import { z } from '../zod.ts'
import { version as namingVersion } from './naming.ts'

export const seat = z
  .int()
  .min(1)
  .max(mostParties)
  .transform((value) => value as PartyId)

/** Lower-case hex of `least` to `most` bytes. */
export function hex(least: number, most = least): z.ZodType<Uint8Array, string> {
  return (
    z
      .string()
      // A text that is not hex stays a text: what is said of the whole afterwards must not meet it.
      .min(2 * least, { abort: true })
      .max(2 * most, { abort: true })
      .regex(/^([0-9a-f]{2})*$/, { abort: true })
      .transform((text) => new Uint8Array(hexToBytes(text)))
  )
}

/** Both keys of an identity. */
export const identityKeys = z.strictObject({ signingKey: hex(32), encryptionKey: hex(32) })

/** What proposals, hand-shakes and rosters are written in; a party of another version is told so, and refused. */
export const protocolVersion = 'quorate/2'
/** The same, or that of documents with names. */
export type DocumentVersion = typeof protocolVersion | typeof namingVersion

/** Names the version that a document of another program states, before anything else of it is looked at. */
export function otherVersion(json: unknown): string | undefined {
  const stated = isRecord(json) ? json['protocol'] : undefined
  if (typeof stated !== 'string' || stated === protocolVersion || stated === namingVersion) return undefined
  return /^quorate\/\d{1,4}$/.test(stated) ? stated : 'unknown'
}

/**
 * Bounds the bytes, then parses, then validates; errors name the part that is wrong and nothing of its content.
 * @throws ProtocolAbort misbehaviour of nobody in particular: who wrote it is not known before its signature is checked
 */
export function parsed<T>(
  what: 'proposal' | 'roster' | 'hand-shake' | 'handover' | 'certificate',
  bytes: Uint8Array,
  longest: number,
  schema: z.ZodType<T>,
): T {
  const malformed = (detail: string) => misbehaviour([], `${what} is well formed`, detail)
  if (bytes.length > longest) throw malformed(`at most ${longest} bytes`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw malformed('is UTF-8 JSON')
  }
  const result = schema.safeParse(json)
  const version = otherVersion(json)
  if (!result.success && version !== undefined) {
    throw misbehaviour([], 'protocol version is the same', `${what}: here ${protocolVersion}, there ${version}`)
  }
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw malformed(`${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is valid'}`.trim())
}

/** The only way bytes are written; amounts, which JSON's numbers cannot hold, as decimal digits. */
export function serialized(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value, (_, field: unknown) => written(field)))
}

function written(field: unknown): unknown {
  if (field instanceof Uint8Array) return bytesToHex(field)
  return typeof field === 'bigint' ? field.toString() : field
}
