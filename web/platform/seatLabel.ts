import type { SeatLabel } from '../../participant/reshare/walletEpochs.ts'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'

/** What we call whom we know by keys only: server parties by their pinned names, people by the first half of their fingerprint. */
export function labelByKeys(identity: PublicIdentity, serverParties: readonly PinnedParty[] = []): SeatLabel {
  const server = serverParties.find((party) => sameIdentity(party.identity, identity))
  if (server !== undefined) return { label: server.name, serverParty: server.name }
  return { label: fingerprint(identity).slice(0, 14) }
}

/** Of a seat, what it is called and no more. */
export function labelOf({ label, serverParty }: SeatLabel): SeatLabel {
  return serverParty === undefined ? { label } : { label, serverParty }
}
