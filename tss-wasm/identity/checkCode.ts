import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes, uint16 } from '../bytes.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import type { Identity } from './identity.ts'
import { rosterHash, type Roster } from './roster.ts'
import { isSigned, signatureLength, signed } from './signed.ts'

/**
 * The check code: twelve digits that people compare before anybody approves a new wallet's roster (SPEC 7).
 * Each party commits to a nonce in its hand-shake, the roster fixes all commitments, and only a party that has verified the
 * whole roster opens its nonce. Whoever shows two people two rosters has fixed both before it learns a nonce of either, so
 * it has one guess, and no use for any amount of computing.
 */
export const nonceLength = 32

const label = utf8ToBytes('quorate/code/2')

/** c = SHA-256("quorate/code/2" ‖ session (16) ‖ seat (2) ‖ nonce (32)). */
export function codeCommitment(session: Uint8Array, seat: PartyId, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  if (session.length !== 16 || nonce.length !== nonceLength) throw new Error('a session has 16 bytes, a nonce 32')
  return new Uint8Array(sha256(concatBytes(label, session, uint16(seat), nonce)))
}

/** nonce (32) ‖ signature (64) over roster hash ‖ seat ‖ nonce. Only for a roster that is verified, and for no other. */
export async function openCode(
  roster: Roster,
  seat: PartyId,
  nonce: Uint8Array,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(concatBytes(nonce, await signed('code-opening', openingBytes(roster, seat, nonce), identity)))
}

/**
 * The code that this roster and everybody's openings of it make.
 * @throws ProtocolAbort misbehaviour: of the party that opens something else than it committed to; of nobody in particular
 * where its signature is not there, because the coordinator may have taken it away
 */
export async function verifiedCheckCode(roster: Roster, openings: ReadonlyMap<PartyId, Uint8Array>): Promise<string> {
  const nonces: Uint8Array[] = []
  for (const { seat, identity, codeCommitment: committed } of roster.seats) {
    const opening = openings.get(seat) ?? new Uint8Array()
    const nonce = opening.subarray(0, nonceLength)
    const signature = opening.subarray(nonceLength)
    const isWhole = opening.length === nonceLength + signatureLength
    if (
      !isWhole ||
      !(await isSigned('code-opening', openingBytes(roster, seat, nonce), signature, identity.signingKey))
    )
      throw misbehaviour([], 'check code opening is signed by its party', `party ${seat}`)
    if (committed === undefined || !sameBytes(committed, codeCommitment(roster.session, seat, nonce)))
      throw misbehaviour([seat], 'check code opening is what its party committed to')
    nonces.push(nonce)
  }
  return checkCode(rosterHash(roster), nonces)
}

/**
 * The first 40 bits of SHA-256("quorate/code/2" ‖ roster hash ‖ nonces in the order of seats), modulo 10^12: twelve digits
 * in three groups. No code comes with a probability above 2^-39.
 */
export function checkCode(hashOfRoster: Uint8Array, nonces: readonly Uint8Array[]): string {
  const bits = sha256(concatBytes(label, hashOfRoster, ...nonces)).subarray(0, 5)
  const digits = (BigInt(`0x${bytesToHex(bits)}`) % 10n ** 12n).toString().padStart(12, '0')
  return digits.replace(/.{4}(?!$)/g, '$& ')
}

function openingBytes(roster: Roster, seat: PartyId, nonce: Uint8Array): Uint8Array {
  return concatBytes(rosterHash(roster), uint16(seat), nonce)
}
