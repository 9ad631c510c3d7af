import { sha256 } from '@noble/hashes/sha2.js'
import type { ContentSignature } from '../content/ethereum.ts'
import { hex, protocolVersion, seat, serialized } from '../identity/json.ts'
import type { PartyId } from '../partyId.ts'
import { z } from '../zod.ts'
import { shortText } from './request.ts'
import { readStrictly } from './strict.ts'

/** What one member says of a request: signed by it, read by members alone, never taken back. */
export interface Statement {
  /** `requestHash` */
  readonly request: Uint8Array
  readonly seat: PartyId
  /** By the member's own clock: shown, and never decided by. */
  readonly atMs: number
  /**
   * SHA-256 of the latest statements that this member had read, at most 64: whoever has not got one of them knows that it
   * is kept from somebody.
   */
  readonly knows: readonly Uint8Array[]
  readonly says: Says
}

export type Says =
  /** This member has looked at it, and has not answered yet. */
  | { readonly type: 'seen' }
  | { readonly type: 'approve' }
  /** A person's no, a rule of a policy, or what a machine cannot do. */
  | { readonly type: 'reject'; readonly by: RejectedBy; readonly reason: string }
  /** By whoever asked, and nobody else. */
  | { readonly type: 'withdraw' }
  /** The signatures, in the order of the content's tasks, and whose shares made them. */
  | {
      readonly type: 'signed'
      readonly signatures: readonly ContentSignature[]
      readonly signers: readonly PartyId[]
    }
  /** A run that ended without a signature, and whom this member's own checks have named. */
  | { readonly type: 'failed'; readonly culprits: readonly PartyId[]; readonly reason: string }
  /** Given to its network. */
  | { readonly type: 'sent'; readonly transaction: string }

export type RejectedBy = 'person' | 'policy' | 'machine'

/** Bytes. The signatures of the largest payment fit. */
const longestStatement = 256 * 1024
export const mostKnown = 64
const mostSignatures = 1500

const seats = z
  .array(seat)
  .max(20)
  .refine((list) => list.every((each, i) => each > (list[i - 1] ?? 0)), 'has its seats in rising order')

const says: z.ZodType<Says> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('seen') }),
  z.strictObject({ type: z.literal('approve') }),
  z.strictObject({ type: z.literal('reject'), by: z.enum(['person', 'policy', 'machine']), reason: shortText }),
  z.strictObject({ type: z.literal('withdraw') }),
  z.strictObject({
    type: z.literal('signed'),
    signatures: z
      .array(z.strictObject({ r: hex(32), s: hex(32), recovery: z.int().min(0).max(3) }))
      .min(1)
      .max(mostSignatures),
    signers: seats.min(2),
  }),
  z.strictObject({ type: z.literal('failed'), culprits: seats, reason: shortText }),
  z.strictObject({ type: z.literal('sent'), transaction: z.string().regex(/^(0x)?[0-9a-f]{64}$/) }),
])

const schema: z.ZodType<Statement> = z
  .strictObject({
    protocol: z.literal(protocolVersion),
    kind: z.literal('statement'),
    request: hex(32),
    seat,
    atMs: z
      .int()
      .min(0)
      .max(2 ** 48),
    knows: z.array(hex(32)).max(mostKnown),
    says,
  })
  .transform(({ request, seat, atMs, knows, says }) => ({ request, seat, atMs, knows, says }))

/** The bytes that are signed and hashed. @throws RangeError if the others would refuse them */
export function encodeStatement(statement: Statement): Uint8Array<ArrayBuffer> {
  const bytes = canonical(statement)
  decodeStatement(bytes)
  return bytes
}

/** @throws RangeError, naming the part that is wrong */
export function decodeStatement(bytes: Uint8Array): Statement {
  return readStrictly('statement', bytes, { longest: longestStatement, schema, written: canonical })
}

/** By which later statements name it. 32 bytes. */
export function statementHash(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(bytes))
}

function canonical({ request, seat, atMs, knows, says }: Statement): Uint8Array<ArrayBuffer> {
  return serialized({
    ...{ protocol: protocolVersion, kind: 'statement', request, seat, atMs, knows },
    says: inOrder(says),
  })
}

function inOrder(what: Says): Says {
  switch (what.type) {
    case 'reject':
      return { type: what.type, by: what.by, reason: what.reason }
    case 'signed': {
      const signatures = what.signatures.map(({ r, s, recovery }) => ({ r, s, recovery }))
      return { type: what.type, signatures, signers: what.signers }
    }
    case 'failed':
      return { type: what.type, culprits: what.culprits, reason: what.reason }
    case 'sent':
      return { type: what.type, transaction: what.transaction }
    case 'seen':
    case 'approve':
    case 'withdraw':
      return { type: what.type }
  }
}
