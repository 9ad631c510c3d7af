import type { SessionPreview } from '../../participant/session/sessionPreview.ts'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import { mustFollow } from '../../participant/reshare/follows.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { type Roster, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { labelByKeys, labelOf } from '../platform/seatLabel.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { recordedEpochs } from '../platform/walletEpochs.ts'
import { inSeat, takeSeat } from '../../participant/session/inSeat.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import { awaiting, compareCodes, type Person, type Watch } from './ceremony.ts'
import { identityIn } from './identities.ts'
import { makeNewShare } from './makeNewShare.ts'
import type { Ports } from './ports.ts'
import { openShare, passphraseKey } from './unlock.ts'

/** Another member of one of our wallets proposes new shares, and asks us for our part. */
export interface ReshareRequest {
  /** What was seen, is shown, and is joined: nothing is asked again. */
  readonly seen: SessionPreview
  readonly wallet: WalletRecord
  readonly proposal: ReshareProposal
  /** Who proposes it, by the identity pinned in the wallet. */
  readonly from: WalletSeat
  /** Whether we hold a share afterwards. */
  readonly weStay: boolean
  /** Members of now that hold none afterwards, as the proposal has it. */
  readonly leaving: readonly WalletSeat[]
  readonly expiresAtMs: number
}

/** The request in a session to reshare that is offered to us, or undefined where it is not for a wallet of ours. */
export async function readReshareRequest(
  ports: Pick<Ports, 'shares'>,
  seen: SessionPreview,
): Promise<ReshareRequest | undefined> {
  const { proposal, creator, me, expiresAtMs } = seen
  if (proposal.kind !== 'reshare') return undefined
  const wallet = (await ports.shares.list()).find(
    ({ state, publicKey }) => state === 'active' && sameBytes(publicKey, proposal.publicKey),
  )
  const from = wallet?.seats.find((seat) => sameIdentity(seat, creator))
  const ours = proposal.dealers.find(({ seat }) => seat === me)
  if (wallet === undefined || from === undefined || ours?.from !== wallet.mySeat) return undefined
  mustFollow(recordedEpochs(wallet), proposal)
  const stays = (member: WalletSeat) =>
    proposal.dealers.some(({ seat, from: old }) => old === member.seat && seat <= proposal.parties)
  const leaving = wallet.seats.filter((member) => !stays(member))
  return { seen, wallet, proposal, from, weStay: me <= proposal.parties, leaving, expiresAtMs }
}

export interface JoiningReshare {
  readonly request: ReshareRequest
  /** By which new seats of server parties are told apart from people's. */
  readonly serverParties: readonly PinnedParty[]
  /** UTF-8. Opens the share we have, and seals the new one; overwritten in any case. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

/**
 * Our part in new shares that another member has proposed. The share is opened before anybody is told.
 * @returns the wallet as it is then
 * @throws ProtocolAbort; the shares in use sign as before
 */
export async function joinReshare(
  ports: Ports,
  { request, serverParties, passphrase }: JoiningReshare,
  watch: Watch,
  signal: AbortSignal,
  person: Person,
): Promise<WalletRecord> {
  const { seen, wallet, weStay } = request
  using key = passphraseKey(passphrase)
  watch({ type: 'step', step: 'unlocking' })
  using engine = ports.startEngine()
  const sealedShare = await unlessCancelled(signal, openShare(ports, engine, wallet, key))
  const identity = await unlessCancelled(signal, identityIn(ports, wallet))
  watch({ type: 'step', step: 'preparing' })
  using reserved = new DisposableStack()
  if (weStay) reserved.use(await unlessCancelled(signal, ports.preparation.reserve(signal)))

  watch({ type: 'step', step: 'joining' })
  await using seat = await takeSeat(signal, ports.coordinator.join(seen, { identity }))
  return await inSeat(seat, async () => {
    const starting = awaiting(ports, seat, [], watch, async () => {
      const members = membersIn(await seat.agreed(), wallet, serverParties)
      await compareCodes(seat, members, person, watch)
      await seat.markReady()
      return { roster: await seat.started(), members }
    })
    const { roster, members } = await unlessCancelled(signal, starting)
    const share = {
      identity,
      roster,
      sealedIdentity: wallet.sealedIdentity,
      engine,
      walletName: wallet.name,
      createdAtMs: wallet.createdAtMs,
      dealing: { sealedShare, opening: key.opening() },
      sealing: weStay ? key.sealing() : undefined,
      members,
    }
    return makeNewShare(ports, seat, share, watch, signal)
  })
}

/** Members keep what they are called here. */
function membersIn(roster: Roster, wallet: WalletRecord, serverParties: readonly PinnedParty[]): readonly WalletSeat[] {
  return roster.seats.map(({ seat, identity }) => {
    const { signingKey, encryptionKey } = identity
    const member = wallet.seats.find((each) => sameIdentity(each, identity))
    const called = member === undefined ? labelByKeys(identity, serverParties) : labelOf(member)
    return { seat, signingKey, encryptionKey, ...called }
  })
}
