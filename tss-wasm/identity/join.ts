import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes, uint16 } from '../bytes.ts'
import type { PartyId } from '../partyId.ts'
import type { PublicIdentity } from './identity.ts'

/** What an invited person binds together (ARCHITECTURE 2.2). */
export interface Join {
  /** 16 bytes */
  readonly session: Uint8Array
  readonly seat: PartyId
  readonly identity: PublicIdentity
  /** The bytes of the joiner's hand-shake (terms.ts): what it believes it is joining. */
  readonly terms: Uint8Array
}

/**
 * Shows the creator that whoever sits in the seat holds its invitation: HMAC-SHA256 under the 32-byte seat secret that
 * only the invitation carries. The coordinator never sees that secret, so it cannot seat itself.
 */
export function joinBinding(seatSecret: Uint8Array, { session, seat, identity, terms }: Join): Uint8Array {
  if (seatSecret.length !== 32 || session.length !== 16) throw new Error('seat secret is 32 bytes, session 16')
  const { signingKey, encryptionKey } = identity
  return hmac(
    sha256,
    seatSecret,
    concatBytes(utf8ToBytes('quorate/join/1\0'), session, uint16(seat), signingKey, encryptionKey, sha256(terms)),
  )
}

export function isJoinBound(binding: Uint8Array, seatSecret: Uint8Array, join: Join): boolean {
  return sameBytes(binding, joinBinding(seatSecret, join))
}
