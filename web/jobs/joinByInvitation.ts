import { type CoordinatorCode, type Failure, failureIn, refused } from '../../tss-wasm/failure.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { inSeat, takeSeat } from '../../participant/session/inSeat.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { SessionPreview } from '../../participant/session/sessionPreview.ts'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { readInvitation, type Invitation, type ReadInvitation } from '../../tss-wasm/identity/invitation.ts'
import { originOf } from '../../tss-wasm/identity/pasted.ts'
import { curveOf, type KeygenProposal, type Proposal } from '../../tss-wasm/identity/proposal.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { type Roster, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import { labelByKeys, toldApart } from '../platform/seatLabel.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { awaiting, compareCodes, type Person, type Watch } from './ceremony.ts'
import { erasing } from './erasing.ts'
import { makeNewShare } from './makeNewShare.ts'
import { makeShare } from './makeShare.ts'
import type { Ports } from './ports.ts'

/** What an invitation is for: shown to the person before anything is joined. */
export interface InvitedTo {
  readonly invitation: Invitation
  /** What was seen, and is joined: nothing is asked again. */
  readonly seen: SessionPreview
  /** The wallet that we are to become a member of by new shares; undefined for a wallet that is to be made. */
  readonly existing: ExistingWallet | undefined
  readonly walletName: string
  /** t of n, as it will be */
  readonly threshold: number
  readonly parties: number
  readonly seat: number
  /** Of whoever invites, as the invitation itself says and the session's creator has shown. */
  readonly invitedBy: string
  /** What whoever invites calls itself, signed with that identity; empty for nothing. */
  readonly inviter: string
  readonly expiresAtMs: number
  /** Somebody has come with this invitation: we before, or somebody else. */
  readonly isTaken: boolean
}

export interface ExistingWallet {
  readonly walletId: string
  readonly publicKey: Uint8Array
  /** t of n before. */
  readonly threshold: number
  readonly parties: number
}

/**
 * Reads a pasted, scanned or opened invitation, and asks what it is for. Joins nothing.
 * @param app where this app is served
 * @param coordinator that it asks; a link of another one is refused
 * @throws ProtocolAbort
 */
export async function previewInvitation(
  ports: Ports,
  text: string,
  app: string,
  coordinator = app,
): Promise<InvitedTo> {
  const read = readInvitation(text, ports.now())
  if (!isOurs(read, app, coordinator))
    throw refused('invitation-elsewhere', `for another app (${coordinatorNamedBy(read) ?? ''})`)
  const { invitation } = read
  const seen = await previewed(ports, invitation)
  const { proposal, creator, creatorName, expiresAtMs, mySeatIsTaken } = seen
  const agreed = withNewShares(proposal)
  const { walletName, threshold, parties } = agreed
  return {
    invitation,
    seen,
    existing: agreed.kind === 'reshare' ? existingWallet(agreed) : undefined,
    walletName,
    threshold,
    parties,
    seat: invitation.seat,
    invitedBy: fingerprint(creator),
    inviter: creatorName,
    expiresAtMs,
    isTaken: mySeatIsTaken,
  }
}

/** Of a link that names no coordinator it is that of the app it leads to; of one that leads nowhere it is ours, we guess. */
function isOurs({ app: theirs, coordinator: named }: ReadInvitation, app: string, coordinator: string): boolean {
  const origin = (address: string) => originOf(address) ?? address
  if (named !== undefined) return named === origin(coordinator)
  return theirs === undefined || theirs === origin(app) || theirs === origin(coordinator)
}

function coordinatorNamedBy({ app, coordinator }: ReadInvitation): string | undefined {
  return coordinator ?? app
}

/** The coordinator that an invitation is for, as far as its link says; undefined for a text that is none. */
export function coordinatorOf(text: string, nowMs: number): string | undefined {
  try {
    return coordinatorNamedBy(readInvitation(text, nowMs))
  } catch {
    return undefined
  }
}

/** Nobody chooses a passphrase for a session that takes nobody any more. */
async function previewed(ports: Ports, invitation: Invitation): Promise<SessionPreview> {
  const seen = await ports.coordinator.preview(accessOf(invitation), 'joined').catch((error: unknown) => {
    const failure = failureIn(error)
    throw failure.kind === 'refused' && isOver(failure) ? refused('invitation-over', failure.detail) : error
  })
  if (seen.isCompleted) throw refused('invitation-used', 'completed')
  if (seen.isOver) throw refused('invitation-over', 'over')
  if (curveOf(seen.proposal) !== 'secp256k1')
    throw refused('declined', 'this app holds ECDSA keys, and the invitation is for a key of another scheme')
  return seen
}

type Refusal = Extract<Failure, { readonly kind: 'refused' }>

/** Others, such as that the coordinator has no room, say nothing of the invitation. */
function isOver(refusal: Refusal): boolean {
  if (refusal.what !== 'coordinator') return refusal.what === 'not-begun'
  return overCodes.includes(refusal.code)
}

const overCodes: readonly CoordinatorCode[] = [
  'token_invalid',
  'token_expired',
  'token_revoked',
  'no_such_session',
  'session_expired',
]

export interface Joining {
  readonly invitedTo: InvitedTo
  /** What we call ourselves, for all members to see; left out or empty: nothing. */
  readonly myName?: string
  /** By which seats of server parties are told apart from people's: pinned here, never the coordinator's word. */
  readonly serverParties: readonly PinnedParty[]
  /** UTF-8. Handed to the worker, overwritten in any case. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

/**
 * Takes the seat that an invitation is for, and makes the wallet, or new shares of it, with the others once the person has
 * compared the check code.
 * @throws ProtocolAbort
 */
export async function joinByInvitation(
  ports: Ports,
  { invitedTo, myName = '', serverParties, ...form }: Joining,
  watch: Watch,
  signal: AbortSignal,
  person: Person,
): Promise<WalletRecord> {
  using passphrase = erasing(form.passphrase)
  const { invitation, seen, walletName } = invitedTo
  watch({ type: 'step', step: 'preparing' })
  const identity = await unlessCancelled(signal, ports.identity.load())
  using reserved = new DisposableStack()
  reserved.use(await unlessCancelled(signal, ports.preparation.reserve(signal)))

  watch({ type: 'step', step: 'joining' })
  const opening = ports.coordinator.join(seen, { identity, name: myName, seatSecret: invitation.seatSecret })
  await using seat = await takeSeat(signal, opening) // leaves the session, however we exit

  return await inSeat(seat, async () => {
    const starting = awaiting(ports, seat, [], watch, async () => {
      const agreed = await seat.agreed()
      const seats = walletSeats(agreed, { identity: identity.public, label: myName || walletName }, serverParties)
      await compareCodes(seat, seats, person, watch)
      await seat.markReady()
      return { roster: await seat.started(), seats }
    })
    const { roster, seats } = await unlessCancelled(signal, starting)
    if (invitedTo.existing === undefined) {
      const share = { identity, roster, walletName, seats, passphrase: passphrase.bytes }
      return makeShare(ports, seat, share, watch, signal)
    }
    using engine = ports.startEngine()
    const sealing = { kind: 'passphrase', passphrase: passphrase.bytes } as const
    const share = { identity, roster, engine, walletName, createdAtMs: ports.now(), sealing, members: seats }
    return await makeNewShare(ports, seat, share, watch, signal)
  })
}

function accessOf({ session, joinToken, creator, seat }: Invitation) {
  return { sessionId: bytesToHex(session), joinToken, invitedBy: creator, seat }
}

function withNewShares(proposal: Proposal): KeygenProposal | ReshareProposal {
  if (proposal.kind === 'sign') throw refused('invitation-unreadable', 'not to a wallet')
  return proposal
}

function existingWallet({ publicKey, before }: ReshareProposal): ExistingWallet {
  const { threshold, members } = before
  return { walletId: walletIdOf(publicKey), publicKey, threshold, parties: members.length }
}

function walletSeats(
  roster: Roster,
  me: { readonly identity: PublicIdentity; readonly label: string },
  serverParties: readonly PinnedParty[],
): readonly WalletSeat[] {
  const seats = roster.seats.map(({ seat, identity, name = '' }): WalletSeat => {
    const { signingKey, encryptionKey } = identity
    const mine = { label: me.label, ...(name !== '' && { name }) }
    const called = sameIdentity(identity, me.identity) ? mine : labelByKeys(identity, serverParties, name)
    return { seat, signingKey, encryptionKey, ...called }
  })
  return toldApart(seats)
}
