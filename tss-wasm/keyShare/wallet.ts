import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { type ProtocolAbort, refused } from '../failure.ts'
import { secretsOfPreParameters } from '../crypto/types.ts'
import { Secret } from '../secret.ts'
import { parseIntegerJson, writeIntegerJson, type Json, type JsonObject, type Writable } from './integerJson.ts'
import type { KeyShare } from './keyShare.ts'
import { readSaveData, saveDataFields } from './saveData.ts'
import type { Tools } from './tools.ts'

/** A share, and what its holder has to remember with it. */
export interface Wallet {
  readonly name: string
  readonly createdAtMs: number
  /** How often the key was reshared: 0 for a new one. */
  readonly epoch: number
  /** Who holds the other shares, seat 1 to n, in the order of `share.parties`. */
  readonly seats: readonly SeatIdentity[]
  readonly share: KeyShare
  /** The private keys of our own seat's identity, so that a backup of the share can take the seat again. */
  readonly identity?: SeatKeys
}

/** 32 raw bytes each; none where the share came from elsewhere and its holder is not known. */
export interface SeatIdentity {
  readonly signingKey: Uint8Array
  readonly encryptionKey: Uint8Array
}

/** As tss-wasm/identity's IdentityKeys. */
export interface SeatKeys {
  readonly signing: Secret<Uint8Array>
  readonly encryption: Secret<Uint8Array>
}

export interface HeldWallet extends Disposable {
  readonly wallet: Wallet
}

/** For `using`: all that is secret in it is erased at the end of the scope. */
export function holding(wallet: Wallet): HeldWallet {
  return {
    wallet,
    [Symbol.dispose]() {
      eraseWallet(wallet)
    },
  }
}

export function eraseWallet({ share, identity }: Wallet): void {
  const own = identity === undefined ? [] : [identity.signing, identity.encryption]
  for (const secret of [share.secret, ...secretsOfPreParameters(share.preParameters), ...own]) secret.erase()
}

const format = 1n
const longestName = 256

/** JSON in UTF-8: our own fields, and tss-lib's save data as tss-lib writes it. To be sealed, never stored. */
export function encodeWallet(wallet: Wallet): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(writeIntegerJson(walletFields(wallet)))
}

export function walletFields({ name, createdAtMs, epoch, seats, share, identity }: Wallet): Writable {
  if (seats.length !== share.parties.length) throw new Error('every party has a seat')
  return {
    format,
    name,
    createdAtMs: BigInt(createdAtMs),
    epoch: BigInt(epoch),
    threshold: BigInt(share.threshold),
    seats: seats.map(({ signingKey, encryptionKey }) => ({
      signingKey: bytesToHex(signingKey),
      encryptionKey: bytesToHex(encryptionKey),
    })),
    ...(identity && {
      identity: {
        signing: bytesToHex(identity.signing.reveal()),
        encryption: bytesToHex(identity.encryption.reveal()),
      },
    }),
    saveData: saveDataFields(share),
  }
}

/** @throws ProtocolAbort `refused`, naming the check */
export async function decodeWallet(bytes: Uint8Array, tools?: Tools): Promise<Wallet> {
  return readWallet(parseObject(bytes), tools)
}

/** Without tools the primes are not tested: for what we checked before we sealed it. @throws ProtocolAbort `refused` */
export async function readWallet(fields: JsonObject, tools?: Tools): Promise<Wallet> {
  if (fields.get('format') !== format) throw refused('share', 'is of a format this program does not know')
  const share = await readSaveData(fields.get('savedata') ?? null, smallOf(fields, 'threshold'), tools)
  const name = fields.get('name')
  const seats = fields.get('seats')
  const identity = fields.get('identity')
  if (typeof name !== 'string' || name.length > longestName) throw malformed('name')
  if (!Array.isArray(seats) || seats.length !== share.parties.length) throw malformed('seats')
  return {
    name,
    createdAtMs: smallOf(fields, 'createdAtMs'),
    epoch: smallOf(fields, 'epoch'),
    seats: (seats as readonly Json[]).map(seatOf),
    share,
    ...(identity !== undefined && { identity: seatKeysOf(identity) }),
  }
}

/** JSON in UTF-8 that is an object. @throws ProtocolAbort `refused` */
export function parseObject(bytes: Uint8Array): JsonObject {
  try {
    const json = parseIntegerJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (json instanceof Map) return json as JsonObject
  } catch {
    // the same answer as for JSON that is no object
  }
  throw malformed('text')
}

function seatOf(json: Json): SeatIdentity {
  if (!(json instanceof Map)) throw malformed('seats')
  const seat = json as JsonObject
  const [signingKey, encryptionKey] = [seat.get('signingkey'), seat.get('encryptionkey')]
  if (signingKey === '' && encryptionKey === '') return unknownSeat
  if (!isKey(signingKey) || !isKey(encryptionKey)) throw malformed('seats')
  return { signingKey: hexToBytes(signingKey), encryptionKey: hexToBytes(encryptionKey) }
}

/** Nobody's keys: no signature is theirs, and no party of a session. */
export const unknownSeat: SeatIdentity = { signingKey: new Uint8Array(), encryptionKey: new Uint8Array() }

function seatKeysOf(json: Json): SeatKeys {
  const [signing, encryption] = json instanceof Map ? [json.get('signing'), json.get('encryption')] : []
  if (!isKey(signing) || !isKey(encryption)) throw malformed('identity')
  return { signing: new Secret(hexToBytes(signing)), encryption: new Secret(hexToBytes(encryption)) }
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** An integer that a number holds exactly. @throws ProtocolAbort `refused` */
export function smallOf(fields: JsonObject, name: string): number {
  const value = fields.get(name.toLowerCase())
  if (typeof value !== 'bigint' || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(name)
  return Number(value)
}

function malformed(part: string): ProtocolAbort {
  return refused('share', `its content is not well formed: ${part}`)
}
