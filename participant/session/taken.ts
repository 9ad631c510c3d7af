import type { Identity, PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { Agreed } from '../../tss-wasm/identity/roster.ts'
import type { Statement, Terms } from '../../tss-wasm/identity/terms.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import { sessionBytes } from './handshake.ts'

/** What a seat stands on; all of it verified where it can be. */
export interface Taken {
  readonly session: Session
  readonly me: PartyId
  readonly identity: Identity
  readonly joinToken: string
  /** Which of this identity's programs we are (client.ts). */
  readonly client: Uint8Array
  readonly proposal: Proposal
  readonly proposalBytes: Uint8Array
  readonly creator: PublicIdentity
  /** What we said in the hand-shake. */
  readonly terms: Terms
  /** What we have committed to there for the check code; empty when signing. Leaves us once the roster is verified. */
  readonly codeNonce: Uint8Array
  /** What the creator said when we looked: it says nothing else later. */
  readonly creatorHandshake: Statement
}

/** What every roster of this session must be of. */
export function agreedIn({ session, proposalBytes, creator }: Taken): Agreed {
  return { session: sessionBytes(session.sessionId), proposal: proposalBytes, creator }
}
