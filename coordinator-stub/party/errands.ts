import { readFile } from 'node:fs/promises'
import { bytesToHex } from '@noble/hashes/utils.js'
import { inSeat, leavingWhen } from '../../participant/session/inSeat.ts'
import type { Seat } from '../../participant/session/seat.ts'
import type { Settled } from '../../participant/reshare/settleEpochs.ts'
import { misbehaviour, refused } from '../../tss-wasm/failure.ts'
import { type Invitation, readInvitation } from '../../tss-wasm/identity/invitation.ts'
import { walletIdOf } from '../../tss-wasm/keyShare/keyShare.ts'
import { approvedByOthers, reshareAsProposed } from './proposing.ts'
import { reshareShares } from './resharing.ts'
import type { SessionPorts } from './sessionPorts.ts'

/** What its operator has a party do once, beside what it does by itself (docs/OPERATIONS.md). */
export type Errand =
  /** Gives the places whose shares are lost to new devices, by invitation. */
  | { readonly kind: 'recover'; readonly walletId: string; readonly lost: readonly number[] }
  /** Takes a place in a wallet that exists, by the invitation in this file. */
  | { readonly kind: 'join'; readonly invitationFile: string }

/** Whoever has the party run an errand. */
export interface Operator {
  /** Is shown an invitation for each lost place: a secret for one person each. */
  invite(invitations: readonly Invitation[]): void
  /** Resolves once the operator says whether whoever is new reads the same code. */
  codesMatch(code: string): Promise<boolean>
  /** Is told how the errand ended: with new shares, or waiting for whoever has still to confirm. */
  done(outcome: { readonly walletId: string; readonly state: Settled['state'] }): void
}

/** Whoever has no answer for so long has a day to come with the invitation. */
const lifeSeconds = 86_400

/** @throws ProtocolAbort; the shares in use sign as before */
export async function runErrand(
  ports: SessionPorts,
  errand: Errand,
  operator: Operator,
  signal: AbortSignal,
): Promise<void> {
  await (errand.kind === 'recover'
    ? recoverPlaces(ports, errand, operator, signal)
    : joinInvited(ports, errand.invitationFile, operator, signal))
}

/**
 * Proposes new shares in which the lost places are given away. Starting it is the operator's consent; the other members answer
 * by their own rules, and whoever comes with an invitation is compared with by the check code.
 */
async function recoverPlaces(
  ports: SessionPorts,
  { walletId, lost }: Extract<Errand, { readonly kind: 'recover' }>,
  operator: Operator,
  signal: AbortSignal,
): Promise<void> {
  const wallet = await ports.folder.wallet(walletId)
  if (wallet?.state !== 'active') throw refused('not-a-holder', 'this party holds no share of that wallet')
  const { seats, mySeat, threshold } = wallet
  const strange = lost.find((seat) => !seats.some((each) => (each.seat as number) === seat))
  if (strange !== undefined) throw refused('other-parties', `the wallet has no seat ${strange}`)
  if (lost.includes(mySeat)) throw refused('other-parties', `seat ${mySeat} is this party's own, and its share is here`)
  if (seats.length - lost.length < threshold)
    throw refused('too-few-signers', `${threshold} shares make new ones, and ${seats.length - lost.length} are left`)
  const wanted = {
    ...{ reason: 'device' as const, threshold, lifeSeconds },
    places: seats.map(({ seat }) =>
      lost.includes(seat) ? ({ kind: 'invited' } as const) : ({ kind: 'stays', seat } as const),
    ),
  }
  const settled = await reshareAsProposed(ports, wallet, wanted, {
    signal,
    onProposed(seat) {
      ports.log('recovery-proposed', { session: seat.sessionId, wallet: walletId, lost })
      operator.invite([...seat.invitations.values()])
    },
    async approved(seat) {
      await comparedWith(seat, operator)
      await approvedByOthers(seat)
    },
  })
  operator.done({ walletId, state: settled.state })
}

/** Becomes a member of a wallet that others hold. The invitation is the operator's consent, and the policy is not asked. */
async function joinInvited(ports: SessionPorts, file: string, operator: Operator, signal: AbortSignal): Promise<void> {
  const { folder, coordinator, underWay, label, now, log } = ports
  const { invitation } = readInvitation(await readFile(file, 'utf8'), now())
  const { session, joinToken, creator, seat: mine, seatSecret } = invitation
  const access = { sessionId: bytesToHex(session), joinToken, invitedBy: creator, seat: mine }
  const seen = await coordinator.preview(access)
  const { proposal } = seen
  if (proposal.kind !== 'reshare') throw refused('invitation-unreadable', 'not to a wallet that exists')
  if (seen.isOver) throw refused('invitation-over', 'over')
  const walletId = walletIdOf(proposal.publicKey)
  const known = await folder.wallet(walletId)
  if (known !== undefined && known.state !== 'joining')
    throw refused('other-parties', 'this party is or was a member of that wallet: its members ask it by its identity')
  log('invited', {
    session: seen.sessionId,
    wallet: walletId,
    threshold: proposal.threshold,
    parties: proposal.parties,
  })
  await using seat = await coordinator.join(seen, {
    ...{ identity: folder.identity, seatSecret },
    ...(label !== undefined && { name: label }),
  })
  using leaving = leavingWhen(signal, seat)
  using run = new DisposableStack()
  const settled = await inSeat(seat, () =>
    reshareShares(ports, seat, undefined, {
      approved: () => comparedWith(seat, operator),
      onStart() {
        run.use(underWay.enter())
        leaving[Symbol.dispose]()
      },
    }),
  )
  operator.done({ walletId, state: settled.state })
}

/** @throws ProtocolAbort where the operator says that the codes differ, or the session is over before */
async function comparedWith(seat: Seat, operator: Operator): Promise<void> {
  const code = await seat.checkCode()
  const { promise: over, reject } = Promise.withResolvers<never>()
  const stop = seat.ended(reject)
  try {
    if (await Promise.race([over, operator.codesMatch(code)])) return
  } finally {
    stop()
  }
  throw misbehaviour([], 'check codes are the same for everybody')
}
