import { epochsOf } from '../../participant/reshare/recordedEpochs.ts'
import { reshareProposal } from '../../participant/reshare/proposal.ts'
import type { OfferedSeat } from '../../participant/session/newSession.ts'
import type { CreatorSeat } from '../../participant/session/seat.ts'
import type { ReshareReason } from '../../tss-wasm/identity/reshareProposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { sealedWith } from './resharing.ts'
import type { SessionPorts } from './sessionPorts.ts'
import { namesOf, type PartyWallet } from './wallet.ts'

/** One place in the new epoch, as a party proposes it. */
type ProposedPlace =
  /** Who holds this seat now, and goes on. */
  { readonly kind: 'stays'; readonly seat: PartyId } | { readonly kind: 'invited' }

interface NewShares {
  readonly reason: ReshareReason
  /** t' */
  readonly threshold: number
  /** Seats 1 to n' of the new epoch. Ours is among those who stay: a party gives its place away to nobody. */
  readonly places: readonly ProposedPlace[]
  readonly lifeSeconds: number
}

/**
 * Opens a session for new shares of a wallet of ours, as any member does: whoever is asked holds it against its own shares
 * and its own rules.
 * @throws ProtocolAbort
 */
export async function proposeShares(
  ports: SessionPorts,
  wallet: PartyWallet,
  { reason, threshold, places, lifeSeconds }: NewShares,
): Promise<CreatorSeat> {
  const { folder, coordinator, startEngine, label } = ports
  const known = epochsOf(wallet)
  if (known.current === undefined) throw new Error('only a member proposes new shares')
  using engine = startEngine()
  const old = await engine.oldShares({
    sealedShare: await folder.share(wallet.walletId),
    opening: sealedWith(folder),
    used: [known.highest],
    parties: places.length,
  })
  const dealers = places.flatMap((place, i) =>
    place.kind === 'stays' ? [{ seat: (i + 1) as PartyId, from: place.seat }] : [],
  )
  const { name: walletName, publicKey } = wallet
  const wish = { walletName, publicKey, reason, threshold, parties: places.length, dealers }
  const proposal = reshareProposal(known.current, known, old, wish)
  const mySeat = dealers.find(({ from }) => from === wallet.mySeat)?.seat
  if (mySeat === undefined) throw new Error('whoever proposes takes part')
  const names = namesOf(wallet)
  const offers = places.map((place, i): OfferedSeat => {
    const seat = (i + 1) as PartyId
    if (place.kind === 'invited') return { seat, serverParty: '' }
    const pinned = wallet.seats.find((each) => each.seat === place.seat)?.identity
    return { seat, serverParty: names.get(place.seat) ?? '', pinned }
  })
  return await coordinator.create({
    identity: folder.identity,
    proposal,
    threshold,
    mySeat,
    others: offers.filter(({ seat }) => seat !== mySeat),
    lifeSeconds,
    ...(label !== undefined && { name: label }),
  })
}
