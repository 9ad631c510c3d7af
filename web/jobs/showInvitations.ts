import type { CreatorSeat } from '../../participant/session/seat.ts'
import { invitationLink } from '../../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Host, Watch } from './ceremony.ts'

/**
 * Shows the open invitations of a session, now and after each that its host takes back.
 * @param app where the app is served: what links begin with
 * @returns how many there are
 */
export function showInvitations(
  seat: CreatorSeat,
  { app, labelOf }: { readonly app: string; readonly labelOf: (seat: number) => string },
  watch: Watch,
  host: Host,
): number {
  const show = () => {
    const shown = [...seat.invitations.values()].map((invitation) => ({
      seat: invitation.seat,
      label: labelOf(invitation.seat),
      link: invitationLink(app, invitation),
      expiresAtMs: invitation.expiresAtMs,
    }))
    if (shown.length > 0) watch({ type: 'invitations', invitations: shown })
    return shown.length
  }
  host.hosting(async (target) => {
    await seat.revoke(target as PartyId)
    show()
  })
  return show()
}
