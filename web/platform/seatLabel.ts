import type { SeatLabel } from '../../participant/reshare/walletEpochs.ts'
import { partyLabel, type PinnedParty } from '../../participant/session/serverParties.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { WalletSeat } from './shareStore.ts'

export { partyLabel }

/**
 * What we call whom we know by keys, and by the name in the signed roster: server parties by what their operators call them,
 * people by their names, or by the first half of their fingerprints.
 */
export function labelByKeys(
  identity: PublicIdentity,
  serverParties: readonly PinnedParty[] = [],
  name = '',
): SeatLabel {
  const server = serverParties.find((party) => sameIdentity(party.identity, identity))
  if (server !== undefined) return { label: partyLabel(server), serverParty: server.name }
  return name === '' ? { label: fingerprint(identity).slice(0, 14) } : { label: name, name }
}

/** Of a seat, what it is called and no more. */
export function labelOf({ label, name, serverParty }: SeatLabel): SeatLabel {
  return { label, ...(name !== undefined && { name }), ...(serverParty !== undefined && { serverParty }) }
}

/** Anybody may take anybody's name: whoever shares one is told apart by the first letters of the fingerprint. */
export function toldApart(seats: readonly WalletSeat[]): readonly WalletSeat[] {
  return seats.map((seat) => {
    const isShared = seats.some(({ seat: other, label }) => other !== seat.seat && label === seat.label)
    return isShared ? { ...seat, label: `${seat.label} (${fingerprint(seat).slice(0, 4)})` } : seat
  })
}
