import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes } from '../bytes.ts'
import { refused } from '../failure.ts'
import { encodeProposal, type SignProposal } from './proposal.ts'
import { userShareMagic } from './userShareHead.ts'

const magic = utf8ToBytes('quorate-share-order\0')
const version = 1

/** What a user sends a share for: one proposal in one session, whatever whoever passes it on makes of it. */
export interface ShareOrder {
  /** 16 bytes */
  readonly session: Uint8Array
  readonly proposal: SignProposal
}

/**
 * What the user encrypts to the key of a call: magic ‖ version (1) ‖ session (16) ‖ SHA-256 of the proposal (32) ‖ share.
 * The share goes in the same ciphertext, so nobody can take it out of one order and put it into another.
 * @param share as it was given to the user
 * @throws ProtocolAbort for a proposal that the others would refuse
 */
export function writeShareOrder({ session, proposal }: ShareOrder, share: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(magic, Uint8Array.of(version), session, hashOf({ session, proposal }), share))
}

/**
 * The share, if it was sent for this and nothing else. A view of `bytes`: who reads it overwrites it.
 * @throws ProtocolAbort `refused`; `bytes` are overwritten then
 */
export function readShareOrder(bytes: Uint8Array, wanted: ShareOrder): Uint8Array {
  try {
    // The share alone, as it was sent before there were orders.
    if (sameBytes(bytes.subarray(0, userShareMagic.length), userShareMagic)) {
      throw refused('user-share', 'user_share: it does not say what it is for; send it in an order of version 1')
    }
    const reader = new ByteReader(bytes)
    if (!sameBytes(reader.take(magic.length), magic)) throw refused('user-share', 'user_share: it is no order')
    if (reader.uint8() !== version) {
      throw refused('user-share', 'user_share: it is an order of a version this program does not know')
    }
    if (!sameBytes(reader.take(16), wanted.session)) {
      throw refused('user-share', 'user_share: it was sent for another session')
    }
    if (!sameBytes(reader.take(32), hashOf(wanted))) {
      throw refused('user-share', 'user_share: it was sent to sign something else')
    }
    return bytes.subarray(magic.length + 1 + 16 + 32)
  } catch (error) {
    bytes.fill(0)
    throw error instanceof RangeError ? refused('user-share', `user_share: it is damaged: ${error.message}`) : error
  }
}

function hashOf({ session, proposal }: ShareOrder): Uint8Array {
  return sha256(encodeProposal(proposal, session))
}
