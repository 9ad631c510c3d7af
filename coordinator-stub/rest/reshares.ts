import { createClient } from '@connectrpc/connect'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { z } from 'zod'
import { CoordinatorService, type Participant, ParticipantState, type Session } from '../../proto/gen/coordinator_pb.js'
import { SessionState } from '../../proto/gen/coordinator_pb.js'
import { fingerprint } from '../../tss-wasm/identity/identity.ts'
import { type Invitation, readInvitation } from '../../tss-wasm/identity/invitation.ts'
import { confirmedResult } from '../../tss-wasm/identity/reshareAgreement.ts'
import { vouchForShare } from '../../tss-wasm/identity/shareHost.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import { Refusal } from '../process/refusal.ts'
import type { Services } from '../rpc/services.ts'
import type { Database } from '../storage/database.ts'
import { type Account, getAccount } from '../orders/accounts.ts'
import {
  agreedIn,
  certificateIn,
  followed,
  isAborted,
  reshareOf,
  reshareProposalIn,
  resharesOf,
  sessionOf,
} from '../orders/reshares.ts'
import { recoverUserShare } from '../userShares/recovery.ts'
import type { reshareAnswer } from './answers.ts'
import { type Call, ok } from './call.ts'
import { valid } from './http.ts'
import { accountIdSchema, confirmRecoverySchema, recoverSchema, sessionIdSchema } from './schemas.ts'
import { refusalOf, type TakingPart } from './takingPart.ts'

const mostListed = 100

/** New shares of an account's wallet: how far they are, and a user's place in them (docs/OPERATIONS.md). */
export function reshareRoutes(services: Services, database: Database, part: TakingPart) {
  const { sessions, now } = services

  async function ours(call: Call): Promise<Account> {
    return followed(database, sessions, await getAccount(database, call.caller, valid(accountIdSchema, call.id)))
  }

  /** The invitation, which has to be to new shares of this account's wallet. @throws Refusal */
  async function invitedTo(account: Account, text: string): Promise<{ invitation: Invitation; session: Session }> {
    const invitation = readable(text, now())
    const sessionId = bytesToHex(invitation.session)
    if ((await reshareOf(database, account.ownedBy, sessionId)).accountId !== account.accountId)
      throw new Refusal('no_such_session', 'no such session of this account')
    return { invitation, session: await sessions.get(sessionId) }
  }

  return {
    async 'GET /api/v1/accounts/{id}/reshares'(call: Call) {
      const account = await ours(call)
      const found = await Promise.all(
        (await resharesOf(database, account, mostListed)).map((sessionId) => sessionOf(sessions, sessionId)),
      )
      const known = found.filter((session) => session !== undefined)
      return ok({ reshares: await Promise.all(known.map((session) => describeReshare(account, session))) })
    },

    async 'GET /api/v1/reshares/{id}'({ caller, id }: Call) {
      const sessionId = valid(sessionIdSchema, id)
      const account = await reshareOf(database, caller, sessionId)
      return ok(await describeReshare(account, await sessions.get(sessionId)))
    },

    async 'POST /api/v1/accounts/{id}/recover'(call: Call) {
      const { invitation: text, recipient } = valid(recoverSchema, await call.body())
      const account = await ours(call)
      part.host()
      const { invitation } = await invitedTo(account, text)
      const { seat } = invitation
      const sessionId = bytesToHex(invitation.session)
      const { publicKey } = account
      const { userShare, confirmation } = await part.working(
        call,
        { sessionId, seat, event: 'recovering-user-share' },
        (ports, signal) => recoverUserShare(ports, { invitation, publicKey, recipient, nowMs: now() }, signal),
      )
      const given = { session: invitation.session, publicKey, recipient, file: userShare }
      return ok({
        session_id: sessionId,
        seat: seat,
        wallet_id: walletIdOf(publicKey),
        public_key: bytesToHex(publicKey),
        user_share: userShare,
        host_signature: bytesToHex(await vouchForShare(given, part.host().identity)),
        confirmation: bytesToHex(confirmation),
      })
    },

    async 'POST /api/v1/accounts/{id}/confirm-recovery'(call: Call) {
      const { invitation: text, confirmation } = valid(confirmRecoverySchema, await call.body())
      const account = await ours(call)
      const { transport } = part.host()
      const { invitation, session } = await invitedTo(account, text)
      const value = hexToBytes(confirmation)
      const agreed = await agreedIn(session)
      // One that is not signed by this seat could never be taken back, and the old shares would sign for ever.
      const isSigned = agreed && (await confirmedResult(agreed.handover, invitation.seat, value))
      if (isSigned === undefined) throw new Refusal('malformed', 'confirmation: does not match the share')
      const { sessionId } = session
      const headers = { authorization: `Bearer ${invitation.joinToken}` }
      const outcome = { case: 'confirmation', value } as const
      await createClient(CoordinatorService, transport).reportCompletion({ sessionId, outcome }, { headers })
      return ok(await describeReshare(account, await sessions.get(sessionId)))
    },
  }
}

function readable(text: string, nowMs: number): Invitation {
  try {
    return readInvitation(text, nowMs).invitation
  } catch (error) {
    throw refusalOf(error)
  }
}

type Reshare = z.infer<typeof reshareAnswer>

const states = {
  [ParticipantState.UNSPECIFIED]: 'invited',
  [ParticipantState.INVITED]: 'invited',
  [ParticipantState.JOINED]: 'joined',
  [ParticipantState.READY]: 'ready',
  [ParticipantState.COMPUTING]: 'dealing',
  [ParticipantState.COMPLETED]: 'confirmed',
  [ParticipantState.FAILED]: 'failed',
} as const satisfies Record<ParticipantState, string>

async function describeReshare(account: Account, session: Session): Promise<Reshare> {
  const proposal = reshareProposalIn(session)
  if (proposal === undefined) throw new Refusal('no_such_session', 'no such session')
  const { number, parent, parties, dealers, threshold, before, reason } = proposal
  const inSeat = (seat: number) => session.participants.find((each) => each.seat === seat)
  const certificate = await certificateIn(session)
  const isOver = certificate === undefined && (await isAborted(session, (await agreedIn(session))?.handover))
  const news = session.participants.filter(({ seat }) => seat <= parties)
  const { kind = '', check = '', detail = '', parties: culprits = [] } = session.failure ?? {}
  return {
    reshare_id: session.sessionId,
    account_id: account.accountId,
    public_key: bytesToHex(account.publicKey),
    reason,
    from_epoch: parent,
    to_epoch: number,
    threshold: { from: before.threshold, to: threshold },
    status: statusOf(session, dealers, { isCertified: certificate !== undefined, isOver }),
    proposed_at_ms: Number(session.createdAtMs),
    expires_at_ms: Number(session.expiresAtMs),
    old: dealers.map(({ seat, from }) => ({ seat: from, status: memberStatus(inSeat(seat)) })),
    new: news.map(({ seat, identity, ...participant }) => ({
      seat,
      status: states[participant.state],
      ...(identity && { identity_fingerprint: fingerprint(identity) }),
      ...(participant.serverParty !== '' && { server_party: participant.serverParty }),
    })),
    left_out: before.members.flatMap((_, i) =>
      dealers.some(({ seat, from }) => (from as number) === i + 1 && seat <= parties) ? [] : [i + 1],
    ),
    awaited: certificate === undefined ? news.filter((each) => each.confirmation.length === 0).map(seatOf) : [],
    ...(certificate !== undefined && { certificate: Buffer.from(certificate).toString('base64') }),
    ...(kind !== '' && { failure: { kind, check, detail, parties: culprits } }),
  }
}

const seatOf = ({ seat }: Pick<Participant, 'seat'>) => seat

function memberStatus(participant: Participant | undefined): Reshare['old'][number]['status'] {
  if (participant === undefined) return 'invited'
  return participant.retired.length > 0 ? 'retired' : states[participant.state]
}

function statusOf(
  { state, participants, run }: Session,
  dealers: readonly { readonly seat: number }[],
  { isCertified, isOver }: { readonly isCertified: boolean; readonly isOver: boolean },
): Reshare['status'] {
  if (isCertified) {
    const dealing = participants.filter(({ seat }) => dealers.some((dealer) => dealer.seat === seat))
    return dealing.every(({ retired }) => retired.length > 0) ? 'done' : 'committed'
  }
  // Without a withdrawal, whoever was stopped after its share was stored may still confirm.
  if (isOver) return 'aborted'
  if (run > 0) return participants.some(({ confirmation }) => confirmation.length > 0) ? 'confirming' : 'dealing'
  if (state === SessionState.FAILED) return 'aborted'
  if (state === SessionState.EXPIRED) return 'expired'
  return state === SessionState.WAITING ? 'waiting' : 'proposed'
}
