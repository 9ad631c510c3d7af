import { sameBytes } from '../bytes.ts'
import { isRecord } from '../isRecord.ts'
import type { PartyId } from '../partyId.ts'
import { z } from '../zod.ts'
import { fingerprint, type PublicIdentity } from './identity.ts'
import { hex, seat, serialized } from './json.ts'
import { decodeRoster, encodeRoster, identityAt, type Roster } from './roster.ts'
import { isSigned, signatureLength } from './signed.ts'
import { bindingOf, everyone, type Header, signedPart } from './signedPart.ts'

/** What is left of an envelope when its body is forgotten: who sent a body of this hash to whom, signed by its sender. */
export interface SignedHeader extends Header {
  /** SHA-256 of the body as it was sent. */
  readonly digest: Uint8Array
  readonly signature: Uint8Array
}

/** What a file of evidence shows, to everybody who reads it. */
export interface Shown {
  readonly seat: PartyId
  readonly identity: PublicIdentity
  readonly fingerprint: string
  /**
   * number: two envelopes under one number. round: two messages for one reader, or for all, in one round. An honest program
   * signs neither: it numbers its envelopes once and speaks once in a round, and a run that begins again has another roster.
   */
  readonly deed: 'number' | 'round'
  readonly sequence: number
  readonly rounds: readonly [string, string]
  readonly session: Uint8Array
}

const format = 'quorate/evidence/1'
/** A roster of twenty, and two headers. */
export const longestEvidenceFile = 192 * 1024

const statement = z.strictObject({
  from: seat,
  to: z.union([z.literal(everyone), seat]),
  sequence: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  round: z.string().max(255),
  digest: hex(32),
  signature: hex(signatureLength),
})
const schema = z.strictObject({
  format: z.literal(format),
  roster: hex(1, 64 * 1024),
  statements: z.tuple([statement, statement]),
})

/** UTF-8 JSON that shows anybody that one party of this run signed two things of which it may sign one. */
export function encodeEvidence(
  roster: Roster,
  statements: readonly [SignedHeader, SignedHeader],
): Uint8Array<ArrayBuffer> {
  const inOrder = statements.map(({ from, to, sequence, round, digest, signature }) => ({
    ...{ from, to, sequence, round, digest, signature },
  }))
  return serialized({ format, roster: encodeRoster(roster), statements: inOrder })
}

/**
 * Who cheated, by the party's own signatures and by nobody's word. That the keys of the roster are those of the people one
 * knows is for the reader to see: their fingerprints are compared, as for any member.
 * @throws RangeError that says what the file does not show
 */
export async function verifyEvidence(file: Uint8Array): Promise<Shown> {
  const { roster, statements } = readEvidence(file)
  const [one, other] = statements
  if (one.from !== other.from) throw new RangeError('the two statements are of different parties')
  if (one.to !== other.to) throw new RangeError('the two statements are for different readers')
  const identity = identityAt(roster, one.from)
  if (identity === undefined) throw new RangeError(`party ${one.from} is not in the roster`)
  const binding = bindingOf(roster)
  const parts = statements.map((each) => signedPart(binding, each, each.digest))
  for (const [i, part] of parts.entries()) {
    const { signature = new Uint8Array() } = statements[i] ?? {}
    if (!(await isSigned('envelope', part, signature, identity.signingKey))) {
      throw new RangeError(`party ${one.from} has not signed statement ${i + 1} in this run`)
    }
  }
  const [first = new Uint8Array(), second = new Uint8Array()] = parts
  const isOneNumber = one.sequence === other.sequence && !sameBytes(first, second)
  const isOneRound = one.round === other.round && !sameBytes(one.digest, other.digest)
  if (!isOneNumber && !isOneRound) throw new RangeError('an honest party signs both statements')
  return {
    seat: one.from,
    identity,
    fingerprint: fingerprint(identity),
    deed: isOneNumber ? 'number' : 'round',
    sequence: one.sequence,
    rounds: [one.round, other.round],
    session: roster.session,
  }
}

function readEvidence(file: Uint8Array) {
  if (file.length > longestEvidenceFile) throw new RangeError(`evidence has at most ${longestEvidenceFile} bytes`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file))
  } catch {
    throw new RangeError('evidence is UTF-8 JSON')
  }
  const stated = isRecord(json) ? json['format'] : undefined
  if (stated !== format) throw new RangeError(`evidence is of the format ${format}`)
  const result = schema.safeParse(json)
  if (!result.success) {
    const [issue] = result.error.issues
    throw new RangeError(`evidence: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is valid'}`)
  }
  const { roster, statements } = result.data
  return { roster: rosterIn(roster), statements }
}

/** Of the one form that is hashed: otherwise nobody has signed for it. */
function rosterIn(bytes: Uint8Array): Roster {
  try {
    const roster = decodeRoster(bytes)
    if (sameBytes(encodeRoster(roster), bytes)) return roster
  } catch {
    // said below
  }
  throw new RangeError('evidence: the roster is none')
}
