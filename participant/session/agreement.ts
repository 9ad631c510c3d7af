import { sameBytes } from '../../tss-wasm/bytes.ts'
import { misbehaviour } from '../../tss-wasm/failure.ts'
import { signApproval, verifyApprovals } from '../../tss-wasm/identity/approval.ts'
import { openCode, verifiedCheckCode } from '../../tss-wasm/identity/checkCode.ts'
import { signReshareApproval, verifyReshareApprovals } from '../../tss-wasm/identity/reshareAgreement.ts'
import { encodeRoster, type Roster } from '../../tss-wasm/identity/roster.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import type { Agreement } from './run.ts'
import type { SeatCalls } from './seatCalls.ts'
import { approvalsIn, openingsIn } from './sessionParts.ts'
import type { SessionWatch } from './sessionWatch.ts'
import type { Taken } from './taken.ts'

// New shares: how everybody comes to agree on one roster (SPEC 8.1).

/** Opens our part of the check code and waits for everybody's. @throws ProtocolAbort misbehaviour */
export async function openCheckCode(
  { me, codeNonce, identity }: Taken,
  roster: Roster,
  calls: SeatCalls,
  watch: SessionWatch,
): Promise<string> {
  const opening = await openCode(roster, me, codeNonce, identity)
  await calls.openCode(opening)
  const all = await watch.until(({ participants }) => participants.every(({ codeOpening }) => codeOpening.length > 0))
  const openings = openingsIn(all)
  openings.set(me, opening) // our own word, not the coordinator's
  return verifiedCheckCode(roster, openings)
}

/** Our approval, as it is reported with being ready. */
export async function approve({ proposal, me, identity }: Taken, roster: Roster): Promise<Uint8Array> {
  if (proposal.kind === 'reshare') return signReshareApproval(proposal, roster, me, identity)
  return signApproval(roster, me, identity)
}

/** What everybody in this roster has approved, as `session` shows. @throws ProtocolAbort misbehaviour */
export async function approvedBy(session: Session, { proposal }: Taken, roster: Roster): Promise<Agreement> {
  const approvals = approvalsIn(session)
  if (proposal.kind === 'reshare')
    return { roster, handover: await verifyReshareApprovals(proposal, roster, approvals) }
  await verifyApprovals(roster, approvals)
  return { roster }
}

/** The same, of a session that has begun: with the roster that we have approved. @throws ProtocolAbort misbehaviour */
export async function begunWith(begun: Session, taken: Taken, approved: Roster): Promise<Agreement> {
  if (!sameBytes(begun.roster, encodeRoster(approved))) throw misbehaviour([], 'roster is the one that we approved')
  return approvedBy(begun, taken, approved)
}
