import { setTimeout } from 'node:timers/promises'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Coordinator, Seat, Ticket } from '../../proto/client/client.ts'
import type { PendingSession } from '../../proto/client/pendingSession.ts'
import { takePartInRuns } from '../../proto/client/signingRuns.ts'
import { type Failure, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { encodeProposal, type KeygenProposal, type SignProposal } from '../../tss-wasm/identity/proposal.ts'
import { encodeRoster, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'
import type { Ledger } from './ledger.ts'
import type { Log } from '../process/log.ts'
import type { PartyFolder } from './folder.ts'
import type { PartyWallet } from './wallet.ts'
import type { SessionNote } from './sessionNotes.ts'
import type { Places } from './places.ts'
import { allowCreating, allowSigning, type Policy } from './policy.ts'
import type { Preparation } from './preparation.ts'

/** What a server party does in one session. */
export interface SessionPorts {
  readonly folder: PartyFolder
  readonly preparation: Preparation
  readonly coordinator: Coordinator
  readonly startEngine: () => Engine
  readonly policy: Policy
  readonly ledger: Ledger
  readonly places: Places
  /** How long we wait for the next message of a round. */
  readonly deadlineMs: number
  readonly now: () => number
  readonly log: Log
}

/**
 * One session from offer to outcome. The offer is looked at before anything is said: what the policy is against is
 * declined. A failure is told to the others before it is thrown.
 */
export async function takePart(ports: SessionPorts, ticket: Ticket, signal: AbortSignal): Promise<void> {
  const { folder, coordinator, log } = ports
  const { identity } = folder
  const { proposal, creator, me, mySeatIsTaken } = await coordinator.look(ticket)
  using place = new DisposableStack()
  let wallet: PartyWallet | undefined
  try {
    if (mySeatIsTaken) throw refused('the party was restarted')
    if (proposal.kind === 'keygen') {
      allowCreating(ports.policy, creator)
      place.use(placeFor(ports, 'new wallets'))
    } else {
      wallet = await walletOf(ports, proposal, { creator, me })
      place.use(placeFor(ports, wallet))
      await agreeToSign(ports, ticket.sessionId, proposal, wallet)
    }
  } catch (error) {
    await coordinator.decline(ticket, failureOf(error))
    throw error
  }
  const shape = wallet && { wallet: { threshold: wallet.threshold, parties: wallet.seats.length } }
  await using seat = await coordinator.join({ ...ticket, identity, ...shape })
  // Whatever waits in this session ends when we leave it.
  const leave = () => void seat[Symbol.asyncDispose]()
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  log('joined', { session: seat.sessionId, seat: seat.me, kind: proposal.kind })
  try {
    if (proposal.kind === 'keygen') await createWallet(ports, seat, proposal)
    else if (wallet !== undefined) await signContent(ports, seat, proposal, wallet)
  } catch (error) {
    await seat.fail(failureOf(error))
    throw error
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** @throws ProtocolAbort `refused` */
function placeFor({ places }: SessionPorts, of: Parameters<Places['take']>[0]): Disposable {
  const place = places.take(of)
  if (place === undefined) throw refused('the party takes part in as many sessions as it can')
  return place
}

/** Our share of a new wallet: stored as pending, confirmed, and active once everybody has confirmed (architecture 2.7). */
async function createWallet(ports: SessionPorts, seat: Seat, { walletName }: KeygenProposal): Promise<void> {
  const { folder, deadlineMs, now, log } = ports
  using prepared = await ports.preparation.reserve()
  await seat.markReady()
  const roster = await seat.started()
  const { sessionId, joinToken, expiresAtMs, me } = seat
  const begun: PendingSession = {
    sessionId,
    joinToken,
    roster: encodeRoster(roster),
    confirmation: new Uint8Array(),
    isLeaving: false,
    storedAtMs: now(),
    expiresAtMs,
  }
  await folder.notes.put({ mySeat: me, session: begun })
  using engine = ports.startEngine()
  const { walletId, publicKey, sealedShare, confirmation } = await engine.createWallet(
    {
      me: seat.me,
      identity: folder.identity,
      roster,
      deadlineMs,
      walletName,
      preParameters: await prepared.take(),
      preParametersKey: folder.masterKey,
      sealing: { kind: 'key', key: folder.masterKey },
    },
    seat.channel,
    () => undefined,
  )
  const { threshold, seats } = roster
  const wallet = { walletId, name: walletName, publicKey, threshold, mySeat: me, seats }
  await folder.putPending({ ...wallet, state: 'pending', pending: { ...begun, confirmation } }, sealedShare)
  await folder.notes.remove(sessionId)
  await seat.confirm(confirmation, () => folder.markLeaving(walletId))
  await folder.activate(walletId)
  log('wallet-active', { session: sessionId, wallet: walletId })
}

/**
 * After a restart or a failure, and then every now and then: what became of a wallet that is pending.
 * @returns whether to ask again soon
 */
export async function settleWallet(ports: SessionPorts, walletId: string): Promise<boolean> {
  const { folder, coordinator, now, log } = ports
  const { pending, mySeat } = (await folder.wallet(walletId)) ?? {}
  if (pending === undefined || mySeat === undefined) return false
  const verdict = await coordinator.settle(pending, {
    identity: folder.identity,
    me: mySeat,
    nowMs: now(),
    leaving: () => folder.markLeaving(walletId),
  })
  if (verdict.state === 'active') await folder.activate(walletId)
  if (verdict.state === 'discard') await folder.discard(walletId)
  const reason = verdict.state === 'active' ? {} : { kind: verdict.failure.kind }
  log(`wallet-${verdict.state}`, { session: pending.sessionId, wallet: walletId, ...reason })
  return verdict.state === 'wait' && verdict.isLive
}

/** After a restart or a failure: others may wait for a word of ours that will never come, and are told so. */
export async function settleNote(ports: SessionPorts, { session, mySeat }: SessionNote): Promise<void> {
  const { folder, coordinator, now, log } = ports
  const me = mySeat as PartyId
  const never = () => Promise.reject(new Error('without a share there is nothing to confirm'))
  const verdict = await coordinator.settle(session, {
    identity: folder.identity,
    me,
    nowMs: now(),
    leaving: never,
  })
  if (verdict.state !== 'discard') return
  await folder.notes.remove(session.sessionId)
  log('session-withdrawn', { session: session.sessionId })
}

/** Whoever made the wallet may ask for a signature before the last confirmation has reached us: that is worth a wait. */
async function settledWallet(folder: SessionPorts['folder'], walletId: string): Promise<PartyWallet | undefined> {
  for (let left = 100; ; left -= 1) {
    const wallet = await folder.wallet(walletId)
    if (wallet?.state !== 'pending' || left === 0) return wallet
    await setTimeout(50)
  }
}

/** What is to be signed with: a wallet that we hold, asked for by somebody who holds another share of it. */
async function walletOf(
  { folder }: SessionPorts,
  { publicKey }: SignProposal,
  { creator, me }: { readonly creator: PublicIdentity; readonly me: PartyId },
): Promise<PartyWallet> {
  const wallet = await settledWallet(folder, walletIdOf(publicKey))
  if (wallet?.state !== 'active') throw refused('this party holds no share of that wallet')
  if (wallet.mySeat !== me) throw refused(`this party holds seat ${wallet.mySeat} of the wallet, not ${me}`)
  if (!wallet.seats.some(({ identity }) => sameIdentity(identity, creator))) {
    throw refused('only those who hold a share of the wallet can ask for a signature')
  }
  return wallet
}

/** Whether to sign, decided before we join: content that decodes, within the policy, and charged to its limits. */
async function agreeToSign(
  { policy, ledger, now }: SessionPorts,
  sessionId: string,
  proposal: SignProposal,
  { walletId }: PartyWallet,
): Promise<void> {
  const request = bytesToHex(sha256(concatBytes(utf8ToBytes(sessionId), encodeProposal(proposal))))
  await ledger.charge({ request, walletId }, now(), (earlier) => allowSigning(policy, proposal, earlier, now()))
}

async function signContent(
  ports: SessionPorts,
  seat: Seat,
  { content, path = [] }: SignProposal,
  wallet: PartyWallet,
): Promise<void> {
  const { folder, deadlineMs, log } = ports
  const sealedShare = await folder.share(wallet.walletId)
  await seat.markReady()
  await takePartInRuns(seat, async (roster, channel) => {
    using engine = ports.startEngine()
    const sealing = { kind: 'key', key: folder.masterKey } as const
    return await engine.sign(
      { me: seat.me, identity: folder.identity, roster, deadlineMs, sealedShare, sealing, content, path },
      channel,
      () => undefined,
    )
  })
  const requester = bytesToHex(seat.creator.signingKey)
  log('signed', { session: seat.sessionId, wallet: wallet.walletId, requester })
}

function refused(reason: string): ProtocolAbort {
  return new ProtocolAbort({ kind: 'refused', reason })
}

/** A bug of ours is told to the others as a crash, without details. */
export function failureOf(error: unknown): Failure {
  return error instanceof ProtocolAbort ? error.failure : { kind: 'engine-crashed', detail: 'internal error' }
}
