import { setTimeout as pause } from 'node:timers/promises'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { MailboxList } from '../../proto/gen/requests_pb.js'
import { newRequest } from '../../participant/requests/newRequest.ts'
import { type RequestBox, type Requests, watchAll } from '../../participant/requests/requestBox.ts'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import { mustBeReady, openRun, type Signing } from '../../participant/requests/signRequest.ts'
import { withoutHidden } from '../../tss-wasm/content/visibleText.ts'
import { failureIn, ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { OpenedRequest } from '../../tss-wasm/requests/entry.ts'
import { locatorOf, type Membership } from '../../tss-wasm/requests/mailbox.ts'
import { encodeRequest, isBegun, longestNote, type Request, requestHash } from '../../tss-wasm/requests/request.ts'
import type { Policy } from '../../tss-wasm/policy/policy.ts'
import { isLive } from '../../tss-wasm/requests/isLive.ts'
import { type RequestState, stateOf } from '../../tss-wasm/requests/state.ts'
import type { Signatures } from '../../tss-wasm/worker/api.ts'
import type { Says } from '../../tss-wasm/requests/statement.ts'
import type { ApprovedByOperator } from './byOperator.ts'
import type { Ledger } from './ledger.ts'
import type { PartyFolder } from './folder.ts'
import { type Asked, decide as decideBy } from '../../tss-wasm/policy/decide.ts'
import { brokenInWords } from '../../tss-wasm/policy/explain.ts'
import type { Telling } from './telling.ts'
import { type Log, logBug } from '../process/log.ts'
import type { PartyWallet } from './wallet.ts'

/** A request that this party has read, and the box that it lies in. */
export interface ReadRequest {
  readonly box: RequestBox
  readonly wallet: PartyWallet
  readonly opened: OpenedRequest
  /** Whether whoever runs this party has approved it by hand. */
  readonly byOperator: boolean
}

/** What a server party knows of the requests of its wallets. */
export interface PartyRequests {
  /** Of this process (participant/requests/signRequest.ts). */
  readonly claim: string
  /**
   * The request that a session is to sign, as this party reads it now.
   * @throws ProtocolAbort `refused` where it has not approved it, it is not ready, or whoever opened the session did not approve
   */
  ready(hash: Uint8Array, by: PublicIdentity): Promise<ReadRequest>
  /** For as long as it is not disposed of the request is in a run. @throws ProtocolAbort `refused` where it stays in one */
  enter(hash: Uint8Array): Promise<Disposable>
  /** Answers what is asked, and signs what is ready, until `signal` aborts. */
  watch(signal: AbortSignal): Promise<void>
  /**
   * Asks the wallet's other members for a signature, and waits until the request has come to its end. What our own policy is
   * against is not asked. Once `signal` aborts, the request is withdrawn.
   * @param byOperator whoever runs this party asks, and so approves
   * @throws ProtocolAbort, `cancelled` once it has aborted
   */
  ask(
    wallet: PartyWallet,
    asked: Pick<Request, 'content' | 'note'>,
    signal: AbortSignal,
    byOperator?: boolean,
  ): Promise<EndedRequest>
  /** Answers a request as if it had just come: its operator has said something to it. */
  again(box: RequestBox, wallet: PartyWallet, id: Uint8Array): Promise<void>
}

/** A request that members have nothing left to do with. */
export interface EndedRequest {
  readonly opened: OpenedRequest
  readonly state: RequestState
  readonly box: RequestBox
}

export interface RequestPorts {
  readonly folder: PartyFolder
  readonly policy: Policy
  readonly ledger: Ledger
  readonly telling: Telling
  readonly now: () => number
  readonly random: RandomSource
  readonly log: Log
  readonly requests: Requests
  readonly byOperator: Pick<ApprovedByOperator, 'has' | 'add'>
  readonly claim: string
  /** How often wallets that were made meanwhile are looked for, and requests that wait for a time. */
  readonly lookAgainMs?: number
  /** Does our part in a run of this request, and charges it. */
  /** @returns whether it is signed */
  readonly signing: (
    read: ReadRequest,
    work: (signing: Signing, lost: AbortSignal) => Promise<Signatures | undefined>,
  ) => Promise<boolean>
}

/** People who have just approved open the session themselves. */
const afterPeopleMs = 1500
const usuallyLookAgainMs = 5000
const refusedAgainMs = 5000
const busyForMs = 10_000
/** What we ask for ourselves is not there longer than somebody may wait for it. */
const askedForMs = 3600_000
/** One of them is soon after the lease of somebody who has died; after the last, what members say starts it, or a person. */
const againAfterMs = [15_000, 30_000, 60_000, 150_000]

interface Opening {
  readonly approved: number
  /** Enough have come. */
  isRunning: boolean
  /** Somebody who has approved since has no seat in it. */
  readonly stale: AbortController
}

export function createPartyRequests(ports: RequestPorts): PartyRequests {
  const { folder, requests, policy, ledger, byOperator, telling, now, random, log } = ports
  const { lookAgainMs = usuallyLookAgainMs } = ports
  const known = new Map<string, ReadRequest>()
  /** Until each run's end. */
  const inRun = new Map<string, Promise<undefined>>()
  /** Sessions that we have opened, and how many had approved by then. */
  const opening = new Map<string, Opening>()
  /** How many entries of each request have been answered. */
  const heard = new Map<string, number>()
  /** About to open a session. */
  const starting = new Set<string>()
  /** Not answered yet: with time the policy may say something else of them. */
  const waiting = new Map<string, () => void>()
  /** One answer at a time to each request. */
  const answering = new Map<string, Promise<void>>()
  /** Until when sessions are opened. */
  let watching = AbortSignal.abort()
  /** By id: who waits for the end of what we have asked for ourselves. */
  const asked = new Map<string, (end: EndedRequest) => void>()

  async function answer(list: MailboxList, wallet: PartyWallet, signal: AbortSignal): Promise<void> {
    const member = { membership: membershipOf(wallet), me: wallet.mySeat, identity: folder.identity }
    const box = await requests.boxOf(member, list)
    if (box === undefined) return
    telling.met(box, wallet, list)
    for (const { requestId, expiresAtMs, entries } of list.requests) {
      const name = bytesToHex(requestId)
      if (Number(expiresAtMs) <= now()) heard.delete(name)
      if (Number(expiresAtMs) <= now() || heard.get(name) === entries) continue
      heard.set(name, entries)
      void inTurn(name, () => decide({ box, wallet }, requestId, signal))
    }
  }

  /** One answer at a time to each request. */
  function inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const before = answering.get(name) ?? Promise.resolve()
    const mine = before.then(work).catch((error: unknown) => {
      heard.delete(name)
      if (!(error instanceof ProtocolAbort) && !(error instanceof RangeError)) logBug(log, error, 'request')
      else log('request-not-read', { request: name, reason: error.message })
    })
    answering.set(name, mine)
    void mine.finally(() => {
      if (answering.get(name) === mine) answering.delete(name)
    })
    return mine
  }

  async function decide(
    { box, wallet }: Pick<ReadRequest, 'box' | 'wallet'>,
    id: Uint8Array,
    signal: AbortSignal,
  ): Promise<void> {
    let opened = await box.read(id)
    const state = stateOf(opened, box.membership, now())
    const name = bytesToHex(opened.hash)
    const isByOperator = byOperator.has(opened.hash)
    waiting.delete(name)
    known.set(name, { box, wallet, opened, byOperator: isByOperator })
    if (!isLive(state)) known.delete(name)
    if (!isLive(state)) asked.get(bytesToHex(id))?.({ opened, state, box })
    if (!isLive(state) || !isBegun(opened.request, now())) return
    const mine = state.members.find(({ seat }) => seat === box.me)
    if (mine?.answer === 'none') {
      const says = ourAnswer({ box, wallet, opened, byOperator: isByOperator })
      if (says.type === 'seen') {
        const requestName = bytesToHex(id)
        waiting.set(name, () => {
          void inTurn(requestName, () => decide({ box, wallet }, id, signal))
        })
      }
      // Said once: from then on it counts how long it has waited, also after a restart.
      if (says.type === 'seen' && mine.seenAtMs !== undefined) return
      await box.say(opened, says)
      log('request-answered', { wallet: wallet.walletId, answer: says.type })
      opened = await box.read(id)
      known.set(name, { box, wallet, opened, byOperator: isByOperator })
    }
    const { stage, approved } = stateOf(opened, box.membership, now())
    const isReady = stage === 'ready'
    const mineOpen = opening.get(name)
    if (mineOpen !== undefined && !mineOpen.isRunning && approved.length > mineOpen.approved) {
      mineOpen.stale.abort(new ProtocolAbort({ kind: 'cancelled' }))
    }
    if (!isReady || mine?.answer === 'rejected' || starting.has(name)) return
    // What this party has asked for itself counts as approved by it.
    if (policy.operatorApproves && !isByOperator) return
    starting.add(name)
    void start(opened.hash, signal)
      .catch((error: unknown) => {
        logBug(log, error, 'request')
      })
      .finally(() => starting.delete(name))
  }

  function ourAnswer(read: ReadRequest): Says {
    try {
      const earlier = ledger.earlier(read.wallet.walletId, now())
      const decision = decideBy(policy, askedAs(read, now()), earlier, now())
      if (decision.type === 'waits') return { type: 'seen' }
      if (decision.type === 'signs') return { type: 'approve' }
      throw refused('policy', brokenInWords(decision.rule))
    } catch (error) {
      const failure = failureIn(error)
      const isPolicy = failure.kind === 'refused' && failure.what === 'policy'
      const detail = 'detail' in failure ? (failure.detail ?? failure.kind) : failure.kind
      const reason = withoutHidden(detail).slice(0, longestNote).trim()
      return { type: 'reject', by: isPolicy ? 'policy' : 'machine', reason }
    }
  }

  /** Opens a session for a request that is ready, and again where it came to nothing: the others may have been busy. */
  async function start(hash: Uint8Array, signal: AbortSignal): Promise<void> {
    const waits = [afterPeopleMs, ...againAfterMs]
    for (let waitMs = waits.shift(); waitMs !== undefined; waitMs = waits.shift()) {
      await pause(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) return
      const stale = new AbortController()
      try {
        // A run that somebody else has opened may come to nothing.
        if (!inRun.has(bytesToHex(hash)) && (await opensRun(hash, stale, signal))) return
      } catch (error) {
        if (!(error instanceof ProtocolAbort)) throw error
        log('request-not-signed', { reason: error.message })
      }
      // With a seat for whoever has approved meanwhile.
      if (stale.signal.aborted) waits.unshift(0)
    }
  }

  /** @returns whether nothing is left to be opened: it is signed, or is not to be signed any more */
  async function opensRun(hash: Uint8Array, stale: AbortController, signal: AbortSignal): Promise<boolean> {
    const name = bytesToHex(hash)
    const run = await enter(hash)
    try {
      const read = await latest(hash)
      const { stage, approved } = stateOf(read.opened, read.box.membership, now())
      if (stage !== 'ready') return true
      const open: Opening = { approved: approved.length, isRunning: false, stale }
      opening.set(name, open)
      return await ports.signing(read, ({ sign, ...signing }, lost) => {
        const running: typeof sign = (roster, channel) => {
          open.isRunning = true
          return sign(roster, channel)
        }
        return openRun({ ...signing, sign: running }, read.opened, AbortSignal.any([signal, stale.signal, lost]))
      })
    } finally {
      opening.delete(name)
      run[Symbol.dispose]()
    }
  }

  async function latest(hash: Uint8Array): Promise<ReadRequest> {
    const read = known.get(bytesToHex(hash))
    if (read === undefined) throw refused('declined', 'this party has not read that request')
    const opened = await read.box.read(read.opened.request.id)
    return { ...read, opened, byOperator: byOperator.has(hash) }
  }

  async function ask(
    wallet: PartyWallet,
    { content, note }: Pick<Request, 'content' | 'note'>,
    signal: AbortSignal,
    isByOperator = false,
  ): Promise<EndedRequest> {
    const { walletId, publicKey, mySeat: from } = wallet
    const membership = membershipOf(wallet)
    const nowMs = now()
    const wanted = { publicKey, content, from, epoch: membership.epoch, note, lifeMs: askedForMs }
    const request = newRequest(wanted, nowMs, random)
    const before = { seenMs: nowMs, approvals: 0, objections: 0, withheld: 0, byOperator: isByOperator }
    const asking = { order: request, by: fingerprint(folder.identity.public), request: before }
    const decision = decideBy(policy, asking, ledger.earlier(walletId, nowMs), nowMs)
    if (decision.type === 'refuses') throw refused('policy', brokenInWords(decision.rule))
    const box = await requests.open({ membership, me: from, identity: folder.identity })
    const { promise: ended, resolve } = Promise.withResolvers<EndedRequest>()
    using waiting = new DisposableStack()
    const name = bytesToHex(request.id)
    asked.set(name, resolve)
    if (isByOperator) await byOperator.add(requestHash(encodeRequest(request)), request.expiresMs)
    waiting.defer(() => asked.delete(name))
    await box.ask(request)
    log('request-asked', { wallet: walletId })
    try {
      return await unlessCancelled(signal, ended)
    } catch (error) {
      await box.say(await box.read(request.id), { type: 'withdraw' })
      throw error
    }
  }

  async function enter(hash: Uint8Array): Promise<Disposable> {
    const name = bytesToHex(hash)
    // Whoever was about to open a session itself takes the seat in another's instead.
    const patience = AbortSignal.timeout(busyForMs)
    for (let before = inRun.get(name); before !== undefined; before = inRun.get(name)) {
      if (patience.aborted) throw refused('busy', 'this party is in a run of the request')
      await Promise.race([before, pause(busyForMs, undefined, { signal: patience, ref: false }).catch(() => undefined)])
    }
    const { promise, resolve } = Promise.withResolvers<undefined>()
    inRun.set(name, promise)
    return {
      [Symbol.dispose]() {
        inRun.delete(name)
        resolve(undefined)
      },
    }
  }

  /** Until the set of wallets has changed. */
  async function watchWallets(wallets: readonly PartyWallet[], signal: AbortSignal): Promise<void> {
    const changed = new AbortController()
    const until = AbortSignal.any([signal, changed.signal])
    const names = wallets.map(nameOf).join()
    let version = 0
    const looking = (async () => {
      for (;;) {
        await pause(lookAgainMs, undefined, { signal: until, ref: false })
        telling.again()
        for (const again of [...waiting.values()]) again()
        const now = await folder.walletsVersion()
        if (now === version) continue
        version = now
        if ((await folder.activeWallets()).map(nameOf).join() !== names) break
      }
      changed.abort(new ProtocolAbort({ kind: 'cancelled' }))
    })().catch(() => undefined)
    const byLocator = new Map(wallets.map((wallet) => [bytesToHex(locatorOf(membershipOf(wallet))), wallet]))
    const watching = watchAll(requests, wallets.map(membershipOf), until, async (list) => {
      const wallet = byLocator.get(bytesToHex(list.locator))
      if (wallet !== undefined) await answer(list, wallet, signal)
    })
    try {
      await Promise.all([looking, watching])
    } catch (error) {
      if (!until.aborted) throw error
    } finally {
      changed.abort(new ProtocolAbort({ kind: 'cancelled' }))
    }
  }

  return {
    claim: ports.claim,
    async ready(hash, by) {
      const read = await latest(hash)
      mustBeReady(read.opened, read.box, now(), by)
      return read
    },
    enter,
    ask,
    again: (box, wallet, id) => inTurn(bytesToHex(id), () => decide({ box, wallet }, id, watching)),
    async watch(signal) {
      watching = signal
      while (!signal.aborted) {
        try {
          await watchWallets(await folder.activeWallets(), signal)
        } catch (error) {
          log('not-watching-requests', { reason: error instanceof Error ? error.message : 'unknown' })
          await pause(refusedAgainMs, undefined, { signal, ref: false }).catch(() => undefined)
        }
      }
    },
  }
}

/** What a policy is asked of a request, as it is now. */
export function askedAs(
  { box, opened, byOperator }: Pick<ReadRequest, 'box' | 'opened' | 'byOperator'>,
  nowMs: number,
): Asked {
  const { membership, me } = box
  const { members, approved, withheld } = stateOf(opened, membership, nowMs)
  const asker = membership.members.find(({ seat }) => seat === opened.request.from)
  return {
    order: opened.request,
    by: asker === undefined ? '' : fingerprint(asker.identity),
    request: {
      // What we have asked for ourselves we know from its beginning.
      seenMs: opened.request.from === me ? opened.request.createdMs : members.find(({ seat }) => seat === me)?.seenAtMs,
      approvals: approved.filter((seat) => seat !== me).length,
      objections: members.filter(({ seat, answer }) => seat !== me && answer === 'rejected').length,
      ...{ withheld, byOperator },
    },
  }
}

function nameOf({ walletId, epochs }: PartyWallet): string {
  return `${walletId} ${epochs?.number ?? 0}`
}

export function membershipOf({ publicKey, threshold, seats, epochs }: PartyWallet): Membership {
  const members = [...seats].sort((a, b) => a.seat - b.seat).map(({ seat, identity }) => ({ seat, identity }))
  return { publicKey, epoch: epochs?.number ?? 0, threshold, members }
}
