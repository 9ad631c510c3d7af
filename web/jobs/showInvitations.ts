import type { CreatorSeat } from '../../participant/session/seat.ts'
import { invitationLink } from '../../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Host, Watch } from './ceremony.ts'

/** Where browsers find this app, and whom it asks. */
export interface AppPlace {
  /** Origin, as `https://wallet.example` */
  readonly app: string
  /** The origin of the coordinator, where it does not serve the app itself. */
  readonly coordinator?: string | undefined
}

/**
 * Shows the open invitations of a session, now and after each that its host takes back.
 * @param place where the app is served, which links begin with, and the coordinator where that is elsewhere
 * @returns how many there are
 */
export function showInvitations(
  seat: CreatorSeat,
  { app, coordinator, labelOf }: AppPlace & { readonly labelOf: (seat: number) => string },
  watch: Watch,
  host: Host,
): number {
  const show = () => {
    const shown = [...seat.invitations.values()].map((invitation) => ({
      seat: invitation.seat,
      label: labelOf(invitation.seat),
      link: invitationLink(app, invitation, coordinator),
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
