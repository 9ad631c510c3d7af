import { confirmedSignature } from '../sign/confirmedSignature.ts'
import { askAndSign, type Request, type SignRun, takePartInRuns } from '../sign/signingRuns.ts'
import { inSeat, leavingWhen, takeSeat } from '../session/inSeat.ts'
import type { NewSession } from '../session/newSession.ts'
import type { CreatorSeat, Seat } from '../session/seat.ts'
import { signingTasks } from '../../tss-wasm/content/signing.ts'
import { type Failure, failureIn, ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { Identity, PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { type Roster, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { OpenedRequest } from '../../tss-wasm/requests/entry.ts'
import { isBegun } from '../../tss-wasm/requests/request.ts'
import { type RequestState, stateOf } from '../../tss-wasm/requests/state.ts'
import type { Signatures } from '../../tss-wasm/worker/api.ts'
import type { RequestBox } from './requestBox.ts'

/** How a member signs a request once it is ready. */
export interface Signing {
  readonly coordinator: { create(request: NewSession): Promise<CreatorSeat> }
  readonly box: RequestBox
  readonly identity: Identity
  /** 32 random hex digits, the same for as long as this program runs: by them it holds what it has claimed. */
  readonly claim: string
  readonly now: () => number
  /** Our part in a run; its engine is given the request's own bytes. */
  readonly sign: SignRun<Signatures>
  /** As askAndSign takes it. */
  readonly presigned?: Request<Signatures>['presigned']
}

/** So long whoever opened a session waits in it for others who have approved. */
const lifeSeconds = 120
/** Well within the lease (SPEC 11.4). */
const renewEveryMs = 10_000

/**
 * Whether a member that holds seat `me` may be in a run of this request now (SPEC 11.4): it has itself approved, it is one of t,
 * and nothing has ended the request.
 * @param by who opened the session, where somebody else did
 * @throws ProtocolAbort `refused`
 */
export function mustBeReady(
  opened: OpenedRequest,
  { membership, me }: Pick<RequestBox, 'membership' | 'me'>,
  nowMs: number,
  by?: PublicIdentity,
): RequestState {
  const state = stateOf(opened, membership, nowMs)
  const no = (why: string) => refused('declined', why)
  if (!isBegun(opened.request, nowMs)) throw no('the request is of a time to come')
  if (!state.approved.includes(me)) throw no('this party has not approved the request')
  if (state.stage !== 'ready') throw no(`the request is ${state.stage}`)
  const opener = by && membership.members.find(({ identity }) => sameIdentity(identity, by))
  if (by !== undefined && (opener === undefined || !state.approved.includes(opener.seat))) {
    throw no('whoever opened the session has not approved the request')
  }
  return state
}

/**
 * Opens a session for a request that is ready, unless another one is open, and signs it with whoever has approved and comes.
 * @returns undefined where another member's claim holds: its offer comes to us
 * @throws ProtocolAbort when too few come, or `signal`'s reason
 */
export async function openRun(
  parts: Signing,
  opened: OpenedRequest,
  signal: AbortSignal,
): Promise<Signatures | undefined> {
  const { coordinator, box, identity, claim, now, presigned } = parts
  const { membership, me } = box
  const { approved } = mustBeReady(opened, box, now())
  if ((await box.meet(opened, claim)) !== claim) return undefined
  const { threshold, members } = membership
  const others = members
    .filter(({ seat }) => seat !== me && approved.includes(seat))
    .map(({ seat, identity: pinned }) => ({ seat, serverParty: '', pinned }))
  const proposal = { kind: 'sign', request: opened.hash } as const
  const session = { identity, proposal, threshold, parties: members.length, mySeat: me, others, lifeSeconds }
  await using seat = await takeSeat(signal, coordinator.create(session))
  using held = new DisposableStack()
  held.use(leavingWhen(signal, seat))
  held.use(renewing(() => box.meet(opened, claim)))
  return await told(parts, opened, (run) =>
    inSeat(seat, async () => {
      await seat.markReady()
      const signatures = await askAndSign<Signatures>(seat, {
        threshold,
        sign: run,
        ...(presigned && { presigned }),
        taken: confirmedSignature(signingTasks(opened.request)),
      })
      const { confirmation } = signatures
      // The others have it, or get it from us; whoever is gone by now is not waited for.
      if (confirmation.length > 0) await seat.confirm(confirmation).catch(ignoringAborts)
      return signatures
    }),
  )
}

/** Our part in a session that another member has opened, once it is joined. @throws ProtocolAbort */
export async function joinRun(parts: Signing, opened: OpenedRequest, seat: Seat): Promise<Signatures> {
  return told(parts, opened, async (run) => {
    await seat.markReady()
    return takePartInRuns(seat, run, isWithoutItsOpener)
  })
}

/** Any other member opens a session in its place, so that nobody waits in this one for a program that has died. */
function isWithoutItsOpener(failure: Failure, { creator }: Roster): boolean {
  return failure.kind === 'timed-out' && failure.waitingFor.includes(creator)
}

/** Signs, and tells all members what became of it: the signatures, or whom our own checks have named. */
async function told(
  { box, sign }: Signing,
  opened: OpenedRequest,
  work: (run: SignRun<Signatures>) => Promise<Signatures>,
): Promise<Signatures> {
  let signers: readonly PartyId[] = []
  try {
    const made = await work((roster, channel) => {
      signers = roster.seats.map(({ seat }) => seat)
      return sign(roster, channel)
    })
    const signatures = made.signatures.map(({ r, s, recovery }) => ({ r, s, recovery }))
    await box.say(opened, { type: 'signed', signatures, signers })
    return made
  } catch (error) {
    const failure = failureIn(error)
    if (failure.kind === 'misbehaviour') {
      const culprits = [...failure.culprits].sort((a, b) => a - b)
      await box.say(opened, { type: 'failed', culprits, reason: failure.check }).catch(ignoringAborts)
    }
    throw error
  }
}

/** Our claim holds for as long as this is not disposed of. */
function renewing(renew: () => Promise<unknown>): Disposable {
  const timer = setInterval(() => {
    void renew().catch(ignoringAborts)
  }, renewEveryMs)
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
    },
  }
}

function ignoringAborts(error: unknown): void {
  if (!(error instanceof ProtocolAbort)) throw error
}
