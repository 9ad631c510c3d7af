import { inSeat, takeSeat } from '../../participant/session/inSeat.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { OfferedSeat } from '../../participant/session/newSession.ts'
import { partyLabel, type PinnedParty } from '../../participant/session/serverParties.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import { mostParties } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { toldApart } from '../platform/seatLabel.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { awaiting, compareCodes, type Host, type Watch } from './ceremony.ts'
import { erasing } from './erasing.ts'
import { makeShare } from './makeShare.ts'
import type { Ports } from './ports.ts'
import { type AppPlace, showInvitations } from './showInvitations.ts'

export { mostParties }

export interface NewWalletForm {
  readonly name: string
  /** What we call ourselves, for all members to see; left out or empty: nothing. */
  readonly myName?: string
  /** t: how many parties sign. */
  readonly threshold: number
  /** Seats 2 and on; seat 1 is ours. */
  readonly serverParties: readonly PinnedParty[]
  /** UTF-8. Handed to the worker, overwritten in any case. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

export interface InvitingForm extends NewWalletForm, AppPlace {
  /** One for each invited person, by what we call them; the seats after the server parties'. */
  readonly people: readonly string[]
  /** How long the invitations hold and everybody has to come: at most 24 hours. */
  readonly lifeSeconds: number
}

const mySeat = 1 as PartyId

/** Creates a wallet together with server parties. @throws ProtocolAbort */
export function createWallet(
  ports: Ports,
  form: NewWalletForm,
  watch: Watch,
  signal: AbortSignal,
): Promise<WalletRecord> {
  const nobody: Host = { hosting: () => undefined, codesMatch: () => Promise.resolve(true) }
  return inviteAndCreate(ports, { ...form, people: [], lifeSeconds: 0, app: '' }, watch, signal, nobody)
}

/**
 * Creates a wallet together with any mix of server parties, which are pinned, and people, who come by invitation. Each
 * invitation seats one identity that shows it knows the seat's secret; when people take part, all compare a check code
 * before a word of the protocol is said.
 * @throws ProtocolAbort
 */
export async function inviteAndCreate(
  ports: Ports,
  form: InvitingForm,
  watch: Watch,
  signal: AbortSignal,
  host: Host,
): Promise<WalletRecord> {
  using passphrase = erasing(form.passphrase)
  watch({ type: 'step', step: 'preparing' })
  const identity = await unlessCancelled(signal, ports.identity.load())
  using reserved = new DisposableStack()
  reserved.use(await unlessCancelled(signal, ports.preparation.reserve(signal)))

  watch({ type: 'step', step: 'joining' })
  const { name: walletName, myName = '', threshold, serverParties, people, lifeSeconds } = form
  const parties = 1 + serverParties.length + people.length
  const keygen = { kind: 'keygen', walletName, threshold, parties, curve: 'secp256k1' } as const
  // A server party of an earlier version knows no names: then nobody says one.
  const proposal = serverParties.every(({ names }) => names === true) ? { ...keygen, names: true as const } : keygen
  const others = offeredSeats(form)
  const opening = ports.coordinator.create({ identity, name: myName, proposal, threshold, mySeat, others, lifeSeconds })
  await using seat = await takeSeat(signal, opening) // leaves the session, however we exit

  return await inSeat(seat, async () => {
    const invited = showInvitations(seat, { ...form, labelOf: (at) => labelOf(form, at) }, watch, host)
    const awaited = others.filter(({ pinned }) => pinned !== undefined).map((other) => other.seat)
    const starting = awaiting(ports, seat, awaited, watch, async (nowUpToThem) => {
      const roster = await seat.propose() // once everybody has come, however long people take
      nowUpToThem()
      const seats = walletSeats(roster, form)
      if (invited > 0) await compareCodes(seat, seats, host, watch)
      await seat.markReady()
      return { roster: await seat.start(), seats }
    })
    const { roster, seats } = await unlessCancelled(signal, starting)
    const share = { identity, roster, walletName, seats, passphrase: passphrase.bytes }
    return makeShare(ports, seat, share, watch, signal)
  })
}

function offeredSeats({ serverParties, people }: InvitingForm): OfferedSeat[] {
  const pinned = serverParties.map(({ name, identity }) => ({ serverParty: name, pinned: identity }))
  const invited = people.map(() => ({ serverParty: '' }))
  return [...pinned, ...invited].map((offered, i) => ({ ...offered, seat: (2 + i) as PartyId }))
}

function labelOf({ serverParties, people }: InvitingForm, seat: number): string {
  return [...serverParties.map(partyLabel), ...people][seat - 2] ?? ''
}

function walletSeats(roster: Roster, form: InvitingForm): readonly WalletSeat[] {
  const seats = roster.seats.map(({ seat, identity: { signingKey, encryptionKey }, name = '' }): WalletSeat => {
    const serverParty = form.serverParties[seat - 2]?.name
    const label = seat === mySeat ? (form.myName ?? '') || form.name : labelOf(form, seat)
    const known = { seat, signingKey, encryptionKey, label }
    if (serverParty !== undefined) return { ...known, serverParty }
    return name === '' ? known : { ...known, name }
  })
  return toldApart(seats)
}
