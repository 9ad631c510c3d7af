import { type CallOptions, createClient, type Transport } from '@connectrpc/connect'
import { bytesToHex } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { Identity } from '../../tss-wasm/identity/identity.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { decodeRules, encodeRules, type PublishedRules } from '../../tss-wasm/policy/published.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import {
  openEntries,
  type OpenedRequest,
  openNotice,
  sealNotice,
  sealRequest,
  sealStatement,
} from '../../tss-wasm/requests/entry.ts'
import {
  locatorOf,
  type Mailbox,
  makeMailboxKey,
  type Membership,
  openMailboxKey,
} from '../../tss-wasm/requests/mailbox.ts'
import type { Request } from '../../tss-wasm/requests/request.ts'
import { knownOf } from '../../tss-wasm/requests/state.ts'
import type { Says } from '../../tss-wasm/requests/statement.ts'
import { type MailboxKey, type MailboxList, RequestService } from '../../proto/gen/requests_pb.js'
import type { StreamPlaces } from '../connection/asking.ts'
import { patient, persistence, type Timing } from '../connection/persistence.ts'

/** A member's view of one wallet's requests. Everything it gives out is verified (SPEC 11). */
export interface RequestBox {
  readonly membership: Membership
  readonly me: PartyId
  /** @throws ProtocolAbort; RangeError, naming what is wrong, when no member's request lies under the id */
  read(id: Uint8Array): Promise<OpenedRequest>
  /** Puts a request of ours where the others find it. @throws ProtocolAbort */
  ask(request: Request): Promise<void>
  /** Adds what we say, signed, with what we have read. @throws ProtocolAbort */
  say(opened: OpenedRequest, says: Says): Promise<void>
  /** Says what we decide by, in place of what we said before. @throws ProtocolAbort */
  tell(rules: PublishedRules): Promise<void>
  /** What the member of that seat decides by, by its own word. @throws ProtocolAbort; RangeError where it is not its word */
  told(seat: PartyId): Promise<PublishedRules>
  /** Claims to open a session. @returns the claim that holds: ours, or that of whoever was first */
  meet(opened: OpenedRequest, claim: string): Promise<string>
}

/** Who reads and writes: one member of one wallet. */
export interface Member {
  readonly membership: Membership
  readonly me: PartyId
  readonly identity: Identity
}

export interface Requests {
  /** The wallet's mailbox; made, if nobody has asked anything yet. @throws ProtocolAbort */
  open(member: Member): Promise<RequestBox>
  /** The mailbox of a list that was told; undefined where no member has made its key. */
  boxOf(member: Member, list: MailboxList): Promise<RequestBox | undefined>
  /** What waits in these wallets' mailboxes, at once and whenever it changes; ends with `signal`'s reason. */
  watch(memberships: readonly Membership[], signal: AbortSignal): AsyncGenerator<MailboxList, never>
}

/** For whoever asks once, and does not watch. */
export interface ListedRequests extends Requests {
  /** What is in these wallets' mailboxes now, for however many wallets. @throws ProtocolAbort */
  list(memberships: readonly Membership[]): Promise<readonly MailboxList[]>
}

/** RequestService lists no more at once. */
const mostWatched = 2000

/**
 * `watch` for however many wallets: a stream for each two thousand, which waits until its list has been listened to.
 * @throws whatever a stream or `listen` throws first
 */
export async function watchAll(
  requests: Pick<Requests, 'watch'>,
  memberships: readonly Membership[],
  signal: AbortSignal,
  listen: (list: MailboxList) => void | Promise<void>,
): Promise<void> {
  const streams: Promise<void>[] = []
  for (let from = 0; from < memberships.length; from += mostWatched) {
    const some = memberships.slice(from, from + mostWatched)
    const heard = async () => {
      for await (const list of requests.watch(some, signal)) await listen(list)
    }
    streams.push(heard())
  }
  await Promise.all(streams)
}

const never = new AbortController().signal

/** `timing` and `places` as of `createCoordinator`. */
export interface RequestsOptions {
  readonly random: RandomSource
  readonly now: () => number
  readonly timing?: Partial<Timing>
  readonly places?: StreamPlaces
}

export function createRequests(transport: Transport, { random, now, timing, places }: RequestsOptions): ListedRequests {
  const client = createClient(RequestService, transport)
  const persistently = persistence(random, { ...patient, ...timing })
  const watching = persistence(random, { ...patient, giveUpMs: Infinity, ...timing }, { ...(places && { places }) })

  /** Of the keys under the wallet's locator the first that a member has made (SPEC 11.1). */
  async function firstOf({ membership, me, identity }: Member, keys: readonly MailboxKey[]) {
    for (const { record } of keys) {
      try {
        return await openMailboxKey(record, membership, me, identity)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }
    return undefined
  }

  function box({ membership, me, identity }: Member, mailbox: Mailbox): RequestBox {
    const access = new Uint8Array(mailbox.access)
    return {
      membership,
      me,
      async read(id) {
        const entries: Uint8Array[] = []
        for (let of = 1; entries.length < of;) {
          const page = await persistently.call(
            (options) => client.readRequest({ access, requestId: new Uint8Array(id), after: entries.length }, options),
            never,
          )
          if (page.entries.length === 0) break
          entries.push(...page.entries)
          of = page.of
        }
        return openEntries(entries, id, mailbox, membership)
      },
      async ask(request) {
        const entry = await sealRequest(request, mailbox, identity, random)
        const { id, expiresMs } = request
        const put = { access, requestId: new Uint8Array(id), expiresAtMs: BigInt(expiresMs), entry }
        await persistently.call((options) => client.putRequest(put, options), never)
      },
      async say(opened, says) {
        const { hash, request } = opened
        const statement = { request: hash, seat: me, atMs: now(), knows: knownOf(opened), says }
        const entry = await sealStatement(statement, request.id, mailbox, identity, random)
        const added = { access, requestId: new Uint8Array(request.id), entry }
        await persistently.call((options) => client.appendEntry(added, options), never)
      },
      async tell(rules) {
        const entry = await sealNotice(encodeRules(rules), me, { mailbox, identity, random })
        await persistently.call((options) => client.putNotice({ access, seat: me, entry }, options), never)
      },
      async told(seat) {
        const { entry } = await persistently.call((options) => client.readNotice({ access, seat }, options), never)
        return decodeRules(await openNotice(entry, seat, mailbox, membership))
      },
      async meet({ request }, claim) {
        const meeting = { access, requestId: new Uint8Array(request.id), claim }
        return (await persistently.call((options) => client.meet(meeting, options), never)).claim
      },
    }
  }

  return {
    async open(member) {
      const { membership, me, identity } = member
      const locator = locatorOf(membership)
      const listed = await persistently.call((options) => client.listRequests({ locators: [locator] }, options), never)
      const there = await firstOf(member, listed.mailboxes[0]?.keys ?? [])
      if (there !== undefined) return box(member, there)
      const record = await makeMailboxKey(membership, me, identity, random)
      const { id } = await openMailboxKey(record, membership, me, identity)
      const key = { locator, mailboxId: new Uint8Array(id), record }
      const { keys } = await persistently.call((options) => client.putMailboxKey(key, options), never)
      const first = await firstOf(member, keys)
      if (first === undefined) {
        throw new ProtocolAbort({ kind: 'disconnected', detail: 'the coordinator has not kept the mailbox key' })
      }
      return box(member, first)
    },

    async boxOf(member, { keys }) {
      const mailbox = await firstOf(member, keys)
      return mailbox && box(member, mailbox)
    },

    async list(memberships) {
      const found: MailboxList[] = []
      for (let from = 0; from < memberships.length; from += mostWatched) {
        const locators = memberships.slice(from, from + mostWatched).map(locatorOf)
        found.push(
          ...(await persistently.call((options) => client.listRequests({ locators }, options), never)).mailboxes,
        )
      }
      return found
    },

    async *watch(memberships, signal) {
      const locators = memberships.map(locatorOf)
      const known = new Set(locators.map((locator) => bytesToHex(locator)))
      async function* told(options: CallOptions) {
        for await (const { mailboxes } of client.watchRequests({ locators }, options)) yield mailboxes
      }
      const lists = watching.stream(told, signal, {
        instead: {
          kind: 'requests',
          ask: async (options) => ({ news: [(await client.listRequests({ locators }, options)).mailboxes] }),
        },
      })
      for await (const mailboxes of lists) {
        for (const list of mailboxes) if (known.has(bytesToHex(list.locator))) yield list
      }
      throw new Error('a stream ends by a throw only')
    },
  }
}
