import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { SessionKind } from '../../proto/gen/coordinator_pb.js'
import { type Session } from '../../proto/gen/coordinator_pb.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { encodeProposal, type SignProposal } from '../../tss-wasm/identity/proposal.ts'
import type { Query, Row } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import { rememberedMs } from '../sessions/retention.ts'
import type { SessionStore } from '../sessions/store.ts'
import type { Tokens } from '../sessions/tokens.ts'
import { type Account, epochOf, getAccount } from './accounts.ts'
import { contentOf, type OrderedContent } from './content.ts'
import type { Participant } from './participant.ts'
import { followed, noteReshare } from './reshares.ts'

/** A session that a back-end has ordered. Seat and identity of the creator are the first participant's. */
export interface Order {
  readonly sessionId: string
  readonly kind: SessionKind
  readonly threshold: number
  readonly participants: readonly Participant[]
  readonly accountId: string | undefined
  readonly content: OrderedContent | undefined
  readonly orderedBy: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export async function putOrder(database: Query, order: Order): Promise<void> {
  await database.query(
    `insert into reservations
       (session_id, kind, threshold, participants, account_id, content, ordered_by, created_at_ms, expires_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      order.sessionId,
      order.kind,
      order.threshold,
      JSON.stringify(order.participants),
      order.accountId ?? null,
      order.content === undefined ? null : JSON.stringify(order.content),
      order.orderedBy,
      order.createdAtMs,
      order.expiresAtMs,
    ],
  )
}

async function getOrder(database: Query, sessionId: string): Promise<Order | undefined> {
  const [row] = await database.query('select * from reservations where session_id = $1', [sessionId])
  return row && decode(row)
}

/** @throws Refusal NOT_FOUND, also for what somebody else has ordered */
export async function orderOf(database: Query, caller: string, sessionId: string): Promise<Order> {
  const found = await getOrder(database, sessionId)
  if (found?.orderedBy !== caller) throw new Refusal('no_such_session', 'no such session')
  return found
}

/**
 * Whether a session that is being created is the one that was ordered under its id. Anybody may create sessions of their
 * own; under an ordered id only who holds the creator's token, and only what was ordered.
 * @param seat of the caller's join token for this session, or undefined without one
 * @throws Refusal PERMISSION_DENIED or FAILED_PRECONDITION
 */
export function mustBeAsOrdered(order: Order, account: Account | undefined, session: Session, seat?: number): void {
  const creator = order.participants[0]?.seat
  if (seat !== creator || session.creatorSeat !== creator) {
    throw new Refusal('creator_only', 'only the first participant can open this session, with its join token')
  }
  const seats = (all: readonly (readonly [number, string])[]) => JSON.stringify([...all].sort(([a], [b]) => a - b))
  const ordered = order.participants.map(
    ({ seat: at, party_id, type }) => [at, type === 'server' ? party_id : ''] as const,
  )
  const offered = session.participants.map((participant) => [participant.seat, participant.serverParty] as const)
  const same = session.kind === order.kind && session.threshold === order.threshold && seats(ordered) === seats(offered)
  if (!same) throw new Refusal('not_as_ordered', 'the session does not match the order')
  if (account === undefined || order.content === undefined) return
  // There is one way to write a proposal.
  const wanted = encodeProposal(signingOf(account, contentOf(order.content)), hexToBytes(session.sessionId))
  if (!sameBytes(session.proposal, wanted)) {
    throw new Refusal('not_as_ordered', 'the content to sign does not match the order')
  }
}

/** What the members of an account's wallet read when this is to be signed. */
export function signingOf(account: Account, content: SigningContent): SignProposal {
  const epoch = epochOf(account)
  return { kind: 'sign', publicKey: account.publicKey, ...(epoch > 0 && { epoch }), content }
}

function decode(row: Row): Order {
  return {
    sessionId: row['session_id'] as string,
    kind: row['kind'] as SessionKind,
    threshold: row['threshold'] as number,
    participants: row['participants'] as readonly Participant[],
    accountId: (row['account_id'] ?? undefined) as string | undefined,
    content: (row['content'] ?? undefined) as OrderedContent | undefined,
    orderedBy: row['ordered_by'] as string,
    createdAtMs: Number(row['created_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
  }
}

const resultOffset = 4

/** What all participants of the run have confirmed, in hex; undefined when they did not confirm the same. */
export function confirmedResult({ participants, runSeats }: Session): Uint8Array | undefined {
  const results = participants
    .filter(({ seat }) => runSeats.length === 0 || runSeats.includes(seat))
    // version (1), seat (2), length (1), result (SPEC 7)
    .map(({ confirmation }) => confirmation.subarray(resultOffset, resultOffset + (confirmation[3] ?? 0)))
  const [first] = results
  const agree = first !== undefined && results.every((result) => bytesToHex(result) === bytesToHex(first))
  return agree ? first : undefined
}

/** Orders are remembered as long as outcomes of wallets are. */
export async function forgetOrders(database: Query, nowMs: number): Promise<void> {
  await database.query('delete from reservations where expires_at_ms <= $1', [nowMs - rememberedMs])
}

/**
 * What createSession asks before it stores a session.
 * @returns the order, if there was one
 * @throws Refusal when its id was ordered and it is not what was ordered, or not opened by whom
 */
export function orderedSessions(
  database: Query,
  { tokens, sessions, now }: { readonly tokens: Tokens; readonly sessions: SessionStore; readonly now: () => number },
) {
  return async (session: Session, authorization: string | null): Promise<Order | undefined> => {
    const order = await getOrder(database, session.sessionId)
    if (order === undefined) {
      await noteReshare(database, sessions, session, now())
      return undefined
    }
    const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1]
    const claims = token === undefined ? undefined : await tokens.verify(token, now())
    if (now() >= order.expiresAtMs) throw new Refusal('order_expired', 'the order has expired')
    const account =
      order.accountId === undefined
        ? undefined
        : await followed(database, sessions, await getAccount(database, order.orderedBy, order.accountId))
    if (account?.suspended === true) throw new Refusal('account_suspended', 'the account is suspended')
    mustBeAsOrdered(order, account, session, claims?.sessionId === session.sessionId ? claims.seat : undefined)
    return order
  }
}
