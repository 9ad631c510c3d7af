import { concatBytes } from '@noble/hashes/utils.js'
import { uint16 } from '../bytes.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import type { Identity, PublicIdentity } from './identity.ts'
import { rosterHash, type Roster } from './roster.ts'
import { isSigned, signed } from './signed.ts'

/**
 * "I have seen this roster, its check code was compared where people take part, and I am ready": 64 bytes, over the seat
 * and the roster's hash. Nobody says a word of the protocol before everybody has approved the very same roster.
 */
export async function signApproval(
  roster: Roster,
  seat: PartyId,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  return signed('approval', approvalBytes(roster, seat), identity)
}

/** @throws ProtocolAbort misbehaviour of nobody in particular: the coordinator may have left it out */
export async function verifyApprovals(roster: Roster, approvals: ReadonlyMap<PartyId, Uint8Array>): Promise<void> {
  for (const { seat, identity } of roster.seats) {
    const approval = approvals.get(seat) ?? new Uint8Array()
    if (!(await isSigned('approval', approvalBytes(roster, seat), approval, identity.signingKey))) {
      throw misbehaviour([], 'roster is approved by everybody', `party ${seat}`)
    }
  }
}

/**
 * "I have not confirmed this run and never will": shows the others that nobody can have all confirmations. A party signs
 * it only when its own confirmation has certainly never left it.
 */
export async function signWithdrawal(
  roster: Roster,
  seat: PartyId,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  return signed('withdrawal', approvalBytes(roster, seat), identity)
}

export function isWithdrawn(
  roster: Roster,
  seat: PartyId,
  withdrawal: Uint8Array,
  { signingKey }: PublicIdentity,
): Promise<boolean> {
  return isSigned('withdrawal', approvalBytes(roster, seat), withdrawal, signingKey)
}

function approvalBytes(roster: Roster, seat: PartyId): Uint8Array {
  return concatBytes(rosterHash(roster), uint16(seat))
}
