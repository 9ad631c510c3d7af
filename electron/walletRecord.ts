import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { jsonOf, recordedEpochsSchema } from '../participant/reshare/recordedEpochs.ts'
import { refused } from '../tss-wasm/failure.ts'
import type { WalletRecord, WalletWords } from '../web/platform/shareStore.ts'

/** Room for the attempts of a wallet of twenty. */
const largestRecord = 4 * 1024 * 1024

/** Lower case letters and digits only: such a name is one name on every file system. */
export const walletId = z.string().regex(/^[0-9a-z]{1,64}$/)
const seatNumber = z.int().min(1).max(20)

/** A record of which every byte string is read by `bytes`: from memory as it is, from a file as hex. */
function recordSchema<T extends z.ZodType<Uint8Array>>(bytes: (least: number, most?: number) => T) {
  // A share that was imported may not know whose the other seats are.
  const seatKey = z.union([bytes(32), bytes(0)])
  const seat = z
    .strictObject({
      seat: seatNumber,
      label: z.string().max(256),
      name: z.string().max(256).optional(),
      serverParty: z.string().max(256).optional(),
      signingKey: seatKey,
      encryptionKey: seatKey,
    })
    .transform(({ name, serverParty, ...known }) => ({
      ...known,
      ...(name !== undefined && { name }),
      ...(serverParty !== undefined && { serverParty }),
    }))
  const record = z.strictObject({
    walletId,
    name: z.string().max(256),
    state: z.enum(['pending', 'active', 'joining', 'left']),
    sessionId: z.string().max(128),
    publicKey: bytes(33),
    threshold: seatNumber,
    mySeat: seatNumber,
    seats: z.array(seat).max(20),
    createdAtMs: z.number().min(0),
    renewedAtMs: z.number().min(0).optional(),
    isArchived: z.boolean().optional(),
    sealedIdentity: bytes(1, 1024).optional(),
  })
  return record.transform(({ sealedIdentity, renewedAtMs, isArchived, ...known }) => ({
    ...known,
    ...(sealedIdentity && { sealedIdentity }),
    ...(renewedAtMs !== undefined && { renewedAtMs }),
    ...(isArchived !== undefined && { isArchived }),
  }))
}

const rawBytes = (least: number, most = least) =>
  z.instanceof(Uint8Array).refine(({ length }) => length >= least && length <= most)
const hexBytes = (least: number, most = least) =>
  z
    .string()
    .regex(/^([0-9a-f]{2})*$/)
    .min(2 * least)
    .max(2 * most)
    .transform((text) => hexToBytes(text))

const fromPage = recordSchema(rawBytes) satisfies z.ZodType<WalletRecord>
const fromFile = z
  .strictObject({ version: z.literal(1), record: recordSchema(hexBytes), epochs: recordedEpochsSchema.optional() })
  .transform(({ record, epochs }): WalletRecord => (epochs === undefined ? record : { ...record, epochs }))

/** A record as it came from the page. @throws when it is not one */
export function checkRecord(value: unknown): WalletRecord {
  return fromPage.parse(value)
}

const words = z.strictObject({
  name: z.string().max(256),
  labels: z.record(z.string().regex(/^([1-9]|1\d|20)$/), z.string().max(256)),
  isArchived: z.boolean(),
}) satisfies z.ZodType<WalletWords>

/** What a person calls a wallet, as it came from the page. @throws when it is not that */
export function checkWords(value: unknown): WalletWords {
  return words.parse(value)
}

export function encodeRecord({ epochs, ...record }: WalletRecord): Uint8Array {
  const text = JSON.stringify(
    { version: 1, record, ...(epochs && { epochs: jsonOf(epochs) }) },
    (_, value: unknown) => (value instanceof Uint8Array ? bytesToHex(value) : value),
    2,
  )
  return new TextEncoder().encode(text + '\n')
}

/** @throws ProtocolAbort `refused`: a wallet that cannot be read must not look like one that is not there */
export function decodeRecord(bytes: Uint8Array, file: string): WalletRecord {
  try {
    if (bytes.length > largestRecord) throw new RangeError('too long')
    return fromFile.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    throw refused('storage-damaged', `the wallet record ${file} is damaged`)
  }
}
