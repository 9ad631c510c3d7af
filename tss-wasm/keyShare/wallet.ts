import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../failure.ts'
import { parseIntegerJson, writeIntegerJson, type Json, type JsonObject } from './integerJson.ts'
import type { KeyShare } from './keyShare.ts'
import { readSaveData, saveDataFields } from './saveData.ts'
import type { Tools } from './tools.ts'

/** A share, and what its holder has to remember with it. */
export interface Wallet {
  readonly name: string
  readonly createdAtMs: number
  /** How often the key was reshared: 0 for a new one. */
  readonly epoch: number
  /** Who holds the other shares, seat 1 to n, in the order of `share.parties`. 32 raw bytes each. */
  readonly seats: readonly SeatIdentity[]
  readonly share: KeyShare
}

export interface SeatIdentity {
  readonly signingKey: Uint8Array
  readonly encryptionKey: Uint8Array
}

const format = 1n

/** JSON in UTF-8: our own fields, and tss-lib's save data as tss-lib writes it. To be sealed, never stored. */
export function encodeWallet({ name, createdAtMs, epoch, seats, share }: Wallet): Uint8Array<ArrayBuffer> {
  if (seats.length !== share.parties.length) throw new Error('every party has a seat')
  const text = writeIntegerJson({
    format,
    name,
    createdAtMs: BigInt(createdAtMs),
    epoch: BigInt(epoch),
    threshold: BigInt(share.threshold),
    seats: seats.map(({ signingKey, encryptionKey }) => ({
      signingKey: bytesToHex(signingKey),
      encryptionKey: bytesToHex(encryptionKey),
    })),
    saveData: saveDataFields(share),
  })
  return new TextEncoder().encode(text)
}

/** @throws ProtocolAbort `refused`, naming the check */
export async function decodeWallet(bytes: Uint8Array, tools?: Tools): Promise<Wallet> {
  const fields = parsed(bytes)
  if (fields.get('format') !== format) throw refused('is of a format this program does not know')
  const share = await readSaveData(fields.get('savedata') ?? null, smallOf(fields, 'threshold'), tools)
  const name = fields.get('name')
  const seats = fields.get('seats')
  if (typeof name !== 'string') throw refused('name')
  if (!Array.isArray(seats) || seats.length !== share.parties.length) throw refused('seats')
  return {
    name,
    createdAtMs: smallOf(fields, 'createdAtMs'),
    epoch: smallOf(fields, 'epoch'),
    seats: (seats as readonly Json[]).map(seatOf),
    share,
  }
}

function parsed(bytes: Uint8Array): JsonObject {
  try {
    const json = parseIntegerJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (json instanceof Map) return json as JsonObject
  } catch {
    // the same answer as for JSON that is no object
  }
  throw refused('text')
}

function seatOf(json: Json): SeatIdentity {
  if (!(json instanceof Map)) throw refused('seats')
  const seat = json as JsonObject
  const [signingKey, encryptionKey] = [seat.get('signingkey'), seat.get('encryptionkey')]
  if (!isKey(signingKey) || !isKey(encryptionKey)) throw refused('seats')
  return { signingKey: hexToBytes(signingKey), encryptionKey: hexToBytes(encryptionKey) }
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function smallOf(fields: JsonObject, name: string): number {
  const value = fields.get(name.toLowerCase())
  if (typeof value !== 'bigint' || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw refused(name)
  return Number(value)
}

function refused(part: string): ProtocolAbort {
  return new ProtocolAbort({ kind: 'refused', reason: `the share's content is not well formed: ${part}` })
}
