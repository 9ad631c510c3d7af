import { sameBytes } from '../../tss-wasm/bytes.ts'
import { isSignedOrder, signingTasks, type SigningOrder } from '../../tss-wasm/content/signing.ts'
import { ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { type Agreed, type Roster, verifyAgreedRoster } from '../../tss-wasm/identity/roster.ts'
import { isOfScheme, isPresign, isRun, type Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import { confirmationsIn } from './sessionParts.ts'

/**
 * Why a session that the coordinator calls completed has ended for a party that has not confirmed: the others have signed,
 * if the creator's roster, their confirmations and the signature in them show it. Otherwise it is the coordinator's word,
 * and says nothing of what was signed.
 */
export async function completedWithoutUs(session: Session, proposal: Proposal, agreed: Agreed): Promise<ProtocolAbort> {
  const isShown = await isSignedByOthers(session, proposal, agreed).catch(() => false)
  if (isShown) return refused('signed-by-others', 'completed without this party')
  const detail = 'the session is completed, it says, and does not show by whom'
  return new ProtocolAbort({ kind: 'refused', what: 'coordinator', code: 'unspecified', detail })
}

/** @throws ProtocolAbort for a roster or a confirmation that is not signed as it must be */
async function isSignedByOthers(session: Session, proposal: Proposal, agreed: Agreed): Promise<boolean> {
  if (proposal.kind !== 'sign') return false // without us there is no new wallet
  const roster = await verifyAgreedRoster(session.roster, session.rosterSignature, agreed)
  const result = await resultOf(session, roster)
  // Of a request its signers vouch for the result: whoever has read the request holds the signature against it. Likewise of a
  // key of another scheme, whose arithmetic stays with the engine.
  return isRun(proposal) || isPresign(proposal) || isOfScheme(proposal)
    ? result.length > 0
    : isSignature(proposal, result)
}

/** What everybody in the roster has confirmed. @throws ProtocolAbort */
async function resultOf(session: Session, roster: Roster): Promise<Uint8Array> {
  const confirmations = confirmationsIn(session, roster)
  const results = await Promise.all(
    roster.seats.map(async ({ seat }) => {
      const { result } = await verifyConfirmation(confirmations.get(seat) ?? new Uint8Array(), roster, seat)
      return result
    }),
  )
  const [first = new Uint8Array()] = results
  return results.every((result) => sameBytes(result, first)) ? first : new Uint8Array()
}

/** One signature is confirmed itself, and verifies; of several at once their hash is, which the signers vouch for. */
function isSignature(order: SigningOrder, result: Uint8Array): boolean {
  const tasks = signingTasks(order)
  if (tasks.length > 1) return result.length === 32
  const [r, s] = [result.slice(0, 32), result.slice(32, 64)]
  return result.length === 65 && isSignedOrder(tasks, [{ r, s, recovery: result[64] ?? 0 }])
}
