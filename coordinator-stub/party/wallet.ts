import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import type { BlsDomain } from '../../tss-wasm/content/blsDomain.ts'
import type { KeyScheme } from '../../tss-wasm/content/keyScheme.ts'
import { domainSchema } from '../../tss-wasm/identity/proposal.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { PendingSession } from '../../participant/share/pendingSession.ts'
import { jsonOf, type RecordedEpochs, recordedEpochsSchema } from '../../participant/reshare/recordedEpochs.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'

/** What a server party knows of a wallet without opening its share. Nothing secret; pins who holds the other shares. */
export interface PartyWallet {
  readonly walletId: string
  readonly name: string
  /**
   * pending: our share is stored, not everybody has confirmed yet; it does not sign. joining: we are to become a member by
   * resharing. left: we were a member, and another epoch goes on without us.
   */
  readonly state: 'pending' | 'active' | 'joining' | 'left'
  readonly publicKey: Uint8Array
  /** Of a key of another scheme than ECDSA: which, and of BLS for what. */
  readonly key?: KeyScheme | undefined
  readonly threshold: number
  readonly mySeat: PartyId
  readonly seats: readonly { readonly seat: PartyId; readonly identity: PublicIdentity }[]
  /** By our clock; undefined for wallets older than this entry. */
  readonly madeAtMs?: number | undefined
  /** While pending: how to find out what became of the session. The token is worthless once the session is over. */
  readonly pending: PendingSession | undefined
  /** Once the wallet is reshared. */
  readonly epochs?: RecordedEpochs | undefined
  /**
   * Names under which the coordinator has offered seats to other server parties, as seen in sessions: they only say where to
   * ask, who answers is held against `seats`.
   */
  readonly serverParties?: readonly NamedParty[] | undefined
}

export interface NamedParty {
  readonly name: string
  readonly signingKey: Uint8Array
}

/** By seat, as far as names were seen. */
export function namesOf({ seats, serverParties = [] }: PartyWallet): ReadonlyMap<PartyId, string> {
  return new Map(
    seats.flatMap(({ seat, identity }) => {
      const known = serverParties.find(({ signingKey }) => sameBytes(signingKey, identity.signingKey))
      return known === undefined ? [] : [[seat, known.name]]
    }),
  )
}

/** Room for the attempts of a wallet of twenty. */
const longestRecord = 4 * 1024 * 1024

const hex = (least: number, most = least) =>
  z
    .string()
    .regex(/^([0-9a-f]{2})*$/)
    .min(2 * least)
    .max(2 * most)
    .transform((text) => hexToBytes(text))
const seat = z
  .int()
  .min(1)
  .transform((value) => value as PartyId)
/** How to find out what became of a session; the confirmation is empty before there is a share. */
export const pendingSchema: z.ZodType<PendingSession> = z.strictObject({
  sessionId: z.string(),
  joinToken: z.string(),
  roster: hex(1, 16 * 1024),
  confirmation: hex(0, 16 * 1024),
  isLeaving: z.boolean(),
  storedAtMs: z.number(),
  expiresAtMs: z.number(),
})
const keySchema: z.ZodType<KeyScheme> = z.union([
  z.strictObject({ scheme: z.enum(['ed25519', 'taproot']) }),
  z.strictObject({ scheme: z.literal('bls12381'), domain: domainSchema }),
])
const recordSchema = z.strictObject({
  version: z.literal(1),
  walletId: z.string().regex(/^[0-9a-f]{32}$/),
  name: z.string(),
  state: z.enum(['pending', 'active', 'joining', 'left']),
  publicKey: hex(32, 48),
  key: keySchema.optional(),
  threshold: z.int(),
  mySeat: seat,
  seats: z.array(z.strictObject({ seat, identity: z.strictObject({ signingKey: hex(32), encryptionKey: hex(32) }) })),
  madeAtMs: z.number().optional(),
  pending: pendingSchema.optional(),
  epochs: recordedEpochsSchema.optional(),
  serverParties: z
    .array(z.strictObject({ name: z.string().max(64), signingKey: hex(32) }))
    .max(256)
    .optional(),
})

export function encodeRecord(wallet: PartyWallet): Uint8Array {
  // A roster's seats have more to them, which is of its session only.
  const seats = wallet.seats.map(({ seat, identity }) => ({ seat, identity }))
  return encodeJson({
    version: 1,
    ...wallet,
    ...keyJson(wallet),
    seats,
    ...(wallet.epochs && { epochs: jsonOf(wallet.epochs) }),
  })
}

function keyJson({ key }: PartyWallet): { readonly key?: object } {
  if (key === undefined) return {}
  return { key: key.scheme === 'bls12381' ? { ...key, domain: domainJson(key.domain) } : key }
}

function domainJson(domain: BlsDomain): object {
  return { ...domain, chainId: domain.chainId.toString() }
}

/** JSON with bytes as lower-case hex. */
export function encodeJson(value: object): Uint8Array {
  const text = JSON.stringify(
    value,
    (_, field: unknown) => (field instanceof Uint8Array ? bytesToHex(field) : field),
    2,
  )
  return new TextEncoder().encode(text + '\n')
}

/** @throws Error for a damaged record: a wallet that cannot be read must not look like one that is not there */
export function decodeRecord(bytes: Uint8Array): PartyWallet {
  if (bytes.length > longestRecord) throw new Error('the wallet record is too large')
  const stored = recordSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  const { walletId, name, state, publicKey, threshold, mySeat, seats, madeAtMs, pending, epochs, serverParties, key } =
    stored
  return {
    walletId,
    name,
    state,
    publicKey,
    ...(key !== undefined && { key }),
    threshold,
    mySeat,
    seats,
    ...(madeAtMs !== undefined && { madeAtMs }),
    pending,
    ...(epochs !== undefined && { epochs }),
    ...(serverParties !== undefined && { serverParties }),
  }
}
