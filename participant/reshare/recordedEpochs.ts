import { decodeHandover, encodeHandover, type Epoch, type Holder } from '../../tss-wasm/identity/handover.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { hex, identityKeys, seat, serialized } from '../../tss-wasm/identity/json.ts'
import { firstEpoch } from '../../tss-wasm/identity/reshareAgreement.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { z } from '../../tss-wasm/zod.ts'
import { nothingKnown, type StoredAttempt, type WalletEpochs } from './walletEpochs.ts'

/** What a host's record of a wallet says of who holds its shares. */
export interface RecordedWallet {
  readonly publicKey: Uint8Array
  readonly threshold: number
  readonly mySeat: PartyId
  readonly seats: readonly { readonly seat: PartyId; readonly identity: PublicIdentity }[]
  /** Absent while the wallet was never reshared. */
  readonly epochs?: RecordedEpochs | undefined
}

/** What a record has beside that once a wallet is reshared; the shares of `number` are the ones that sign. */
export interface RecordedEpochs {
  readonly number: number
  /** SHA-256 of its certificate. */
  readonly hash: Uint8Array
  /** member: the seat in the record is ours. joining: none is yet. left: none is any more. */
  readonly place: 'member' | 'joining' | 'left'
  readonly attempts: readonly StoredAttempt[]
  readonly unspoken: readonly number[]
  readonly highest: number
}

export function epochsOf(wallet: RecordedWallet): WalletEpochs {
  const { publicKey, threshold, mySeat, seats, epochs } = wallet
  const members = seats.map(({ seat, identity }): Holder => ({ seat, identity }))
  if (epochs === undefined) {
    const first = firstEpoch({ publicKey, threshold, members })
    return { current: { ...first, mySeat }, attempts: [], unspoken: [], highest: 0 }
  }
  const { number, hash, place, attempts, unspoken, highest } = epochs
  const current =
    place === 'joining'
      ? undefined
      : { publicKey, number, hash, threshold, members, mySeat: place === 'member' ? mySeat : undefined }
  return { current, attempts, unspoken, highest }
}

/** The part of a record that follows from what is known of the epochs. */
export function recordOf({
  current,
  attempts,
  unspoken,
  highest,
}: WalletEpochs): Pick<RecordedWallet, 'threshold' | 'mySeat' | 'seats'> & { readonly epochs: RecordedEpochs } {
  if (current === undefined) {
    const joined = attempts.findLast(({ newSeat }) => newSeat !== undefined)
    if (joined?.newSeat === undefined) throw new Error('a device without a share is to become a member')
    const { threshold, number } = joined.handover
    const epochs = { number, hash: new Uint8Array(32), place: 'joining', attempts, unspoken, highest } as const
    return { threshold, mySeat: joined.newSeat, seats: joined.handover.new, epochs }
  }
  const { number, hash, threshold, members, mySeat } = current
  const place = mySeat === undefined ? 'left' : 'member'
  return {
    threshold,
    mySeat: mySeat ?? (1 as PartyId),
    seats: members,
    epochs: { number, hash, place, attempts, unspoken, highest },
  }
}

const holders = z.array(z.strictObject({ seat, identity: identityKeys })).max(20)
const epochSchema: z.ZodType<Epoch> = z.strictObject({
  publicKey: hex(33),
  number: z.int().min(0),
  hash: hex(32),
  threshold: z.int(),
  members: holders,
})
const signature = hex(64)
const labelSchema = z
  .strictObject({
    label: z.string().max(256),
    name: z.string().max(256).optional(),
    serverParty: z.string().max(256).optional(),
  })
  .transform(({ label, name, serverParty }) => ({
    label,
    ...(name !== undefined && { name }),
    ...(serverParty !== undefined && { serverParty }),
  }))

const attemptSchema: z.ZodType<StoredAttempt> = z
  .strictObject({
    sessionId: z.string().max(64),
    joinToken: z.string().max(4096),
    expiresAtMs: z.number(),
    walletName: z.string().max(256),
    labels: z.array(labelSchema).max(20),
    handover: hex(1, 64 * 1024),
    signature,
    approvals: z.array(signature).max(20),
    from: epochSchema,
    newSeat: seat.optional(),
    report: hex(0, 256),
    said: z.enum(['nothing', 'confirmation', 'withdrawal']),
    isHeard: z.boolean(),
    certificate: hex(0, 256 * 1024),
    abort: hex(0, 256),
    retired: z.array(hex(1, 256)).max(20).optional(),
  })
  .transform(({ handover, newSeat, retired, ...known }) => ({
    ...known,
    newSeat,
    handover: decodeHandover(handover),
    ...(retired && { retired }),
  }))

/** As `jsonOf` wrote it, with bytes as lower-case hex. */
export const recordedEpochsSchema: z.ZodType<RecordedEpochs> = z.strictObject({
  number: z.int().min(0),
  hash: hex(32),
  place: z.enum(['member', 'joining', 'left']),
  attempts: z.array(attemptSchema).max(64),
  unspoken: z.array(z.int().min(0)).max(64),
  highest: z.int().min(0),
})

/** For files: the same with handovers in the bytes that are signed. */
export function jsonOf({ attempts, ...epochs }: RecordedEpochs): object {
  return {
    ...epochs,
    attempts: attempts.map(({ handover, ...attempt }) => ({ ...attempt, handover: encodeHandover(handover) })),
  }
}

const textSchema: z.ZodType<RecordedWallet> = z.strictObject({
  publicKey: hex(33),
  threshold: z.int(),
  mySeat: seat,
  seats: holders,
  epochs: recordedEpochsSchema,
})

/** Between a window and the process that keeps its files. Empty where nothing is known. */
export function encodeEpochs(epochs: WalletEpochs): string {
  const publicKey = epochs.current?.publicKey ?? epochs.attempts[0]?.handover.publicKey
  if (publicKey === undefined) return ''
  const { epochs: recorded, ...shape } = recordOf(epochs)
  return new TextDecoder().decode(serialized({ publicKey, ...shape, epochs: jsonOf(recorded) }))
}

/** @throws Error for anything that `encodeEpochs` does not write */
export function decodeEpochs(text: string): WalletEpochs {
  return text === '' ? nothingKnown : epochsOf(textSchema.parse(JSON.parse(text)))
}
