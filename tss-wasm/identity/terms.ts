import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import { misbehaviour, ProtocolAbort } from '../failure.ts'
import { mostParties } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import { z } from '../zod.ts'
import type { Identity, PublicIdentity } from './identity.ts'
import { type DocumentVersion, hex, parsed, protocolVersion, seat, serialized } from './json.ts'
import { memberName, version as namingVersion } from './naming.ts'
import { curveOf, type KeyCurve, type Proposal, versionOf } from './proposal.ts'
import { isSigned, signed } from './signed.ts'
import { cggmp24 } from './signingProtocol.ts'
import { walletName } from './walletName.ts'

/** The version that a party states in the hand-shake; a test holds it against package.json. */
export const software = 'quorate 0.1.0'

/**
 * When signing it also says by what it signs beside the nine rounds. Parties of earlier versions read `software` loosely and
 * refuse any field that they do not know; nobody's wallet is to be out of reach until everybody has updated.
 */
const signingSoftware = `${software} ${cggmp24}`

/**
 * The hand-shake: what a party believes it is joining, in its own words. Everybody states it, signs it, and, when it came
 * by invitation, MACs it with the seat secret; everybody holds everybody's statement against its own before anything else
 * is said (ARCHITECTURE 2.2, 2.4).
 */
export interface Terms {
  readonly protocol: DocumentVersion
  /** Name and version; when signing, behind them the protocols that it can (signingProtocol.ts). */
  readonly software: string
  readonly kind: Proposal['kind']
  /** 16 bytes */
  readonly session: Uint8Array
  readonly seat: PartyId
  /** t: how many parties sign. */
  readonly threshold: number
  /** n: how many parties hold shares. */
  readonly parties: number
  /** Of ECDSA, or another scheme by its name. */
  readonly curve: KeyCurve
  /** Of the wallet that members are new to; empty when signing. */
  readonly walletName: string
  /** SHA-256 of the proposal. */
  readonly proposalHash: Uint8Array
  /** The party's commitment to its part of the check code (checkCode.ts), 32 bytes. Empty when signing. */
  readonly codeCommitment: Uint8Array
  /** What the party calls itself, empty for nothing; in documents with names, and only there. */
  readonly name?: string | undefined
}

/** What a party holds the hand-shakes of others against: what it states itself, as far as it knows it. */
export type Known = Omit<Terms, 'codeCommitment' | 'name' | 'threshold' | 'parties'> &
  Partial<Pick<Terms, 'threshold' | 'parties'>>

/** A hand-shake as it travels. */
export interface Statement {
  readonly terms: Uint8Array
  /** By the party's signing key, in the domain "join". */
  readonly signature: Uint8Array
}

const longestTerms = 4096

const termsSchema: z.ZodType<Terms> = z
  .strictObject({
    protocol: z.enum([protocolVersion, namingVersion]),
    // Read loosely, compared strictly: a party of another version is to be told so, not called malformed.
    software: z.string().max(64),
    kind: z.enum(['keygen', 'sign', 'reshare']),
    session: hex(16),
    seat,
    threshold: z.int().min(2).max(mostParties),
    parties: z.int().min(2).max(mostParties),
    curve: z.string().max(64) as unknown as z.ZodType<KeyCurve>,
    // None when signing.
    walletName: walletName.or(z.literal('')),
    proposalHash: hex(32),
    codeCommitment: hex(0, 32),
    name: memberName.optional(),
  })
  .refine(
    ({ kind, codeCommitment: { length } }) => length === (kind === 'sign' ? 0 : 32),
    'where members are new there is a check code',
  )
  .refine(
    ({ protocol, name }) => (name !== undefined) === (protocol === namingVersion),
    'documents with names have them, and no others',
  )

/** What is known before our own terms: all that the proposal says, which is t and n unless it is about signing. */
export function knownTerms(
  proposal: Proposal,
  bytes: Uint8Array,
  where: { readonly session: Uint8Array; readonly seat: PartyId },
): Known {
  const isNew = proposal.kind !== 'sign'
  const curve = curveOf(proposal)
  return {
    protocol: versionOf(proposal),
    software: curve === 'secp256k1' && !isNew ? signingSoftware : software,
    kind: proposal.kind,
    ...where,
    ...(isNew && { threshold: proposal.threshold, parties: proposal.parties }),
    curve,
    walletName: isNew ? proposal.walletName : '',
    proposalHash: sha256(bytes),
  }
}

/**
 * What we believe: from the proposal that we read, the wallet that we hold, and the software that we are.
 * @param name what we call ourselves; said where the session has names
 */
export function termsOf(
  proposal: Proposal,
  bytes: Uint8Array,
  where: { readonly session: Uint8Array; readonly seat: PartyId },
  wallet: { readonly threshold: number; readonly parties: number },
  codeCommitment: Uint8Array,
  name = '',
): Terms {
  const known = knownTerms(proposal, bytes, where)
  return { ...known, ...wallet, codeCommitment, ...(known.protocol === namingVersion && { name }) }
}

export async function stateTerms(terms: Terms, identity: Identity): Promise<Statement> {
  const bytes = encoded(terms)
  return { terms: bytes, signature: await signed('join', statementBytes(bytes, identity.public), identity) }
}

/**
 * Holds the statement of the party in `theirSeat` against what we state ourselves. Versions of the software may differ
 * when signing: a wallet must not be out of reach until everybody has updated. Commitment and name are each party's own.
 * @returns what it states
 * @throws ProtocolAbort misbehaviour that names the party and the value that differs, as it and we have it; nobody when
 * the party has not signed the statement
 */
export async function verifyStatement(
  { terms, signature }: Statement,
  identity: PublicIdentity,
  theirSeat: PartyId,
  ours: Known,
): Promise<Terms> {
  const bytes = statementBytes(terms, identity)
  if (!(await isSigned('join', bytes, signature, identity.signingKey))) {
    throw misbehaviour([], 'hand-shake is signed by its party', `party ${theirSeat}`)
  }
  const theirs = readTerms(terms, theirSeat)
  const expected = { ...ours, seat: theirSeat, ...(ours.kind === 'sign' && { software: theirs.software }) }
  for (const key of compared) {
    const known = expected[key]
    const [here, there] = [known === undefined ? undefined : shown(known), shown(theirs[key])]
    if (here !== undefined && here !== there) {
      throw misbehaviour([theirSeat], 'hand-shakes agree', `${names[key]}: here ${here}, there ${there}`)
    }
  }
  return theirs
}

function readTerms(bytes: Uint8Array, from: PartyId): Terms {
  try {
    const terms = parsed('hand-shake', bytes, longestTerms, termsSchema)
    if (sameBytes(bytes, encoded(terms))) return terms
  } catch (error) {
    // It is signed, so it is the party's own fault.
    const failure = error instanceof ProtocolAbort ? error.failure : undefined
    if (failure?.kind === 'misbehaviour' && failure.check === 'protocol version is the same') {
      throw misbehaviour([from], failure.check, failure.detail)
    }
  }
  throw misbehaviour([from], 'hand-shake is well formed')
}

/** In the order in which they are written and compared: what matters most comes first. */
const names = {
  protocol: 'protocol version',
  software: 'software version',
  kind: 'kind of session',
  session: 'session',
  seat: 'seat',
  threshold: 'threshold',
  parties: 'number of parties',
  curve: 'curve',
  walletName: 'wallet name',
  proposalHash: 'proposal',
} as const satisfies Record<keyof Known, string>
const compared = Object.keys(names) as (keyof Known)[]
const fields: readonly (keyof Terms)[] = [...compared, 'codeCommitment', 'name']

function encoded(terms: Terms): Uint8Array<ArrayBuffer> {
  return serialized(Object.fromEntries(fields.map((key) => [key, terms[key]])))
}

function shown(value: Known[keyof Known]): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(serialized(value)) : JSON.stringify(value)
}

/** The encryption key is signed along: the coordinator must not be able to give a party another one. */
function statementBytes(terms: Uint8Array, { signingKey, encryptionKey }: PublicIdentity): Uint8Array {
  return concatBytes(signingKey, encryptionKey, terms)
}
