import { setTimeout } from 'node:timers/promises'
import type { Transport } from '@connectrpc/connect'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Seat } from '../proto/client/client.ts'
import { createCoordinator } from '../proto/client/coordinator.ts'
import { type Invitation, invitations } from '../proto/client/invitations.ts'
import { signingDigest } from '../tss-wasm/content/ethereum.ts'
import { type Failure, ProtocolAbort } from '../tss-wasm/failure.ts'
import type { KeygenProposal, SignProposal } from '../tss-wasm/identity/proposal.ts'
import { sameIdentity } from '../tss-wasm/identity/roster.ts'
import { walletIdOf } from '../tss-wasm/keyShare/keyShare.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { Engine } from '../tss-wasm/worker/api.ts'
import { type Log, logBug } from './log.ts'
import type { PartyFolder } from './partyFolder.ts'
import type { PartyWallet } from './partyWallet.ts'
import type { Preparation } from './preparation.ts'

/** Everything a server party works with; serverPartyMain.ts builds it once. */
export interface ServerPartyPorts {
  readonly name: string
  readonly folder: PartyFolder
  readonly preparation: Preparation
  readonly transport: Transport
  readonly startEngine: () => Engine
  readonly random: RandomSource
  /** How long we wait for the next message of a round. */
  readonly deadlineMs: number
  readonly log: Log
  readonly onConnected?: () => void
}

const mostAtOnce = 16
const refusedAgainMs = 5000
/** As long as a session usually lives: after that the coordinator no longer knows our token. */
const resolvingMs = 600_000

/**
 * A party without a person: takes the seats it is offered and does its part, several sessions at once, until `signal`
 * aborts. It helps to make any wallet; it signs only for those who hold the wallet's other shares, and only what it can
 * decode.
 */
export async function runServerParty(ports: ServerPartyPorts, signal: AbortSignal): Promise<void> {
  const { name, folder, log } = ports
  const running = new Map<string, Promise<void>>()
  const begin = (sessionId: string, work: () => Promise<void>) => {
    if (running.has(sessionId)) return
    const done = work()
      .catch((error: unknown) => {
        const failure = failureOf(error)
        log('session-failed', { session: sessionId, kind: failure.kind, reason: reasonOf(error) })
        if (!(error instanceof ProtocolAbort)) logBug(log, error, 'session')
      })
      .finally(() => running.delete(sessionId))
    running.set(sessionId, done)
  }

  const pendingWallets = async () => {
    const wallets = await folder.wallets((walletId) => {
      log('damaged-record', { wallet: walletId })
    })
    return wallets.filter(({ state }) => state === 'pending')
  }
  for (const wallet of await pendingWallets()) {
    if (wallet.pending) begin(wallet.pending.sessionId, () => resolvePending(ports, wallet))
  }
  const isStopped = () => signal.aborted
  while (!isStopped()) {
    try {
      const { identity } = folder
      const { random, onConnected } = ports
      const offers = invitations(
        ports.transport,
        { name, identity, random, ...(onConnected && { onConnected }) },
        signal,
      )
      for await (const invitation of offers) {
        const stored = (await pendingWallets()).find(({ pending }) => pending?.sessionId === invitation.sessionId)
        begin(invitation.sessionId, () =>
          stored ? resolvePending(ports, stored) : takePart(ports, invitation, running.size > mostAtOnce, signal),
        )
      }
    } catch (error) {
      if (isStopped()) break
      log('not-watching', { reason: reasonOf(error) })
      await setTimeout(refusedAgainMs, undefined, { signal }).catch(() => undefined)
    }
  }
  await Promise.all(running.values())
}

/** One session from invitation to outcome. A failure is told to the others before it is thrown. */
async function takePart(
  ports: ServerPartyPorts,
  { sessionId, joinToken, joinedBefore }: Invitation,
  busy: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { folder, transport, random, log } = ports
  const { identity } = folder
  await using seat = await createCoordinator(transport, { random }).join({ sessionId, joinToken, identity })
  // Whatever waits in this session ends when we leave it.
  signal.addEventListener('abort', () => void seat[Symbol.asyncDispose](), { once: true })
  log('joined', { session: sessionId, seat: seat.me, kind: seat.proposal.kind })
  try {
    if (joinedBefore) throw refused('the party was restarted')
    if (busy) throw refused('the party takes part in as many sessions as it can')
    if (seat.proposal.kind === 'keygen') await createWallet(ports, seat, seat.proposal, joinToken)
    else await signContent(ports, seat, seat.proposal)
  } catch (error) {
    await seat.fail(failureOf(error))
    throw error
  }
}

/** Our share of a new wallet: stored as pending, confirmed, and active once everybody has confirmed (architecture 2.7). */
async function createWallet(ports: ServerPartyPorts, seat: Seat, { walletName }: KeygenProposal, joinToken: string) {
  const { folder, deadlineMs, log } = ports
  using prepared = await ports.preparation.reserve()
  await seat.markReady()
  const roster = await seat.started()
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
  const wallet: PartyWallet = {
    walletId,
    name: walletName,
    state: 'pending',
    publicKey,
    threshold: roster.threshold,
    mySeat: seat.me,
    seats: roster.seats,
    pending: { sessionId: seat.sessionId, joinToken, confirmation },
  }
  await folder.putPending(wallet, sealedShare)
  await confirmAndActivate(ports, seat, wallet, confirmation)
  log('wallet-active', { session: seat.sessionId, wallet: walletId })
}

/**
 * From the moment our confirmation leaves, the others may hold a wallet that counts on our share. So a failure from there
 * on leaves it pending: it does not sign, and it is not destroyed on the coordinator's word.
 */
async function confirmAndActivate(
  { folder }: ServerPartyPorts,
  seat: Seat,
  { walletId }: PartyWallet,
  confirmation: Uint8Array,
): Promise<void> {
  const confirmed = { hasLeft: false }
  try {
    await seat.confirm(confirmation, () => {
      confirmed.hasLeft = true
    })
  } catch (error) {
    if (!confirmed.hasLeft) await folder.discard(walletId)
    throw error
  }
  await folder.activate(walletId)
}

/** After a restart or a long silence: says again what we had stored and hears whether the others have it too. */
async function resolvePending(ports: ServerPartyPorts, { walletId, pending }: PartyWallet): Promise<void> {
  if (pending === undefined) return
  const { transport, random, folder, log } = ports
  const { identity } = folder
  const patiently = createCoordinator(transport, { random, timing: { giveUpMs: resolvingMs } })
  await using seat = await patiently.join({ ...pending, identity })
  await seat.started()
  // Our confirmation may have left before, so whatever happens now, the share stays.
  await seat.confirm(pending.confirmation)
  await folder.activate(walletId)
  log('wallet-active', { session: pending.sessionId, wallet: walletId })
}

async function signContent(ports: ServerPartyPorts, seat: Seat, { publicKey, content }: SignProposal): Promise<void> {
  const { folder, deadlineMs, log } = ports
  const wallet = await folder.wallet(walletIdOf(publicKey))
  if (wallet?.state !== 'active') throw refused('this party holds no share of that wallet')
  if (wallet.mySeat !== seat.me) throw refused(`this party holds seat ${wallet.mySeat} of the wallet, not ${seat.me}`)
  if (!wallet.seats.some(({ identity }) => sameIdentity(identity, seat.creator))) {
    throw refused('only those who hold a share of the wallet can ask for a signature')
  }
  // Throws with the reason when the content does not decode; the engine decodes it once more.
  signingDigest(content)
  await seat.markReady()
  const roster = await seat.started()
  using engine = ports.startEngine()
  const { confirmation } = await engine.sign(
    {
      me: seat.me,
      identity: folder.identity,
      roster,
      deadlineMs,
      sealedShare: await folder.share(wallet.walletId),
      sealing: { kind: 'key', key: folder.masterKey },
      content,
    },
    seat.channel,
    () => undefined,
  )
  await seat.confirm(confirmation)
  log('signed', { session: seat.sessionId, wallet: wallet.walletId, requester: bytesToHex(seat.creator.signingKey) })
}

function refused(reason: string): ProtocolAbort {
  return new ProtocolAbort({ kind: 'refused', reason })
}

/** A bug of ours is told to the others as a crash, without details. */
function failureOf(error: unknown): Failure {
  return error instanceof ProtocolAbort ? error.failure : { kind: 'engine-crashed', detail: 'internal error' }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'thrown: not an error'
}
