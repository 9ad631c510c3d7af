import { sameBytes } from '../bytes.ts'
import { mostItems } from '../content/batch.ts'
import { type BlsDomain, isDomain } from '../content/blsDomain.ts'
import { isKeyPath, longestPath } from '../content/keys.ts'
import type { BatchContent, SigningContent } from '../content/content.ts'
import { type KeyScheme, publicKeyLengths, type SchemeName, schemeNames } from '../content/keyScheme.ts'
import { type SchemeContent, schemeOf, validatorObjectKinds } from '../content/schemeContent.ts'
import type { SigningOrder } from '../content/signing.ts'
import { misbehaviour } from '../failure.ts'
import type { Identity, PublicIdentity } from './identity.ts'
import { mostParties } from '../round/channel.ts'
import { z } from '../zod.ts'
import { type DocumentVersion, hex, parsed, protocolVersion, serialized } from './json.ts'
import { version as namingVersion } from './naming.ts'
import { canonicalReshare, reshareSchema, type ReshareProposal } from './reshareProposal.ts'
import { isSigned, signed } from './signed.ts'
import { walletName } from './walletName.ts'

/** What a session is for, as its creator signs it. UTF-8 JSON on the wire; `decodeProposal` bounds and validates. */
export type Proposal = KeygenProposal | SigningProposal | ReshareProposal
export type SigningProposal = SignProposal | RunProposal | PresignProposal | SchemeSignProposal

/** A curve stands for ECDSA on it; other schemes have names of their own. */
export type KeyCurve = 'secp256k1' | SchemeName

export interface KeygenProposal {
  readonly kind: 'keygen'
  readonly walletName: string
  readonly threshold: number
  /** n: how many parties hold shares. */
  readonly parties: number
  readonly curve: KeyCurve
  /** Of a BLS key, and only there: what it will sign for, ever. */
  readonly domain?: BlsDomain
  /** Members say what they are called: the documents of the session are of `namingVersion`. */
  readonly names?: true
}

export interface SignProposal extends SigningOrder {
  readonly kind: 'sign'
  /** Of the shares that sign, absent for 0: shares of two epochs do not fit together (RESHARING 3). */
  readonly epoch?: number
}

/**
 * A signature that its signers have agreed to before, in a request that waits at the coordinator (SPEC 11). The session
 * names it by a hash that tells nobody else what is signed: whoever takes part has read the request itself.
 */
export interface RunProposal {
  readonly kind: 'sign'
  /** `requestHash`, 32 bytes. */
  readonly request: Uint8Array
}

/** Presignatures for messages to come (SPEC 12). In everything else it is a session that signs, and it signs nothing. */
export interface PresignProposal extends Pick<SigningOrder, 'publicKey' | 'path'> {
  readonly kind: 'sign'
  readonly epoch?: number
  /** How many, 1 to 64. */
  readonly presign: number
}

/** A signature by a key of another scheme than ECDSA (SCHEMES 11.2). */
export interface SchemeSignProposal {
  readonly kind: 'sign'
  readonly scheme: SchemeName
  /** 32, 33 or 48 bytes (`publicKeyLengths`). */
  readonly publicKey: Uint8Array
  readonly content: SchemeContent
}

export function isOfScheme(proposal: SigningProposal): proposal is SchemeSignProposal {
  return 'scheme' in proposal
}

/** What a new key is for, where it is not ECDSA's. */
export function keySchemeOf({ curve, domain }: KeygenProposal): KeyScheme | undefined {
  if (curve === 'secp256k1') return undefined
  if (curve !== 'bls12381') return { scheme: curve }
  if (domain === undefined) throw new Error('a BLS key has a domain')
  return { scheme: curve, domain }
}

/** By which name the hand-shake knows the key's scheme. */
export function curveOf(proposal: Proposal): KeyCurve {
  if (proposal.kind === 'keygen') return proposal.curve
  return proposal.kind === 'sign' && isOfScheme(proposal) ? proposal.scheme : 'secp256k1'
}

export function isPresign(proposal: SigningProposal): proposal is PresignProposal {
  return 'presign' in proposal
}

/** Whether a session signs what was agreed to before. */
export function isRun(proposal: SigningProposal): proposal is RunProposal {
  return 'request' in proposal
}

/** proto/coordinator.proto carries no more. */
const longestProposal = 256 * 1024
/** A transaction's own bound, the highest of all contents; in hex it fits the proposal. */
const longestContent = 120_000

const protocol = z.literal(protocolVersion)
/** What was signed for one session is worth nothing in another. */
const session = hex(16)

const chainId = z
  .string()
  .regex(/^[1-9][0-9]{0,19}$/)
  .transform(BigInt)
/** In the order in which it is written. */
export const domainSchema: z.ZodType<BlsDomain> = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('application'), name: z.string().max(64), chainId }),
    z.strictObject({ kind: z.literal('ethereum-validator'), chainId }),
  ])
  .refine(isDomain, 'is a domain that a key can have')

const keygenSchema = z
  .strictObject({
    protocol: z.enum([protocolVersion, namingVersion]),
    kind: z.literal('keygen'),
    session,
    walletName,
    threshold: z.int().min(2).max(mostParties),
    parties: z.int().min(2).max(mostParties),
    curve: z.enum(['secp256k1', ...schemeNames]),
    domain: domainSchema.optional(),
  })
  .refine(
    ({ curve, domain }) => (domain !== undefined) === (curve === 'bls12381'),
    'BLS keys have a domain, and no others',
  )
  .refine(({ threshold, parties }) => threshold <= parties, 'threshold is at most the number of parties')
  .transform(({ protocol: stated, session, kind, walletName, threshold, parties, curve, domain }) => ({
    session,
    proposal: {
      kind,
      walletName,
      threshold,
      parties,
      curve,
      ...(domain !== undefined && { domain }),
      ...(stated === namingVersion && { names: true as const }),
    },
  }))

const itemSchemas = [
  z.strictObject({ type: z.literal('ethereum-transaction'), unsigned: hex(1, longestContent) }),
  z.strictObject({ type: z.literal('ethereum-message'), message: hex(0, longestContent) }),
  z.strictObject({ type: z.literal('ethereum-typed-data'), json: hex(1, longestContent) }),
  z.strictObject({ type: z.literal('ethereum-authorization'), unsigned: hex(1, longestContent) }),
  z.strictObject({
    type: z.literal('bitcoin-message'),
    message: hex(0, longestContent),
    format: z.enum(['bip322', 'bip137']),
  }),
] as const

/** What is signed, as it is written in proposals and requests. */
export const contentSchema = z.discriminatedUnion('type', [
  ...itemSchemas,
  z.strictObject({ type: z.literal('raw-digest'), digest: hex(32) }),
  z.strictObject({ type: z.literal('bitcoin-psbt'), psbt: hex(1, longestContent) }),
  z.strictObject({
    type: z.literal('batch'),
    items: z.array(z.discriminatedUnion('type', itemSchemas)).min(1).max(mostItems),
  }),
])

const keyShape = {
  publicKey: hex(33),
  epoch: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional(),
  path: z.array(z.int()).min(1).max(longestPath).refine(isKeyPath, 'is a path of indexes below 2^31').optional(),
}

/** Which wallet signs what, likewise. What is usual is left out, so that there is one way to write each. */
export const orderShape = { ...keyShape, content: contentSchema }

const signSchema = z
  .strictObject({ protocol, kind: z.literal('sign'), session, ...orderShape })
  .transform(({ session, kind, publicKey, epoch, path, content }) => ({
    session,
    proposal: { kind, publicKey, ...(epoch !== undefined && { epoch }), ...(path && { path }), content },
  }))

const runSchema = z
  .strictObject({ protocol, kind: z.literal('sign'), session, request: hex(32) })
  .transform(({ session, kind, request }) => ({ session, proposal: { kind, request } }))

const presignSchema = z
  .strictObject({ protocol, kind: z.literal('sign'), session, ...keyShape, presign: z.int().min(1).max(64) })
  .transform(({ session, kind, publicKey, epoch, path, presign }) => ({
    session,
    proposal: { kind, publicKey, ...(epoch !== undefined && { epoch }), ...(path && { path }), presign },
  }))

/** A proposal and the session that it is for, 16 bytes: its creator's signature covers both. */
export interface SessionProposal {
  readonly session: Uint8Array
  readonly proposal: Proposal
}

const schemeContentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('solana-message'), message: hex(1, longestContent) }),
  z.strictObject({ type: z.literal('taproot-psbt'), psbt: hex(1, longestContent) }),
  z.strictObject({ type: z.literal('validator-object'), object: z.enum(validatorObjectKinds), ssz: hex(1, 1024) }),
  z.strictObject({ type: z.literal('application-message'), message: hex(1, longestContent) }),
])

const schemeSignSchema = z
  .strictObject({
    protocol,
    kind: z.literal('sign'),
    session,
    scheme: z.enum(schemeNames),
    publicKey: hex(1, 64),
    content: schemeContentSchema,
  })
  .refine(({ scheme, publicKey }) => publicKey.length === publicKeyLengths[scheme], 'the key is of its scheme')
  .refine(({ scheme, content }) => schemeOf(content) === scheme, 'the content is for keys of that scheme')
  .transform(({ session, kind, scheme, publicKey, content }) => ({
    session,
    proposal: { kind, scheme, publicKey, content },
  }))

const proposalSchema: z.ZodType<SessionProposal> = z.union([
  keygenSchema,
  signSchema,
  schemeSignSchema,
  runSchema,
  presignSchema,
  reshareSchema,
])

/** Of every document of the session that this proposal is for. */
export function versionOf(proposal: Proposal): DocumentVersion {
  return proposal.kind === 'keygen' && proposal.names === true ? namingVersion : protocolVersion
}

/** The bytes that are signed and hashed verbatim. @throws ProtocolAbort if the others would refuse them */
export function encodeProposal(proposal: Proposal, session: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = canonical({ proposal, session })
  decodeProposal(bytes)
  return bytes
}

function canonical({ proposal, session }: SessionProposal): Uint8Array<ArrayBuffer> {
  if (proposal.kind === 'keygen') {
    const { kind, walletName, threshold, parties, curve } = proposal
    const domain = proposal.domain && canonicalDomain(proposal.domain)
    return serialized({ protocol: versionOf(proposal), kind, session, walletName, threshold, parties, curve, domain })
  }
  if (proposal.kind === 'reshare') return serialized(canonicalReshare(proposal, session))
  const { kind } = proposal
  return serialized({ protocol: protocolVersion, kind, session, ...whatIsSigned(proposal) })
}

/** Its fields, in their order. */
export function canonicalDomain(domain: BlsDomain): object {
  const { kind, chainId } = domain
  return domain.kind === 'application' ? { kind, name: domain.name, chainId } : { kind, chainId }
}

function whatIsSigned(proposal: SigningProposal): object {
  if (isOfScheme(proposal)) {
    const { scheme, publicKey, content } = proposal
    return { scheme, publicKey, content: typeFirst(content) }
  }
  if (isRun(proposal)) return { request: proposal.request }
  return isPresign(proposal) ? { ...canonicalKey(proposal), presign: proposal.presign } : canonicalOrder(proposal)
}

/** The fields of `orderShape`, in their order. */
export function canonicalOrder({ content, ...key }: Omit<SignProposal, 'kind'>): object {
  return {
    ...canonicalKey(key),
    content:
      content.type === 'batch' ? { type: content.type, items: content.items.map(typeFirst) } : typeFirst(content),
  }
}

function canonicalKey({ publicKey, epoch = 0, path = [] }: Omit<PresignProposal, 'kind' | 'presign'>): object {
  return { publicKey, ...(epoch !== 0 && { epoch }), ...(path.length > 0 && { path }) }
}

function typeFirst({ type, ...bytes }: Exclude<SigningContent, BatchContent> | SchemeContent): object {
  return { type, ...bytes }
}

/** @throws ProtocolAbort misbehaviour, naming the part that is wrong */
export function decodeProposal(bytes: Uint8Array): SessionProposal {
  const proposal = parsed('proposal', bytes, longestProposal, proposalSchema)
  // One way to write it: whoever holds the proposal itself knows its hash (the engine does, for what it signs).
  if (!sameBytes(bytes, canonical(proposal))) throw misbehaviour([], 'proposal is written in canonical form')
  return proposal
}

export async function signProposal(bytes: Uint8Array, creator: Identity): Promise<Uint8Array<ArrayBuffer>> {
  return signed('proposal', bytes, creator)
}

/** @throws ProtocolAbort misbehaviour if it is malformed, not signed by `creator`, or signed for another session */
export async function verifyProposal(
  bytes: Uint8Array,
  signature: Uint8Array,
  creator: PublicIdentity,
  session: Uint8Array,
): Promise<Proposal> {
  if (!(await isSigned('proposal', bytes, signature, creator.signingKey))) {
    throw misbehaviour([], 'proposal is signed by the creator of the session')
  }
  const read = decodeProposal(bytes)
  if (!sameBytes(read.session, session)) throw misbehaviour([], 'proposal is of this session')
  return read.proposal
}
