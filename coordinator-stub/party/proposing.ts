import { epochsOf } from '../../participant/reshare/recordedEpochs.ts'
import { reshareProposal } from '../../participant/reshare/proposal.ts'
import type { OfferedSeat } from '../../participant/session/newSession.ts'
import { inSeat, leavingWhen } from '../../participant/session/inSeat.ts'
import type { CreatorSeat, Seat } from '../../participant/session/seat.ts'
import type { Settled } from '../../participant/reshare/settleEpochs.ts'
import type { ReshareReason } from '../../tss-wasm/identity/reshareProposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { reshareShares, sealedWith } from './resharing.ts'
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
async function proposeShares(
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

/** What whoever proposes new shares does on the way. */
interface Proposing {
  /** Ends the proposal, as long as its run has not begun. */
  readonly signal: AbortSignal
  readonly onProposed: (seat: CreatorSeat) => void
  /** Resolves once whoever has to approves. */
  readonly approved: (seat: CreatorSeat) => Promise<void>
}

/**
 * Proposes new shares, and takes part in making them. Server parties answer by their policies, people are asked in the app;
 * the shares in use sign until everybody has confirmed, and go on where somebody does not come.
 * @throws ProtocolAbort
 */
export async function reshareAsProposed(
  ports: SessionPorts,
  wallet: PartyWallet,
  wanted: NewShares,
  { signal, onProposed, approved }: Proposing,
): Promise<Settled> {
  await using seat = await proposeShares(ports, wallet, wanted)
  using leaving = leavingWhen(signal, seat)
  onProposed(seat)
  using run = new DisposableStack()
  return await inSeat(seat, () =>
    reshareShares(ports, seat, wallet, {
      approved: () => approved(seat),
      onStart() {
        run.use(ports.underWay.enter())
        leaving[Symbol.dispose]()
      },
      start: () => seat.start(),
    }),
  )
}

/** Resolves when all people but us, who proposed it, have approved. @throws ProtocolAbort when the session ends before */
export async function approvedByOthers(seat: Seat): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  seat.watchPresence((participants) => {
    const people = participants.filter((each) => each.seat !== seat.me && each.serverParty === '')
    if (people.every(({ state }) => state !== 'invited' && state !== 'joined')) resolve(undefined)
  })
  const stop = seat.ended(reject)
  await promise.finally(stop)
}
