import { mustFollow } from '../../participant/reshare/follows.ts'
import { epochsOf } from '../../participant/reshare/recordedEpochs.ts'
import type { Settled } from '../../participant/reshare/settleEpochs.ts'
import { openAttempts } from '../../participant/reshare/walletEpochs.ts'
import type { Presence, Seat } from '../../participant/session/seat.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { type Roster, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { allowCreating, allowResharing, isRenewal, mayReshareNow, planValidMs } from './allow.ts'
import { planOf } from './askedPlans.ts'
import type { PartyFolder } from './folder.ts'
import type { Reservation } from './preparation.ts'
import type { SessionPorts } from './sessionPorts.ts'
import type { NamedParty, PartyWallet } from './wallet.ts'

/**
 * Whether this party takes part in a proposal to reshare: as a member, when the proposal follows from what it holds and its
 * policy allows it; as a party that is new to the wallet, when it makes wallets for whoever asks.
 * @returns the wallet, where it is one of ours
 * @throws ProtocolAbort `refused`
 */
export async function agreeToReshare(
  { folder, policy, plans, now, log }: Pick<SessionPorts, 'folder' | 'policy' | 'plans' | 'now' | 'log'>,
  proposal: ReshareProposal,
  { creator, me }: { readonly creator: PublicIdentity; readonly me: PartyId },
): Promise<PartyWallet | undefined> {
  const wallet = await folder.wallet(walletIdOf(proposal.publicKey))
  const { identity } = folder
  const member = proposal.before.members.findIndex((each) => sameIdentity(each.identity, identity.public))
  if (wallet === undefined || wallet.state === 'joining') {
    if (member >= 0) throw refused('share-missing', 'this party is a member of the wallet, and its share is not here')
    if (me > proposal.parties) throw refused('not-a-holder', 'this party holds no share of that wallet')
    allowCreating(policy, creator)
    return undefined
  }
  if (wallet.key !== undefined) throw refused('policy', 'keys of other schemes are not reshared yet')
  if (wallet.state !== 'active') throw refused('not-a-holder', 'this party is no member of that wallet any more')
  mustFollow(epochsOf(wallet), proposal)
  if (!wallet.seats.some((seat) => sameIdentity(seat.identity, creator)))
    throw refused('not-a-holder', 'only those who hold a share of the wallet can ask for new shares')
  allowResharing(policy, proposal, { me, threshold: wallet.threshold })
  const { walletId } = wallet
  const nowMs = now()
  const asked = isRenewal(proposal)
    ? undefined
    : await plans.ask(walletId, planOf(proposal), nowMs, planValidMs(policy))
  // For whoever watches the log: from now on the delay runs.
  if (asked?.isNew === true) log('members-asked', { wallet: walletId, reason: proposal.reason })
  mayReshareNow(policy, { firstAskedMs: asked?.firstMs, taken: await plans.taken(walletId, nowMs), nowMs })
  return wallet
}

interface TakingSeat {
  /** Resolves once the people of the session have approved its roster. */
  readonly approved: () => Promise<void>
  readonly onStart: () => void
  /** Left out: somebody else starts it. */
  readonly start?: () => Promise<Roster>
}

/** What opens and closes whatever this party keeps. */
export function sealedWith({ masterKey }: Pick<PartyFolder, 'masterKey'>) {
  return { kind: 'key', key: masterKey } as const
}

/** How the coordinator calls the server parties in this session, for `folder.nameParties` once the roster is known. */
export function partyNames(seat: Seat): (roster: Roster) => readonly NamedParty[] {
  let present: readonly Presence[] = []
  seat.watchPresence((participants) => {
    present = participants
  })
  return ({ seats }) =>
    seats.flatMap(({ seat, identity }) => {
      const name = present.find((each) => each.seat === seat)?.serverParty ?? ''
      return name === '' ? [] : [{ name, signingKey: identity.signingKey }]
    })
}

/**
 * Our part in resharing: ready once the people of the session are, then as any participant (participant/reshare). What
 * becomes of the shares is written down there.
 */
export async function reshareShares(
  ports: SessionPorts,
  seat: Seat,
  wallet: PartyWallet | undefined,
  { approved, onStart, start = () => seat.started() }: TakingSeat,
): Promise<Settled> {
  const { proposal, me } = seat
  if (proposal.kind !== 'reshare') throw new Error('this session is for something else')
  const { folder, coordinator, preparation, deadlineMs, now, log } = ports
  const names = partyNames(seat)
  await seat.checkCode()
  await approved()
  const over = new AbortController()
  seat.ended((reason) => {
    over.abort(reason)
  })
  const receives = me <= proposal.parties
  using prepared: Reservation | undefined = receives ? await preparation.reserve(over.signal) : undefined
  await seat.markReady()
  const roster = await start()
  onStart()
  // They belong to the shares of before.
  await ports.presignatures.erase({ publicKey: proposal.publicKey })
  using engine = ports.startEngine()
  const sealing = sealedWith(folder)
  const deals = proposal.dealers.some((dealer) => dealer.seat === me)
  const walletId = walletIdOf(proposal.publicKey)
  if (wallet !== undefined) await ports.plans.take(walletId, now())
  const settled = await coordinator.reshare(
    {
      ...epochPorts(ports),
      running: ports.resharing,
      engine,
      walletId,
      deadlineMs,
      onProgress: () => undefined,
      labels: [],
      dealing: deals ? { sealedShare: await folder.share(walletId), opening: sealing } : undefined,
      receiving: prepared && {
        walletName: wallet?.name ?? proposal.walletName,
        createdAtMs: wallet?.madeAtMs ?? now(),
        preParameters: await prepared.take(),
        preParametersKey: folder.masterKey,
        sealing,
      },
    },
    seat,
    roster,
  )
  await folder.nameParties(walletId, names(roster))
  log('reshared', { session: seat.sessionId, wallet: walletId, number: proposal.number, state: settled.state })
  return settled
}

/** After a restart, a run, and every now and then. @returns whether to ask again soon */
export async function settleWalletEpochs(ports: SessionPorts, walletId: string): Promise<boolean> {
  const settled = await ports.coordinator.settleEpochs(epochPorts(ports), walletId)
  if (settled.state === 'lost') ports.log('share-lost', { wallet: walletId, epoch: settled.number })
  if (settled.state === 'rest') await ports.folder.epochsAreSettled(walletId)
  const wallet = await ports.folder.wallet(walletId)
  const isLive = openAttempts({ attempts: wallet?.epochs?.attempts ?? [] }).some((one) => one.expiresAtMs > ports.now())
  return settled.state === 'waiting' && isLive
}

function epochPorts({ folder, resharing }: SessionPorts) {
  return { store: folder.epochs, identity: folder.identity, running: resharing, backupsUntil: 0 }
}
