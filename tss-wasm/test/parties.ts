import { sha256 } from '@noble/hashes/sha2.js'
import { codeCommitment } from '../identity/checkCode.ts'
import { createIdentity, type Identity } from '../identity/identity.ts'
import { protocolVersion } from '../identity/json.ts'
import { encodeProposal, type Proposal } from '../identity/proposal.ts'
import type { Roster } from '../identity/roster.ts'
import type { SigningProtocol } from '../identity/signingProtocol.ts'
import { systemRandom } from '../random.ts'
import type { PartyId } from '../partyId.ts'
import { seats } from './network.ts'

/** Everybody's identity and the roster they agreed on. */
export interface Company {
  readonly identities: ReadonlyMap<PartyId, Identity>
  readonly roster: Roster
  readonly proposal: Uint8Array<ArrayBuffer>
}

export async function company(threshold: number, parties: number): Promise<Company> {
  const identities = new Map<PartyId, Identity>()
  for (const seat of seats(parties)) identities.set(seat, await createIdentity())
  return gather(identities, threshold, { kind: 'keygen', walletName: 'Test', threshold, parties, curve: 'secp256k1' })
}

/** A new session of parties that have their identities: party 1, or the first of them, creates it. */
export function gather(
  identities: ReadonlyMap<PartyId, Identity>,
  threshold: number,
  agreed: Proposal,
  signing?: SigningProtocol,
): Company {
  const session = systemRandom(16)
  const proposal = encodeProposal(agreed, session)
  const [creator] = identities.keys()
  if (creator === undefined) throw new Error('nobody is here')
  const roster: Roster = {
    protocol: protocolVersion,
    kind: agreed.kind,
    session,
    run: systemRandom(16),
    threshold,
    proposalHash: sha256(proposal),
    creator,
    ...(signing && { signing }),
    seats: [...identities].map(([seat, identity]) => ({
      seat,
      identity: identity.public,
      ...(agreed.kind !== 'sign' && { codeCommitment: codeCommitment(session, seat, codeNonceOf(seat)) }),
    })),
  }
  return { identities, roster, proposal }
}

/** What the party in this seat has committed to for the check code. */
export function codeNonceOf(seat: PartyId): Uint8Array {
  return new Uint8Array(32).fill(seat)
}

export function identityOf({ identities }: Company, seat: PartyId): Identity {
  const identity = identities.get(seat)
  if (identity === undefined) throw new Error(`party ${seat} is not in the company`)
  return identity
}
