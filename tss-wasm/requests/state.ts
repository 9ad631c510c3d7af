import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import type { ContentSignature } from '../content/ethereum.ts'
import type { PartyId } from '../partyId.ts'
import type { HeardStatement, OpenedRequest } from './entry.ts'
import type { Membership } from './mailbox.ts'
import { mostKnown, type RejectedBy, type Says } from './statement.ts'
import { spends } from './spends.ts'

/**
 * How far a request is. open: members are still asked. ready: t have approved, and sign once so many are there. The rest
 * are ends: signed and sent; withdrawn by whoever asked; rejected by so many that t cannot be reached; replaced by a request
 * that takes its place, or its nonce, or its coin; expired.
 */
export type Stage = 'open' | 'ready' | 'signed' | 'sent' | 'withdrawn' | 'rejected' | 'replaced' | 'expired'

/** What one member has answered. */
export interface MemberAnswer {
  readonly seat: PartyId
  readonly answer: 'none' | 'approved' | 'rejected'
  /** By that member's clock. */
  readonly atMs?: number
  readonly by?: RejectedBy
  readonly reason?: string
  /** When it first looked at the request, where it has said so. */
  readonly seenAtMs?: number
}

export interface RequestState {
  readonly stage: Stage
  /** Of everybody, by rising seats. */
  readonly members: readonly MemberAnswer[]
  /** Who approved, and has not rejected since. */
  readonly approved: readonly PartyId[]
  /** How many more have to approve. */
  readonly needed: number
  /** Who ended it and when, where somebody did. */
  readonly ended?: { readonly by: PartyId; readonly atMs: number }
  /** Once signed: verified against the request when they were read. */
  readonly signed?: {
    readonly signatures: readonly ContentSignature[]
    readonly signers: readonly PartyId[]
  }
  /** Once sent: by which the network knows it. */
  readonly transaction?: string
  /** Runs that failed, oldest first. */
  readonly failures: readonly { readonly by: PartyId; readonly atMs: number; readonly reason: string }[]
  /** Others of the wallet's requests that cannot be carried out beside this one. */
  readonly alternatives: readonly OpenedRequest[]
  /** How many statements some member has read and we have not got: the coordinator keeps them back. */
  readonly withheld: number
}

/**
 * How far each of a wallet's requests is: a function of what members have signed and of our clock alone. The order in which
 * statements came, and how often, changes nothing.
 */
export function statesOf(
  all: readonly OpenedRequest[],
  membership: Membership,
  nowMs: number,
): ReadonlyMap<OpenedRequest, RequestState> {
  const rivals = rivalsOf(all)
  return new Map(all.map((one) => [one, stateOf(one, membership, nowMs, rivals.get(one) ?? [])]))
}

/** As `statesOf`, of one. @param rivals the wallet's other requests that spend what it spends, or that name it as replaced */
export function stateOf(
  opened: OpenedRequest,
  { threshold, members }: Membership,
  nowMs: number,
  rivals: readonly OpenedRequest[] = [],
): RequestState {
  const { request, statements } = opened
  const said = <T extends Says['type']>(type: T) => earliestFirst(statements.flatMap((each) => ofType(each, type)))
  const answers = members.map(({ seat }) => answerOf(opened, seat))
  const approved = answers.flatMap(({ seat, answer }) => (answer === 'approved' ? [seat] : []))
  const rejected = answers.filter(({ answer }) => answer === 'rejected')
  const [signed] = said('signed')
  const [sent] = said('sent')
  const [withdrawn] = said('withdraw')
  const successor = rivals.find((rival) => replaces(rival, opened))
  const alternatives = rivals.filter((rival) => sharesCoin(rival, opened))
  // Whoever names what is signed already means to overtake it on the network: a higher fee for the same nonce, mostly.
  const taken = alternatives.find((rival) => isSigned(rival) && !replaces(opened, rival))

  const common = {
    ...{ members: answers, approved, alternatives },
    needed: Math.max(0, threshold - approved.length),
    failures: said('failed').map(({ seat, atMs, says: { reason } }) => ({ by: seat, atMs, reason })),
    withheld: withheld(statements),
    ...(signed && { signed: { signatures: signed.says.signatures, signers: signed.says.signers } }),
  }
  const endedBy = (by: PartyId, atMs: number) => ({ ended: { by, atMs } })
  // A signature exists, whatever else was said.
  if (signed && sent) {
    return { ...common, stage: 'sent', ...endedBy(sent.seat, sent.atMs), transaction: sent.says.transaction }
  }
  if (signed) return { ...common, stage: 'signed', ...endedBy(signed.seat, signed.atMs) }
  if (withdrawn) return { ...common, stage: 'withdrawn', ...endedBy(withdrawn.seat, withdrawn.atMs) }
  if (successor) {
    return { ...common, stage: 'replaced', ...endedBy(successor.request.from, successor.request.createdMs) }
  }
  if (taken) return { ...common, stage: 'replaced', ...endedBy(taken.request.from, taken.request.createdMs) }
  if (members.length - rejected.length < threshold) {
    const last = rejected.reduce((a, b) => ((b.atMs ?? 0) > (a.atMs ?? 0) ? b : a))
    return { ...common, stage: 'rejected', ...endedBy(last.seat, last.atMs ?? request.createdMs) }
  }
  if (nowMs >= request.expiresMs) return { ...common, stage: 'expired' }
  return { ...common, stage: approved.length >= threshold ? 'ready' : 'open' }
}

/** What a statement that is signed now says it has read. */
export function knownOf({ statements }: OpenedRequest): readonly Uint8Array[] {
  return statements.slice(-mostKnown).map(({ hash }) => hash)
}

/** A no stays a no, whatever came before or comes after it: nobody signs for somebody who has said no. */
function answerOf({ request, statements }: OpenedRequest, seat: PartyId): MemberAnswer {
  const mine = earliestFirst(statements.filter((each) => each.seat === seat))
  const seenAtMs = mine.find(({ says }) => says.type === 'seen')?.atMs
  const looked = seenAtMs === undefined ? {} : { seenAtMs }
  const rejected = mine.flatMap((each) => ofType(each, 'reject'))[0]
  if (rejected !== undefined) {
    const { by, reason } = rejected.says
    return { seat, answer: 'rejected', atMs: rejected.atMs, by, reason, ...looked }
  }
  if (request.from === seat) return { seat, answer: 'approved', atMs: request.createdMs, ...looked }
  const approved = mine.find(({ says }) => says.type === 'approve')
  if (approved === undefined) return { seat, answer: 'none', ...looked }
  return { seat, answer: 'approved', atMs: approved.atMs, ...looked }
}

type Saying<T extends Says['type']> = HeardStatement & { readonly says: Extract<Says, { readonly type: T }> }

function ofType<T extends Says['type']>(statement: HeardStatement, type: T): Saying<T>[] {
  return statement.says.type === type ? [statement as Saying<T>] : []
}

/** One order for everybody who has the same statements. */
function earliestFirst<T extends HeardStatement>(statements: readonly T[]): readonly T[] {
  return [...statements].sort((a, b) => a.atMs - b.atMs || (bytesToHex(a.hash) < bytesToHex(b.hash) ? -1 : 1))
}

function withheld(statements: readonly HeardStatement[]): number {
  const here = new Set(statements.map(({ hash }) => bytesToHex(hash)))
  const named = new Set(statements.flatMap(({ knows }) => knows.map((hash) => bytesToHex(hash))))
  return [...named].filter((hash) => !here.has(hash)).length
}

function isSigned({ statements }: OpenedRequest): boolean {
  return statements.some(({ says }) => says.type === 'signed')
}

/** Only whoever asked can ask anew in its place. */
function replaces(later: OpenedRequest, earlier: OpenedRequest): boolean {
  const { replaces: id = new Uint8Array(), from } = later.request
  return from === earlier.request.from && sameBytes(id, earlier.request.id)
}

function sharesCoin(a: OpenedRequest, b: OpenedRequest): boolean {
  const coins = new Set(spends(a.request))
  return spends(b.request).some((coin) => coins.has(coin))
}

/** For each request those that it meets: by coin, by nonce, or by name. */
function rivalsOf(all: readonly OpenedRequest[]): ReadonlyMap<OpenedRequest, OpenedRequest[]> {
  const byName = new Map<string, OpenedRequest[]>()
  const file = (name: string, one: OpenedRequest) => byName.set(name, [...(byName.get(name) ?? []), one])
  const namesOf = (one: OpenedRequest) => [...spends(one.request), `id ${bytesToHex(one.request.id)}`]
  for (const one of all) {
    const { replaces: id } = one.request
    for (const name of [...spends(one.request), ...(id ? [`id ${bytesToHex(id)}`] : [])]) file(name, one)
  }
  return new Map(
    all.map((one) => {
      const met = new Set(namesOf(one).flatMap((name) => byName.get(name) ?? []))
      met.delete(one)
      return [one, [...met]]
    }),
  )
}
