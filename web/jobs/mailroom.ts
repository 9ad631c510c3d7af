import { bytesToHex } from '@noble/hashes/utils.js'
import { type RequestBox, watchAll } from '../../participant/requests/requestBox.ts'
import type { SessionPreview } from '../../participant/session/sessionPreview.ts'
import type { MailboxList } from '../../proto/gen/requests_pb.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { OpenedRequest } from '../../tss-wasm/requests/entry.ts'
import { locatorOf } from '../../tss-wasm/requests/mailbox.ts'
import { isLive } from '../../tss-wasm/requests/isLive.ts'
import { remembered } from '../../tss-wasm/requests/remember.ts'
import { type RequestState, stateOf, statesOf } from '../../tss-wasm/requests/state.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { identityIn } from './identities.ts'
import { membershipIn } from './membership.ts'
import type { RequestPorts } from './ports.ts'

/** A request of one of our wallets, as this device has read and verified it. */
export interface WaitingRequest {
  /** Its id in hex: what screens and links call it. */
  readonly name: string
  readonly wallet: WalletRecord
  readonly opened: OpenedRequest
  /** How far it is, beside the wallet's other requests and by our clock. */
  readonly state: RequestState
}

export interface MailListener {
  /** All of a wallet's, once one was read for the first time, or somebody has said something of one: it may end another. */
  readonly onRead: (requests: readonly WaitingRequest[]) => void
  /** How many requests of all wallets lie there, read or not: told before any is read. */
  readonly onListed?: (count: number) => void
}

/** The mailboxes of our wallets, and what was ever read in them while this program runs. */
export interface Mailroom {
  /** Reads what lies there, and whatever comes, until `signal` aborts. @throws ProtocolAbort */
  watch(listener: MailListener, signal: AbortSignal): Promise<void>
  /** @throws ProtocolAbort; RangeError where the wallet has no mailbox: an import does not name its holders */
  box(wallet: WalletRecord): Promise<RequestBox>
  /** A request as it lies there now, with all that was heard of it before. @throws ProtocolAbort */
  look(wallet: WalletRecord, id: Uint8Array): Promise<WaitingRequest>
  known(name: string): WaitingRequest | undefined
  /** Those that have expired since they were read, with what they end. */
  expired(): readonly WaitingRequest[]
  /** Somebody has opened a session for a request, and keeps a seat in it for us. */
  offered(seen: SessionPreview, requestHash: Uint8Array): void
  /** Once. */
  takeOffer(requestHash: Uint8Array): SessionPreview | undefined
  /** Called whenever something is read or offered. @returns what stops it */
  onNews(listener: () => void): () => void
}

/** Requests that are read at the same time. */
const readers = 6

export function createMailroom(
  ports: Pick<RequestPorts, 'requests' | 'shares' | 'identity' | 'preParameters' | 'now'>,
): Mailroom {
  const boxes = new Map<string, Promise<RequestBox>>()
  const known = new Map<string, WaitingRequest>()
  /** How many entries of each request have been read. */
  const heard = new Map<string, number>()
  const offers = new Map<string, SessionPreview>()
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }

  async function memberOf(wallet: WalletRecord) {
    const membership = membershipIn(wallet)
    if (membership === undefined) throw new RangeError('a wallet with requests names its holders')
    return { membership, me: wallet.mySeat as PartyId, identity: await identityIn(ports, wallet) }
  }

  /** One box for each epoch of a wallet; what could not be opened is opened anew. */
  async function boxBy(wallet: WalletRecord, open: () => Promise<RequestBox>): Promise<RequestBox> {
    const name = `${wallet.walletId} ${wallet.epochs?.number ?? 0}`
    const there = boxes.get(name)
    if (there !== undefined) return there
    const opening = open()
    boxes.set(name, opening)
    try {
      return await opening
    } catch (error) {
      boxes.delete(name)
      throw error
    }
  }

  const box = (wallet: WalletRecord) => boxBy(wallet, async () => ports.requests.open(await memberOf(wallet)))

  /** Says anew how far each of a wallet's requests is. */
  function restated(wallet: WalletRecord): readonly WaitingRequest[] {
    const membership = membershipIn(wallet)
    const own = [...known.values()].filter((each) => each.wallet.walletId === wallet.walletId)
    if (membership === undefined) return own
    const states = statesOf(
      own.map(({ opened }) => opened),
      membership,
      ports.now(),
    )
    return own.map((each) => {
      const one = { ...each, state: states.get(each.opened) ?? each.state }
      known.set(one.name, one)
      return one
    })
  }

  async function read(wallet: WalletRecord, from: RequestBox, id: Uint8Array): Promise<readonly WaitingRequest[]> {
    const name = bytesToHex(id)
    const fresh = await from.read(id) // before what is known is looked at: another reading may have come between
    const opened = remembered(known.get(name)?.opened, fresh)
    known.set(name, { name, wallet, opened, state: stateOf(opened, from.membership, ports.now()) })
    return restated(wallet)
  }

  /** What is new of a list, read a few at a time, while later lists come. */
  function reading({ onRead, onListed }: MailListener, signal: AbortSignal) {
    const due = new Map<string, () => Promise<void>>()
    const count = new Map<string, number>()
    const failed = Promise.withResolvers<never>()
    failed.promise.catch(() => undefined)
    let busy = 0

    function work(): void {
      if (busy >= readers || signal.aborted) return
      const [next] = due
      if (next === undefined) return
      due.delete(next[0])
      busy += 1
      void next[1]()
        .catch(failed.reject)
        .finally(() => {
          busy -= 1
          work()
        })
      work()
    }

    function take(wallet: WalletRecord, list: MailboxList): void {
      count.set(wallet.walletId, list.requests.length)
      onListed?.([...count.values()].reduce((a, b) => a + b, 0))
      const opening = () =>
        boxBy(wallet, async () => {
          const opened = await ports.requests.boxOf(await memberOf(wallet), list)
          if (opened === undefined) throw new RangeError('no member has made the key of the mailbox')
          return opened
        })
      for (const { requestId, entries } of list.requests) {
        const name = bytesToHex(requestId)
        if (heard.get(name) === entries) continue
        heard.set(name, entries)
        due.set(name, async () => {
          try {
            onRead(await read(wallet, await opening(), requestId))
            tell()
          } catch (error) {
            // What is no member's request is not shown. The coordinator may have made it.
            if (error instanceof RangeError) return
            heard.delete(name)
            throw error
          }
        })
      }
      work()
    }
    return { take, failed: failed.promise }
  }

  return {
    box,
    known: (name) => known.get(name),
    async look(wallet, id) {
      await read(wallet, await box(wallet), id)
      tell()
      const found = known.get(bytesToHex(id))
      if (found === undefined) throw new Error('what was read is known')
      return found
    },
    expired: () =>
      [...known.values()]
        .filter(({ state, opened }) => isLive(state) && ports.now() >= opened.request.expiresMs)
        .flatMap(({ wallet }) => restated(wallet)),

    async watch(listener, signal) {
      const byLocator = new Map<string, WalletRecord>()
      const memberships = (await ports.shares.list()).flatMap((wallet) => {
        const membership = membershipIn(wallet)
        if (membership === undefined) return []
        byLocator.set(bytesToHex(locatorOf(membership)), wallet)
        return [membership]
      })
      if (memberships.length === 0) return
      const over = new AbortController()
      const until = AbortSignal.any([signal, over.signal])
      const { take, failed } = reading(listener, until)
      const watching = watchAll(ports.requests, memberships, until, (list) => {
        const wallet = byLocator.get(bytesToHex(list.locator))
        if (wallet !== undefined) take(wallet, list)
      })
      try {
        await Promise.race([failed, watching])
      } finally {
        over.abort(new ProtocolAbort({ kind: 'cancelled' }))
      }
    },

    offered(seen, requestHash) {
      offers.set(bytesToHex(requestHash), seen)
      tell()
    },
    takeOffer(requestHash) {
      const name = bytesToHex(requestHash)
      const seen = offers.get(name)
      offers.delete(name)
      return seen
    },
    onNews(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
