import { reshareProposal } from '../../participant/reshare/proposal.ts'
import type { OfferedSeat } from '../../participant/session/newSession.ts'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { Dealer, ReshareReason } from '../../tss-wasm/identity/reshareProposal.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { inSeat, takeSeat } from '../../participant/session/inSeat.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import { awaiting, compareCodes, type Host, type Watch } from './ceremony.ts'
import { identityIn } from './identities.ts'
import { makeNewShare } from './makeNewShare.ts'
import type { Ports } from './ports.ts'
import { type AppPlace, showInvitations } from './showInvitations.ts'
import { openShare, passphraseKey } from './unlock.ts'

/** One place in the new epoch. */
export type NewPlace =
  /** Who holds a share now, and goes on. */
  | { readonly kind: 'stays'; readonly seat: WalletSeat }
  | { readonly kind: 'server'; readonly party: PinnedParty }
  /** Comes by invitation; what we call them. */
  | { readonly kind: 'invited'; readonly label: string }

export interface ReshareForm extends AppPlace {
  readonly wallet: WalletRecord
  readonly reason: ReshareReason
  /** t': how many sign afterwards. */
  readonly threshold: number
  /** Seats 1 to n' of the new epoch, in this order. We are among those who stay, or who leave. */
  readonly places: readonly NewPlace[]
  /** Members who deal and receive nothing: their place is given away with their help. */
  readonly leaving: readonly WalletSeat[]
  /** UTF-8. Opens the share we have, and seals the new one; overwritten in any case. */
  readonly passphrase: Uint8Array<ArrayBuffer>
  readonly lifeSeconds: number
}

/**
 * Gives the shares of a wallet to new holders: the key and its addresses stay (RESHARING 4). At least t members deal, all new
 * members are there. Nothing of the shares in use is changed before everybody has confirmed; what an interruption leaves is
 * settled when the app opens again.
 * @returns the wallet as it is then
 * @throws ProtocolAbort
 */
export async function reshareWallet(
  ports: Ports,
  form: ReshareForm,
  watch: Watch,
  signal: AbortSignal,
  host: Host,
): Promise<WalletRecord> {
  const { wallet, threshold, places, lifeSeconds } = form
  using key = passphraseKey(form.passphrase)
  watch({ type: 'step', step: 'unlocking' })
  using engine = ports.startEngine()
  const sealedShare = await unlessCancelled(signal, openShare(ports, engine, wallet, key))
  const identity = await unlessCancelled(signal, identityIn(ports, wallet))
  const known = await ports.shares.epochs.read(wallet.walletId)
  if (known?.current === undefined) throw refused('share-missing', 'it is not in the storage of this device')
  const old = await engine.oldShares({
    sealedShare,
    opening: key.opening(),
    used: [known.highest],
    parties: places.length,
  })

  const weStay = places.some((place) => place.kind === 'stays' && place.seat.seat === wallet.mySeat)
  watch({ type: 'step', step: 'preparing' })
  using reserved = new DisposableStack()
  if (weStay) reserved.use(await unlessCancelled(signal, ports.preparation.reserve(signal)))
  watch({ type: 'step', step: 'joining' })
  const seats = seatsOf(form)
  const { name: walletName, publicKey } = wallet
  const wish = { walletName, publicKey, reason: form.reason, threshold, parties: places.length }
  const proposal = reshareProposal(known.current, known, old, { ...wish, dealers: dealersOf(seats) })
  const mySeat = seats.find(({ old: seat }) => seat?.seat === wallet.mySeat)?.offered.seat
  if (mySeat === undefined) throw new Error('whoever proposes takes part')
  const others = seats.map(({ offered }) => offered).filter(({ seat }) => seat !== mySeat)
  const opening = ports.coordinator.create({ identity, proposal, threshold, mySeat, others, lifeSeconds })
  await using seat = await takeSeat(signal, opening) // leaves the session, however we exit

  return await inSeat(seat, async () => {
    const labelOf = (at: number) => seats[at - 1]?.label ?? ''
    showInvitations(seat, { ...form, labelOf }, watch, host)
    const withPeople = others.some(({ serverParty }) => serverParty === '')
    const awaited = others.filter(({ serverParty }) => serverParty !== '').map((other) => other.seat)
    const starting = awaiting(ports, seat, awaited, watch, async (nowUpToThem) => {
      const members = labelled(await seat.propose(), seats)
      nowUpToThem()
      if (withPeople) await compareCodes(seat, members, host, watch)
      await seat.markReady()
      return { roster: await seat.start(), members }
    })
    const { roster, members } = await unlessCancelled(signal, starting)
    return makeNewShare(
      ports,
      seat,
      {
        identity,
        roster,
        engine,
        sealedIdentity: wallet.sealedIdentity,
        walletName: wallet.name,
        createdAtMs: wallet.createdAtMs,
        dealing: { sealedShare, opening: key.opening() },
        sealing: weStay ? key.sealing() : undefined,
        members,
      },
      watch,
      signal,
    )
  })
}

interface SeatInSession {
  readonly offered: OfferedSeat
  /** Its place in the epoch before, if it has one. */
  readonly old?: WalletSeat
  readonly label: string
}

/** New places first, in their order, then those who only deal. */
function seatsOf({ places, leaving }: ReshareForm): readonly SeatInSession[] {
  const fresh = places.map((place): Omit<SeatInSession, 'offered'> & { readonly offer: Omit<OfferedSeat, 'seat'> } => {
    switch (place.kind) {
      case 'stays':
        return { old: place.seat, label: place.seat.label, offer: offerTo(place.seat) }
      case 'server':
        return { label: place.party.name, offer: { serverParty: place.party.name, pinned: place.party.identity } }
      case 'invited':
        return { label: place.label, offer: { serverParty: '' } }
    }
  })
  const dealing = leaving.map((seat) => ({ old: seat, label: seat.label, offer: offerTo(seat) }))
  return [...fresh, ...dealing].map(({ offer, ...known }, i) => ({
    ...known,
    offered: { ...offer, seat: (i + 1) as PartyId },
  }))
}

function offerTo({ serverParty = '', signingKey, encryptionKey }: WalletSeat): Omit<OfferedSeat, 'seat'> {
  return { serverParty, pinned: { signingKey, encryptionKey } }
}

function dealersOf(seats: readonly SeatInSession[]): Dealer[] {
  return seats.flatMap(({ offered, old }) =>
    old === undefined ? [] : [{ seat: offered.seat, from: old.seat as PartyId }],
  )
}

/** Everybody in the session, as they are called here. */
function labelled(roster: Roster, seats: readonly SeatInSession[]): readonly WalletSeat[] {
  return roster.seats.map(({ seat, identity: { signingKey, encryptionKey } }) => {
    const { label = '', offered } = seats[seat - 1] ?? {}
    const known = { seat, signingKey, encryptionKey, label }
    return offered?.serverParty ? { ...known, serverParty: offered.serverParty } : known
  })
}
