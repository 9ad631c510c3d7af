import { verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import { confirmationsIn } from './sessionParts.ts'

/** What those in the roster have confirmed, without whatever they have not signed. */
export async function signedConfirmationsIn(
  session: Session,
  roster: Roster,
): Promise<ReadonlyMap<PartyId, Uint8Array>> {
  const signed = new Map<PartyId, Uint8Array>()
  for (const [party, confirmation] of confirmationsIn(session, roster)) {
    const isSigned = await verifyConfirmation(confirmation, roster, party).then(
      () => true,
      () => false,
    )
    if (isSigned) signed.set(party, confirmation)
  }
  return signed
}
