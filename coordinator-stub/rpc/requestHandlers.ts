import type { ServiceImpl } from '@connectrpc/connect'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { RequestService } from '../../proto/gen/requests_pb.js'
import { callerIn } from '../limits/callerAddress.ts'
import { rateLimit } from '../limits/rateLimit.ts'
import { streamLimits } from '../limits/streamLimits.ts'
import { Refusal } from '../process/refusal.ts'
import { longestLifeMs } from '../requests/limits.ts'
import type { Listed, StoredKey } from '../requests/store.ts'
import { createBell } from '../signals/signals.ts'
import { topics } from '../signals/topics.ts'
import type { Services } from './services.ts'

/** Bytes: SPEC 11.1 and 11.2. */
const longestRecord = 2048
const longestEntry = 263_168
const longestNotice = 132_096
const mostSeats = 20
const mostLocators = 2000
/** A list reads as much as its caller asks for, so that a long one counts for more. */
const locatorsPerCall = 100

/** Mailboxes, and what waits in them: decode, bound, call, encode. Nothing here can be read by the coordinator. */
export function requestHandlers(services: Services): ServiceImpl<typeof RequestService> {
  const { requests, budget, signals, now, heartbeatMs } = services
  const streams = streamLimits()
  const putting = rateLimit({ perSecond: 2, burst: 500, of: 'requests from this address' })
  const answering = rateLimit({ perSecond: 20, burst: 2000, of: 'answers from this address' })
  const reading = rateLimit({ perSecond: 50, burst: 5000, of: 'lists from this address' })
  const limit = (rate: typeof putting, caller: string | undefined, cost = 1) => {
    if (caller !== undefined) rate.take(caller, now(), cost)
  }
  return {
    async putMailboxKey({ locator, mailboxId, record }, context) {
      const openedBy = callerIn(context)
      limit(putting, openedBy)
      budget.mustStore()
      const key = { locator: hexOf('locator', locator, 32), mailbox: hexOf('mailbox id', mailboxId, 32) }
      mustFit('record', record, longestRecord)
      const keys = await requests.putKey({ ...key, record, openedBy }, now())
      return { keys: keys.map(keyOf) }
    },

    async putRequest({ access, requestId, expiresAtMs, entry }, context) {
      const openedBy = callerIn(context)
      limit(putting, openedBy)
      budget.mustStore()
      const id = hexOf('request id', requestId, 16)
      mustFit('entry', entry, longestEntry)
      const leftMs = Number(expiresAtMs) - now()
      // Clocks differ; what waits for longer is ended here.
      if (leftMs <= 0) throw new Refusal('malformed', 'the request has expired')
      const ends = now() + Math.min(leftMs, longestLifeMs)
      await requests.put({ mailbox: mailboxOf(access), requestId: id, expiresAtMs: ends, entry, openedBy }, now())
      return {}
    },

    async appendEntry({ access, requestId, entry }, context) {
      limit(answering, callerIn(context))
      budget.mustStore()
      mustFit('entry', entry, longestEntry)
      await requests.append(mailboxOf(access), hexOf('request id', requestId, 16), entry)
      return {}
    },

    async readRequest({ access, requestId, after }, context) {
      limit(reading, callerIn(context))
      const page = await requests.read(mailboxOf(access), hexOf('request id', requestId, 16), after)
      return { entries: [...page.entries], of: page.of }
    },

    async listRequests({ locators }, context) {
      const wanted = locatorsIn(locators)
      limit(reading, callerIn(context), Math.ceil(wanted.length / locatorsPerCall))
      return { mailboxes: (await requests.list(wanted, now())).map(listOf) }
    },

    async *watchRequests({ locators }, context) {
      const wanted = locatorsIn(locators)
      const caller = callerIn(context)
      limit(reading, caller, Math.ceil(wanted.length / locatorsPerCall))
      using slot = streams.enter(`requests ${wanted[0] ?? ''}`, context.signal, caller)
      using listening = new DisposableStack()
      const bell = createBell()
      const changed = new Set(wanted)
      for (const locator of wanted) {
        listening.use(
          signals.on(topics.mailbox(locator), () => {
            changed.add(locator)
            bell.ring()
          }),
        )
      }
      for (let isFirst = true; ; isFirst = false) {
        const due = [...changed]
        changed.clear()
        const lists = due.length === 0 ? [] : await requests.list(due, now())
        if (slot.signal.aborted) throw slot.reason()
        // The first answer tells that the stream stands, also where nothing waits.
        if (isFirst || lists.length > 0 || due.length === 0) yield { mailboxes: lists.map(listOf) }
        const woken = await bell.wait(heartbeatMs, slot.signal)
        if (woken === 'aborted') throw slot.reason()
      }
    },

    async putNotice({ access, seat, entry }, context) {
      const openedBy = callerIn(context)
      limit(answering, openedBy)
      budget.mustStore()
      mustFit('entry', entry, longestNotice)
      await requests.putNotice({ mailbox: mailboxOf(access), seat: seatIn(seat), entry, openedBy })
      return {}
    },

    async readNotice({ access, seat }, context) {
      limit(reading, callerIn(context))
      return { entry: await requests.readNotice(mailboxOf(access), seatIn(seat)) }
    },

    async meet({ access, requestId, claim }, context) {
      limit(answering, callerIn(context))
      if (!/^[0-9a-f]{32}$/.test(claim)) throw new Refusal('malformed', 'claim must be 32 lower-case hex digits')
      const id = hexOf('request id', requestId, 16)
      return { claim: await requests.meet(mailboxOf(access), id, claim, now()) }
    },
  }
}

/** The mailbox that whoever shows this has the key of. */
function mailboxOf(access: Uint8Array): string {
  mustBe('access', access, 32)
  return bytesToHex(sha256(access))
}

function seatIn(seat: number): number {
  if (seat < 1 || seat > mostSeats) throw new Refusal('malformed', `seat must be 1 to ${mostSeats}`)
  return seat
}

function locatorsIn(locators: readonly Uint8Array[]): readonly string[] {
  if (locators.length > mostLocators) throw new Refusal('too_large', `at most ${mostLocators} locators`)
  return [...new Set(locators.map((locator) => hexOf('locator', locator, 32)))]
}

function hexOf(what: string, bytes: Uint8Array, length: number): string {
  mustBe(what, bytes, length)
  return bytesToHex(bytes)
}

function mustBe(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new Refusal('malformed', `${what} must be ${length} bytes`)
}

function mustFit(what: string, bytes: Uint8Array, longest: number): void {
  if (bytes.length === 0) throw new Refusal('malformed', `${what} is missing`)
  if (bytes.length > longest) throw new Refusal('too_large', `${what} has more than ${longest} bytes`)
}

function keyOf({ mailbox, record }: StoredKey) {
  return { mailboxId: hexToBytes(mailbox), record }
}

function listOf({ locator, keys, requests, notices }: Listed) {
  const position = new Map(keys.map(({ mailbox }, i) => [mailbox, i]))
  return {
    locator: hexToBytes(locator),
    keys: keys.map(keyOf),
    requests: requests.map(({ mailbox, requestId, expiresAtMs, entries }) => ({
      requestId: hexToBytes(requestId),
      expiresAtMs: BigInt(expiresAtMs),
      entries,
      key: position.get(mailbox) ?? 0,
    })),
    notices: notices.map(({ mailbox, seat, version }) => ({
      seat,
      version: BigInt(version),
      key: position.get(mailbox) ?? 0,
    })),
  }
}
