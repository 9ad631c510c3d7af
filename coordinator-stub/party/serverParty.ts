import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Transport } from '@connectrpc/connect'
import { bytesToHex } from '@noble/hashes/utils.js'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { createRequests, type ListedRequests } from '../../participant/requests/requestBox.ts'
import { offers } from '../../participant/session/offers.ts'
import { keepEvidence } from './evidence.ts'
import { failureIn, ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { logBug } from '../process/log.ts'
import type { ApprovedByOperator } from './byOperator.ts'
import { openAskedPlans } from './askedPlans.ts'
import { isQuiet, renewalDueMs, renewShares } from './renewal.ts'
import { settleWalletEpochs } from './resharing.ts'
import { createSlots } from './slots.ts'
import type { SessionPorts } from './sessionPorts.ts'
import { createPartyPresignatures } from './presignatures.ts'
import { refill } from './presigning.ts'
import { createPartyRequests, type PartyRequests } from './requests.ts'
import { previewEarly, settleNote, settleWallet, signAgreed, takePart, takeRun } from './sessions.ts'
import { createTelling } from './telling.ts'
import { createUnderWay, type UnderWay } from './underWay.ts'

/** Everything a server party works with; serverPartyMain.ts builds it once. */
export interface ServerPartyPorts extends Omit<
  SessionPorts,
  'coordinator' | 'plans' | 'slots' | 'underWay' | 'presignatures' | 'resharing' | 'requests'
> {
  /** For whoever has to know when it may be stopped. */
  readonly underWay?: UnderWay
  readonly name: string
  readonly transport: Transport
  readonly random: RandomSource
  readonly onConnected?: () => void
  /** What its operator has approved; left out: nothing, and nothing can be. */
  readonly byOperator?: ApprovedByOperator
  /** Given what this party knows of its wallets' requests, and can ask their other members for. */
  readonly onRequests?: (heard: PartyRequests, reading: ListedRequests) => void
  /** What its operator has it do once, from the start on. */
  readonly errand?: (ports: SessionPorts, until: AbortSignal) => Promise<void>
}

const noOperator: ApprovedByOperator = { has: () => false, add: () => Promise.resolve() }
const refusedAgainMs = 5000
/** How often we look whether shares are to be renewed; one that has come to nothing is tried again after a day. */
const renewalLookMs = 3600_000
const renewAgainMs = 24 * 3600_000
/** How often we ask what became of wallets that are pending: while their session is live, and when it is over. */
const settleSoonMs = 2000
const settleLaterMs = 600_000

/**
 * A party without a person: takes the seats it is offered and does its part, several sessions at once, until `signal`
 * aborts; from `closing` on it takes none any more, leaves those where it only waits, and finishes the runs that it is in. It helps to make wallets and signs with them within its policy (docs/POLICY.md), each run of a session once, and
 * settles by itself what an interruption left pending.
 */
export async function runServerParty(
  parts: ServerPartyPorts,
  signal: AbortSignal,
  closing: AbortSignal = signal,
): Promise<void> {
  const { name, folder, transport, random, log, onConnected } = parts
  const coordinator = createCoordinator(transport, { random, runs: folder.runs })
  const { underWay = createUnderWay() } = parts
  const { policy, now } = parts
  const telling = createTelling(policy, (walletId, nowMs) => parts.ledger.earlier(walletId, nowMs), { now, log })
  const ledger = telling.observed(parts.ledger)
  const reading = createRequests(transport, { random, now })
  const requests: PartyRequests = createPartyRequests({
    ...{ folder, policy, ledger, telling, now, random, log },
    requests: reading,
    byOperator: parts.byOperator ?? noOperator,
    claim: bytesToHex(random(16)),
    async signing(read, work) {
      const { isSigned, signers } = await signAgreed(ports, read, work)
      if (signers.length > 0 && !isClosing()) {
        const { wallet, opened } = read
        const { path = [] } = opened.request
        begin(`presign ${wallet.walletId}`, () =>
          refill(ports, wallet, { path, signers }, until).catch(sayNotPresigned),
        )
      }
      return isSigned
    },
  })
  using presignatures = createPartyPresignatures(parts.startEngine)
  const plans = await openAskedPlans(join(folder.path, 'resharing'))
  const ports = {
    ...parts,
    ledger,
    coordinator,
    plans,
    slots: createSlots(),
    underWay,
    presignatures,
    resharing: new Set<string>(),
    requests,
  }
  const running = new Map<string, Promise<void>>()
  const begin = (task: string, work: () => Promise<void>) => {
    if (running.has(task)) return
    const done = work()
      .catch(async (error: unknown) => {
        const failure = failureIn(error)
        const evidence = await keepEvidence(folder.path, failure).catch(() => undefined)
        const kept = evidence === undefined ? {} : { evidence }
        log('session-failed', { session: task, kind: failure.kind, reason: reasonOf(error), ...kept })
        if (!(error instanceof ProtocolAbort)) logBug(log, error, 'session')
      })
      .finally(() => {
        running.delete(task)
        void settleAll()
      })
    running.set(task, done)
  }
  /** The next signature presigns for itself. */
  const sayNotPresigned = (error: unknown) => {
    if (!(error instanceof ProtocolAbort) || error.failure.kind === 'misbehaviour') throw error
    log('not-presigned', { reason: error.message })
  }
  const sayDamaged = (walletId: string) => {
    log('damaged-record', { wallet: walletId })
  }
  const pendingWallets = async () => {
    const wallets = await folder.pendingWallets(sayDamaged)
    return wallets.flatMap(({ walletId, pending }) => (pending === undefined ? [] : [{ walletId, pending }]))
  }
  const begunSessions = async () => (await folder.notes.all()).map(({ session }) => session)
  const isStopped = () => signal.aborted
  const isClosing = () => closing.aborted || signal.aborted
  const until = AbortSignal.any([signal, closing])
  let settling: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  /** One after the other, and never beside the session that the wallet comes from. */
  function settleAll(): Promise<void> {
    settling = settling.then(settleNow).catch((error: unknown) => {
      // A folder that cannot be read now may be readable later; what runs goes on.
      logBug(log, error, 'settling')
      settleAfter(settleLaterMs)
    })
    return settling
  }
  async function settleNow(): Promise<void> {
    if (isStopped()) return
    let soon = false
    const pending = await pendingWallets()
    for (const note of await folder.notes.all()) {
      const { sessionId } = note.session
      if (isStopped() || running.has(sessionId)) continue
      // Stopped between storing the share and dropping the note: the wallet knows better.
      const isStored = pending.some((wallet) => wallet.pending.sessionId === sessionId)
      const settled = isStored ? folder.notes.remove(sessionId) : settleNote(ports, note)
      await settled.catch((error: unknown) => {
        logBug(log, error, 'settling')
      })
    }
    for (const { walletId, pending: session } of pending) {
      if (isStopped() || running.has(session.sessionId)) continue
      const again = settleWallet(ports, walletId).catch((error: unknown) => {
        logBug(log, error, 'settling')
        return false
      })
      soon = (await again) || soon
    }
    for (const walletId of await folder.unsettledEpochs()) {
      if (isStopped()) return
      const again = settleWalletEpochs(ports, walletId).catch((error: unknown) => {
        logBug(log, error, 'settling')
        return false
      })
      soon = (await again) || soon
    }
    settleAfter(soon ? settleSoonMs : settleLaterMs)
  }
  function settleAfter(ms: number): void {
    clearTimeout(timer)
    if (!isStopped()) timer = setTimeout(() => void settleAll(), ms).unref()
  }

  /** Seats that are offered to our identity, in runs of requests that we have agreed to. */
  async function takeRuns(): Promise<void> {
    while (!isClosing()) {
      try {
        for await (const offer of coordinator.offersTo(folder.identity, until)) {
          begin(offer.sessionId, () => takeRun(ports, offer, signal, closing))
        }
      } catch {
        await pause(refusedAgainMs, undefined, { signal: until }).catch(() => undefined)
      }
    }
  }

  const triedMs = new Map<string, number>()
  /** Proposes to renew the shares that are old enough, where nobody is signing. */
  async function renewOldShares(everyDays: number): Promise<void> {
    while (!isClosing()) {
      const nowMs = now()
      const wallets = await folder.activeWallets().catch(() => [])
      for (const wallet of wallets) {
        const { walletId } = wallet
        const isTried = (triedMs.get(walletId) ?? -Infinity) > nowMs - renewAgainMs
        if (isTried || nowMs < renewalDueMs(wallet, everyDays) || !isQuiet(ports, wallet, nowMs)) continue
        triedMs.set(walletId, nowMs)
        begin(`renewal ${walletId}`, () => renewShares(ports, wallet, until))
      }
      await pause(renewalLookMs, undefined, { signal: until }).catch(() => undefined)
    }
  }

  void settleAll()
  void folder.checkWallets(sayDamaged).catch((error: unknown) => {
    logBug(log, error, 'records')
  })
  parts.onRequests?.(requests, reading)
  const { errand } = parts
  // A wallet may be pending still, from when the party was stopped.
  if (errand !== undefined) begin('errand', () => settling.then(() => errand(ports, until)))
  const asking = requests.watch(until)
  const invited = takeRuns()
  const { renewEveryDays } = policy.resharing
  const renewing = renewEveryDays === undefined ? undefined : renewOldShares(renewEveryDays)
  while (!isClosing()) {
    try {
      const { identity } = folder
      const offered = offers(
        transport,
        { serverParty: name, identity, random, ...(onConnected && { onConnected }) },
        until,
      )
      for await (const offer of offered) {
        const { sessionId, awaits } = offer
        const begun = [...(await pendingWallets()).map(({ pending }) => pending), ...(await begunSessions())]
        if (!running.has(sessionId) && begun.some((session) => session.sessionId === sessionId)) void settleAll()
        else if (awaits === 0) begin(`early ${sessionId}`, () => previewEarly(ports, offer))
        else begin(sessionId, () => takePart(ports, offer, signal, closing))
      }
    } catch (error) {
      if (isClosing()) break
      log('not-watching', { reason: reasonOf(error) })
      await pause(refusedAgainMs, undefined, { signal: until }).catch(() => undefined)
    }
  }
  await Promise.all([asking, invited, renewing])
  await Promise.all(running.values())
  // Also what the last of them has begun.
  await settling
  clearTimeout(timer)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'thrown: not an error'
}
