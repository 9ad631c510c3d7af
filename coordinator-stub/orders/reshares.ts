import { Code } from '@connectrpc/connect'
import { hexToBytes } from '@noble/hashes/utils.js'
import { type Session, SessionKind } from '../../proto/gen/coordinator_pb.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { verifyCertificate, withdrawnBy } from '../../tss-wasm/identity/certificate.ts'
import type { Epoch, Handover } from '../../tss-wasm/identity/handover.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { decodeProposal, verifyProposal } from '../../tss-wasm/identity/proposal.ts'
import { type AgreedHandover, certificateOf, verifyReshareApprovals } from '../../tss-wasm/identity/reshareAgreement.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { decodeRoster, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { Refusal } from '../process/refusal.ts'
import type { SessionStore } from '../sessions/store.ts'
import type { Query } from '../storage/database.ts'
import { type Account, accountsOfKey, getAccount, putEpochs } from './accounts.ts'
import type { Participant } from './participant.ts'

/**
 * New shares of the wallets of accounts. Members propose and make them, in the app or as parties; the coordinator follows, by
 * what they have signed and by nothing else.
 */

/** What a session for new shares is about, as its creator signed it; undefined for any other. */
export function reshareProposalIn({ kind, proposal: bytes }: Session): ReshareProposal | undefined {
  if (kind !== SessionKind.RESHARE) return undefined
  try {
    const { proposal } = decodeProposal(bytes)
    return proposal.kind === 'reshare' ? proposal : undefined
  } catch (error) {
    if (error instanceof ProtocolAbort) return undefined
    throw error
  }
}

/** Notes a session that is about to be opened, where a member of an account's wallet proposes it. */
export async function noteReshare(database: Query, sessions: Sessions, session: Session, nowMs: number): Promise<void> {
  const proposal = reshareProposalIn(session)
  const creator = session.participants.find(({ seat }) => seat === session.creatorSeat)?.identity
  if (proposal === undefined || creator === undefined || !(await isProposedBy(session, creator))) return
  for (const account of await accountsOfKey(database, proposal.publicKey)) {
    const { epochs } = await followed(database, sessions, account)
    if (epochs?.current.members.some(({ identity }) => sameIdentity(identity, creator)) !== true) continue
    await database.query('insert into reshares values ($1, $2, $3) on conflict do nothing', [
      session.sessionId,
      account.accountId,
      nowMs,
    ])
  }
}

async function isProposedBy(
  { sessionId, proposal, proposalSignature }: Session,
  creator: PublicIdentity,
): Promise<boolean> {
  try {
    await verifyProposal(proposal, proposalSignature, creator, hexToBytes(sessionId))
    return true
  } catch (error) {
    if (error instanceof ProtocolAbort) return false
    throw error
  }
}

type Sessions = Pick<SessionStore, 'get'>

/** Sessions for new shares of an account's wallet, the newest first. */
export async function resharesOf(database: Query, { accountId }: Account, most: number): Promise<readonly string[]> {
  const rows = await database.query(
    'select session_id from reshares where account_id = $1 order by proposed_at_ms desc, session_id limit $2',
    [accountId, most],
  )
  return rows.map((row) => row['session_id'] as string)
}

/** @throws Refusal NOT_FOUND, also for the session of somebody else's account */
export async function reshareOf(database: Query, ownedBy: string, sessionId: string): Promise<Account> {
  const [row] = await database.query(
    'select account_id from reshares join accounts using (account_id) where reshares.session_id = $1 and owned_by = $2',
    [sessionId, ownedBy],
  )
  if (row === undefined) throw new Refusal('no_such_session', 'no such session')
  return getAccount(database, ownedBy, row['account_id'] as string)
}

/** Attempts that are looked at: one wallet has few, and whoever proposes more has to be a member. */
const mostAttempts = 16

/**
 * The account as its wallet is now: in the epoch of the highest certificate that follows from what is known of it, its
 * holders named as before.
 */
export async function followed(database: Query, sessions: Sessions, account: Account): Promise<Account> {
  let now = account
  const attempts = await resharesOf(database, account, mostAttempts)
  // From the oldest: each may be the parent of the next.
  for (const sessionId of attempts.toReversed()) {
    const session = await sessionOf(sessions, sessionId)
    const epochs = now.epochs
    if (session === undefined || epochs === undefined) continue
    const { number } = reshareProposalIn(session) ?? { number: 0 }
    if (number <= epochs.current.number) continue
    const begun = await begunBy(session, [epochs.current, ...(epochs.before ? [epochs.before] : [])])
    if (begun === undefined) continue
    const participants = participantsAfter(now, epochs.current, begun.begins, session)
    const { threshold } = begun.begins
    now = { ...now, threshold, participants, epochs: { current: begun.begins, before: begun.from } }
    await putEpochs(database, now)
  }
  return now
}

/** undefined for one that is forgotten. */
export async function sessionOf(sessions: Sessions, sessionId: string): Promise<Session | undefined> {
  try {
    return await sessions.get(sessionId)
  } catch (error) {
    if (error instanceof Refusal && error.code === Code.NotFound) return undefined
    throw error
  }
}

/** What the old members of a session have agreed on; undefined while they have not. */
export async function agreedIn(session: Session): Promise<AgreedHandover | undefined> {
  const proposal = reshareProposalIn(session)
  if (proposal === undefined || session.roster.length === 0) return undefined
  const approvals = new Map(session.participants.map(({ seat, approval }) => [seat as PartyId, approval]))
  return unlessWrong(async () => verifyReshareApprovals(proposal, decodeRoster(session.roster), approvals))
}

/** The certificate that the words in a session make; undefined while they make none. */
export async function certificateIn(session: Session): Promise<Uint8Array | undefined> {
  const agreed = await agreedIn(session)
  if (agreed === undefined) return undefined
  const reports = new Map(session.participants.map(({ seat, confirmation }) => [seat as PartyId, confirmation]))
  return unlessWrong(() => certificateOf(agreed, reports))
}

/** Whether a new member has signed that it never confirms. */
export async function isAborted({ participants }: Session, handover: Handover | undefined): Promise<boolean> {
  if (handover === undefined) return false
  for (const { withdrawal } of participants) if ((await withdrawnBy(withdrawal, handover)) !== undefined) return true
  return false
}

async function begunBy(
  session: Session,
  parents: readonly Epoch[],
): Promise<{ readonly begins: Epoch; readonly from: Epoch } | undefined> {
  const certificate = await certificateIn(session)
  if (certificate === undefined) return undefined
  for (const from of parents) {
    const verified = await unlessWrong(() => verifyCertificate(certificate, from))
    if (verified !== undefined) return { begins: verified.begins, from }
  }
  return undefined
}

/** What parties have signed may be missing, or wrong: then it shows nothing. */
async function unlessWrong<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProtocolAbort) return undefined
    throw error
  }
}

/** Who stays keeps its name; whoever comes into the place of a user has that one's. */
function participantsAfter(
  { participants }: Account,
  before: Epoch,
  { members }: Epoch,
  session: Session,
): readonly Participant[] {
  const known = members.map(({ seat, identity }) => {
    const old = before.members.find((member) => sameIdentity(member.identity, identity))
    return { seat, holder: participants.find((each) => each.seat === (old?.seat as number | undefined)) }
  })
  const names = new Set(known.flatMap(({ holder }) => (holder === undefined ? [] : [holder.party_id])))
  const vacant = participants.filter(({ party_id, type }) => type === 'user' && !names.has(party_id))
  return known.map(({ seat, holder }): Participant => {
    if (holder !== undefined) return { ...holder, seat }
    const server = session.participants.find((each) => each.seat === (seat as number))?.serverParty ?? ''
    if (server !== '' && !names.has(server)) return { seat, party_id: server, type: 'server' }
    return { seat, party_id: vacant.shift()?.party_id ?? unusedName(names, `seat-${seat}`), type: 'user' }
  })
}

function unusedName(names: Set<string>, wanted: string): string {
  const name = names.has(wanted) ? unusedName(names, `${wanted}-new`) : wanted
  names.add(name)
  return name
}

/** Attempts are remembered as long as their sessions are. */
export async function forgetReshares(database: Query, nowMs: number): Promise<void> {
  const beforeMs = nowMs - leastRememberedMs
  await database.query(
    `delete from reshares where proposed_at_ms <= $1
       and not exists (select 1 from sessions where sessions.session_id = reshares.session_id)`,
    [beforeMs],
  )
}

/** A note is written before its session is. */
const leastRememberedMs = 3600_000
