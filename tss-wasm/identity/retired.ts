import { concatBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes, uint16, uint32 } from '../bytes.ts'
import type { Check } from '../checks.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import type { Epoch } from './handover.ts'
import type { Identity } from './identity.ts'
import { isSigned, signatureLength, signed } from './signed.ts'

/** "My share of this epoch is erased here": said only under a certificate that ended the epoch. */
export interface Retired {
  readonly seat: PartyId
  /** The last second, since 1970, in which a backup that we cannot erase from may still hold it; 0 if there is none. */
  readonly backupsUntil: number
}

const version = 1

/** version (1), seat (2), backups until (4), signature (64) over them behind public key, epoch and certificate hash. */
export async function signRetired(
  { seat, backupsUntil }: Retired,
  ended: Pick<Epoch, 'publicKey' | 'number'>,
  by: Pick<Epoch, 'hash'>,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  const head = concatBytes(Uint8Array.of(version), uint16(seat), uint32(backupsUntil))
  const signature = await signed('retired', retiredBytes(head, ended, by), identity)
  return new Uint8Array(concatBytes(head, signature))
}

/**
 * @param ended the epoch whose share it was
 * @param by the epoch that a verified certificate began, after `ended`
 * @throws ProtocolAbort misbehaviour of nobody in particular: whoever carried it may have spoilt it
 */
export async function verifyRetired(bytes: Uint8Array, ended: Epoch, by: Epoch): Promise<Retired> {
  const check: Check = 'retired is signed by a member of that epoch, under the certificate that ended it'
  const retired = read(bytes)
  const member = ended.members.find(({ seat }) => seat === retired?.seat)
  const isOrdered = by.number > ended.number && sameBytes(by.publicKey, ended.publicKey)
  if (retired === undefined || member === undefined || !isOrdered) throw misbehaviour([], check)
  const [head, signature] = [bytes.subarray(0, -signatureLength), bytes.subarray(-signatureLength)]
  if (!(await isSigned('retired', retiredBytes(head, ended, by), signature, member.identity.signingKey)))
    throw misbehaviour([], check)
  return retired
}

function retiredBytes(
  head: Uint8Array,
  { publicKey, number }: Pick<Epoch, 'publicKey' | 'number'>,
  { hash }: Pick<Epoch, 'hash'>,
): Uint8Array {
  return concatBytes(publicKey, uint32(number), hash, head)
}

function read(bytes: Uint8Array): Retired | undefined {
  try {
    const reader = new ByteReader(bytes)
    if (reader.uint8() !== version) return undefined
    const retired = { seat: reader.uint16() as PartyId, backupsUntil: reader.uint32() }
    reader.take(signatureLength)
    reader.end()
    return retired
  } catch {
    return undefined
  }
}
