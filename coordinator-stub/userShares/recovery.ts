import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { refused } from '../../tss-wasm/failure.ts'
import { createIdentity, sealIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Invitation } from '../../tss-wasm/identity/invitation.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { PendingShare } from '../../tss-wasm/worker/api.ts'
import type { UserSharePorts } from './ceremonies.ts'
import { endingWith, seated } from './seated.ts'
import { checkRecipient, newShareKey, sealedFor, writeUserShare } from './userShare.ts'

export interface RecoveredShare {
  readonly publicKey: Uint8Array
  /** An age file for the person, in its text form. */
  readonly userShare: string
  /** Signed: to be reported once the person has stored the share (RESHARING 4.3). */
  readonly confirmation: Uint8Array
}

/** Whose place is taken, and who is to have the share. */
export interface Recovery {
  /** By a member of the wallet. */
  readonly invitation: Invitation
  /** Of the wallet that it has to be for, compressed. */
  readonly publicKey: Uint8Array
  readonly recipient: string
  readonly nowMs: number
}

/** How long we wait for a message of a round. */
const deadlineMs = 60_000

/**
 * Takes a place in a wallet that exists, for somebody whose device cannot compute: with a fresh identity, gives share and
 * identity away encrypted, and keeps neither. The confirmation does not leave here: until the person has the share and says
 * so, the shares of before are the wallet's.
 * @throws ProtocolAbort; the others have been told why
 */
export async function recoverUserShare(
  { coordinator, startEngine, random }: UserSharePorts,
  { invitation, publicKey, recipient, nowMs }: Recovery,
  signal: AbortSignal,
): Promise<RecoveredShare> {
  await checkRecipient(recipient)
  const { session, joinToken, creator, seat: mine, seatSecret } = invitation
  const access = { sessionId: bytesToHex(session), joinToken, invitedBy: creator, seat: mine }
  const seen = await coordinator.preview(access)
  const { proposal } = seen
  if (proposal.kind !== 'reshare' || !sameBytes(proposal.publicKey, publicKey))
    throw refused('invitation-unreadable', 'not to a place in the wallet of this account')
  if (seen.isOver) throw refused('invitation-over', 'over')
  const { bytes: keyBytes, key } = await newShareKey(random)
  using engines = endingWith(signal)
  try {
    const identity = await createIdentity({ extractable: true })
    const sealedIdentity = await sealIdentity(identity, key, random)
    // Before anybody waits for us.
    const preParameters = await engines.start(startEngine).makePreParameters(key, () => undefined)
    return await seated(signal, coordinator.join(seen, { identity, seatSecret }), async (seat) => {
      await seat.markReady()
      const roster = await seat.started()
      let kept: PendingShare | undefined
      const receiving = {
        ...{ walletName: proposal.walletName, createdAtMs: nowMs, sealing: { kind: 'key', key } as const },
        ...{ preParameters, preParametersKey: key },
      }
      await engines.start(startEngine).reshare(
        { me: seat.me, identity, roster, deadlineMs, proposal: seat.proposalBytes, receiving },
        seat.channel,
        () => undefined,
        (pending) => {
          kept = pending
          return Promise.resolve()
        },
      )
      if (kept === undefined) throw new Error('whoever receives a share is given one')
      const { sealedShare, report } = kept
      const members = membersIn(roster, proposal, seat.me)
      const plain = writeUserShare({ publicKey, roster: members, sealedIdentity, sealedShare }, keyBytes)
      const userShare = await sealedFor(recipient, plain).finally(() => plain.fill(0))
      seat.leave()
      return { publicKey, userShare, confirmation: report }
    })
  } finally {
    keyBytes.fill(0)
  }
}

/** The members of after alone: who only deals holds no share of it. */
function membersIn(roster: Roster, { parties }: ReshareProposal, me: PartyId): Roster {
  const seats = roster.seats.filter(({ seat }) => seat <= parties)
  const creator = seats.some(({ seat }) => seat === roster.creator) ? roster.creator : me
  return { ...roster, seats, creator }
}
