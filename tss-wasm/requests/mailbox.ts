import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ByteReader, uint16, uint32 } from '../bytes.ts'
import type { Holder } from '../identity/handover.ts'
import { encapsulatedLength, open, sealTo } from '../identity/hpke.ts'
import type { Identity } from '../identity/identity.ts'
import { isSigned, signatureLength, signed } from '../identity/signed.ts'
import type { PartyId } from '../partyId.ts'
import type { RandomSource } from '../random.ts'
import { mostParties } from '../round/channel.ts'

/** Who shares a wallet, as each of its members has pinned the others. */
export interface Membership {
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** 0 before the wallet is reshared. */
  readonly epoch: number
  /** t */
  readonly threshold: number
  /** By rising seats. */
  readonly members: readonly Holder[]
}

/**
 * Where the requests of a wallet wait. All members have its key and nobody else has, so that the coordinator admits who
 * shows `access` without learning which member it is.
 */
export interface Mailbox {
  /** Where its key is found. 32 bytes */
  readonly locator: Uint8Array
  /** What the coordinator files requests under: SHA-256 of `access`. 32 bytes */
  readonly id: Uint8Array
  /** Shown with every call. 32 bytes */
  readonly access: Uint8Array
  /** AES-256-GCM, of all that lies in the mailbox. */
  readonly key: CryptoKey
}

const version = 1
const keyLength = 32
const sealedKeyLength = keyLength + 16
/** Bytes. A key that is sealed for twenty members is shorter. */
export const longestKeyRecord = 2048

/** SHA-256 over the key, the epoch and everybody's identity: members know these, and so does the coordinator, and nobody else. */
export function locatorOf({ publicKey, epoch, members }: Membership): Uint8Array<ArrayBuffer> {
  const all = members.flatMap(({ seat, identity }) => [uint16(seat), identity.signingKey, identity.encryptionKey])
  return new Uint8Array(sha256(concatBytes(utf8ToBytes('quorate/mailbox/1\0'), publicKey, uint32(epoch), ...all)))
}

/**
 * A fresh mailbox key, sealed for every member of the wallet and signed by the one who made it: version (1) ‖ seat (2) ‖
 * number of members (1) ‖ for each its seat (2), encapsulated key (32) and sealed key (48) ‖ signature (64).
 */
export async function makeMailboxKey(
  membership: Membership,
  me: PartyId,
  identity: Identity,
  random: RandomSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const locator = locatorOf(membership)
  const key = random(keyLength)
  try {
    const parts: Uint8Array[] = [Uint8Array.of(version), uint16(me), Uint8Array.of(membership.members.length)]
    for (const { seat, identity: member } of membership.members) {
      const context = { info: infoOf(locator), aad: uint16(seat) }
      parts.push(uint16(seat), await sealTo(member.encryptionKey, key, context, random))
    }
    const body = concatBytes(...parts)
    return new Uint8Array(concatBytes(body, await signed('mailbox-key', concatBytes(locator, body), identity)))
  } finally {
    key.fill(0)
  }
}

/** @throws RangeError for a record that no member of the wallet has made, or that is not for us */
export async function openMailboxKey(
  record: Uint8Array,
  membership: Membership,
  me: PartyId,
  identity: Identity,
): Promise<Mailbox> {
  const locator = locatorOf(membership)
  if (record.length > longestKeyRecord) throw new RangeError(`mailbox key: at most ${longestKeyRecord} bytes`)
  const reader = new ByteReader(record)
  if (reader.uint8() !== version) throw new RangeError('mailbox key: is of a known version')
  const author = reader.uint16() as PartyId
  const count = reader.uint8()
  if (count > mostParties) throw new RangeError(`mailbox key: for at most ${mostParties} members`)
  const sealed = Array.from({ length: count }, () => ({
    seat: reader.uint16() as PartyId,
    key: reader.take(encapsulatedLength + sealedKeyLength),
  }))
  const signature = reader.take(signatureLength)
  reader.end()
  const made = membership.members.find(({ seat }) => seat === author)?.identity.signingKey ?? new Uint8Array()
  const body = record.subarray(0, record.length - signatureLength)
  if (!(await isSigned('mailbox-key', concatBytes(locator, body), signature, made))) {
    throw new RangeError('mailbox key: is signed by a member')
  }
  const mine = sealed.find(({ seat }) => seat === me)
  if (mine === undefined) throw new RangeError('mailbox key: is sealed for us')
  const context = { info: infoOf(locator), aad: uint16(me) }
  const key = await open(identity.encryption, mine.key, context).catch(() => undefined)
  if (key?.length !== keyLength) throw new RangeError('mailbox key: opens under our key')
  return mailboxOf(key, locator)
}

/** @param key 32 bytes, overwritten */
async function mailboxOf(key: Uint8Array, locator: Uint8Array): Promise<Mailbox> {
  const derive = (what: string) => hkdf(sha256, key, locator, utf8ToBytes(`quorate/mailbox/${what}/1`), 32)
  const access = derive('access')
  const entries = new Uint8Array(derive('entries'))
  key.fill(0)
  try {
    return {
      locator,
      id: sha256(access),
      access,
      key: await crypto.subtle.importKey('raw', entries, 'AES-GCM', false, ['encrypt', 'decrypt']),
    }
  } finally {
    entries.fill(0)
  }
}

function infoOf(locator: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(utf8ToBytes('quorate/mailbox-key/1\0'), locator))
}
