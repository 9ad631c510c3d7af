import { hexToBytes } from '@noble/hashes/utils.js'
import type { Coordinator } from '../../participant/coordinator.ts'
import type { SeatAccess } from '../../participant/session/sessionPreview.ts'
import type { NewSession, OfferedSeat } from '../../participant/session/newSession.ts'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import { makeShareFor } from '../../participant/share/makeShare.ts'
import { confirmedSignature } from '../../participant/sign/confirmedSignature.ts'
import { askAndSign, type SignRun, takePartInRuns } from '../../participant/sign/signingRuns.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { signingTasks } from '../../tss-wasm/content/signing.ts'
import { refused } from '../../tss-wasm/failure.ts'
import { createIdentity, sealIdentity } from '../../tss-wasm/identity/identity.ts'
import { encodeProposal, type SignProposal } from '../../tss-wasm/identity/proposal.ts'
import { identityAt, sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { describeSealed } from '../../tss-wasm/keyShare/seal.ts'
import { readShareOrder } from '../../tss-wasm/identity/shareOrder.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Engine, Signatures } from '../../tss-wasm/worker/api.ts'
import type { Participant } from '../orders/participant.ts'
import { endingWith, seated } from './seated.ts'
import { checkRecipient, newShareKey, readUserShare, sealedFor, type UserShare, writeUserShare } from './userShare.ts'

/** What a party without a memory works with. */
export interface UserSharePorts {
  readonly coordinator: Coordinator
  readonly parties: readonly PinnedParty[]
  readonly startEngine: () => Engine
  readonly random: RandomSource
}

/** A session that was ordered, and the token of the seat to be taken. */
export interface Ordered {
  readonly access: SeatAccess
  readonly threshold: number
  /** The first opens the session. */
  readonly participants: readonly Participant[]
  readonly mySeat: PartyId
}

export interface MadeUserShare {
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** An age file for the person, in its text form. */
  readonly userShare: string
  /** Signed: to be reported once the person has stored the share (ARCHITECTURE 2.7). */
  readonly confirmation: Uint8Array
}

/** How long we wait for a message of a round. */
const deadlineMs = 60_000

/**
 * Makes a wallet for somebody whose device cannot: takes the first seat with an identity made for this wallet alone, gives
 * share and identity away encrypted, and keeps neither. The confirmation does not leave here: until the person has the share
 * and says so, the wallet belongs to nobody.
 * @throws ProtocolAbort; the others have been told why
 */
export async function makeUserShare(
  { coordinator, parties, startEngine, random }: UserSharePorts,
  { access: ordered, threshold, participants, mySeat }: Ordered,
  { recipient, walletName }: { readonly recipient: string; readonly walletName: string },
  signal: AbortSignal,
): Promise<MadeUserShare> {
  await checkRecipient(recipient)
  const others = participants.filter(({ seat }) => seat !== (mySeat as number)).map((each) => pinnedSeat(each, parties))
  const { bytes: keyBytes, key } = await newShareKey(random)
  using engines = endingWith(signal)
  try {
    const identity = await createIdentity({ extractable: true })
    const sealing = { kind: 'key', key } as const
    const sealedIdentity = await sealIdentity(identity, key, random)
    // Before anybody waits for us.
    const preParameters = await engines.start(startEngine).makePreParameters(key, () => undefined)
    const proposal = {
      kind: 'keygen',
      walletName,
      threshold,
      parties: participants.length,
      curve: 'secp256k1',
    } as const
    const session: NewSession = { identity, proposal, threshold, mySeat, others, ordered }
    return await seated(signal, coordinator.create(session), async (seat) => {
      await seat.markReady()
      const roster = await seat.start()
      return makeShareFor(
        { startEngine: () => engines.start(startEngine) },
        seat,
        {
          identity,
          roster,
          deadlineMs,
          walletName,
          sealing,
          material: () => Promise.resolve({ preParameters, preParametersKey: key }),
        },
        async ({ publicKey, sealedShare, confirmation }) => {
          const plain = writeUserShare({ publicKey, roster, sealedIdentity, sealedShare }, keyBytes)
          const userShare = await sealedFor(recipient, plain).finally(() => plain.fill(0))
          return { publicKey, userShare, confirmation }
        },
        signal,
      )
    })
  } finally {
    keyBytes.fill(0)
  }
}

/**
 * Signs, with a share that its holder sent for this one signature, the content that came with it. Opens the ordered session
 * or joins it, whichever the seat is for.
 * @param plain the user's order, which names this session and this content; overwritten
 * @throws ProtocolAbort; the others have been told why
 */
export async function signWithUserShare(
  ports: UserSharePorts,
  ordered: Ordered,
  plain: Uint8Array,
  proposal: SignProposal,
  signal: AbortSignal,
): Promise<Signatures> {
  const { coordinator, startEngine } = ports
  const { access, threshold, participants, mySeat } = ordered
  const { content } = proposal
  const session = hexToBytes(access.sessionId)
  const share = await readUserShare(readShareOrder(plain, { session, proposal }))
  const { roster: makers, identity, sealedShare, key } = share
  mustFit(share, ordered, proposal)
  using engines = endingWith(signal)
  const sign: SignRun<Signatures> = (roster, channel) =>
    engines
      .start(startEngine)
      .sign(
        { me: mySeat, identity, roster, deadlineMs, sealedShare, sealing: { kind: 'key', key }, content },
        channel,
        () => undefined,
      )

  if (participants[0]?.seat === (mySeat as number)) {
    const others = participants.slice(1).map((each) => madeWith(each, share))
    const parties = makers.seats.length
    const asking: NewSession = { identity, proposal, threshold, parties, mySeat, others, ordered: access }
    return await seated(signal, coordinator.create(asking), async (seat) => {
      await seat.markReady()
      const signature = await askAndSign<Signatures>(seat, {
        threshold,
        sign,
        taken: confirmedSignature(signingTasks(proposal)),
      })
      if (signature.confirmation.length > 0) await seat.confirm(signature.confirmation)
      return signature
    })
  }
  const seen = await coordinator.preview(access)
  const isWanted = sameBytes(seen.proposalBytes, encodeProposal(proposal, session))
  const isHolder = makers.seats.some((each) => sameIdentity(each.identity, seen.creator))
  if (!isWanted || !isHolder) {
    const refusal = refused('not-a-holder', 'asked to sign something else, or by somebody without a share')
    await coordinator.decline(access, refusal.failure)
    throw refusal
  }
  const wallet = { threshold, parties: makers.seats.length }
  return await seated(signal, coordinator.join(seen, { identity, wallet }), async (seat) => {
    await seat.markReady()
    return takePartInRuns(seat, sign)
  })
}

/** @throws ProtocolAbort `refused`: what was sent does not belong to what was ordered */
function mustFit(
  { seat, publicKey, roster, sealedShare }: UserShare,
  ordered: Ordered,
  { publicKey: walletKey, epoch: current = 0 }: SignProposal,
): void {
  if (!sameBytes(publicKey, walletKey))
    throw refused('user-share', 'user_share: belongs to a different wallet than the order')
  const { epoch } = describeSealed(sealedShare)
  if (epoch !== current) throw refused('epoch', `user_share: a share of epoch ${epoch}; the wallet is in ${current}`)
  if (seat !== ordered.mySeat)
    throw refused('user-share', `user_share: belongs to seat ${seat}, but the join token is for seat ${ordered.mySeat}`)
  if (roster.threshold !== ordered.threshold)
    throw refused('user-share', 'user_share: its wallet has a different threshold')
}

/** Who holds the share of this seat, by what was written down when the wallet was made. */
function madeWith({ seat, party_id, type }: Participant, { roster }: UserShare): OfferedSeat {
  const pinned = identityAt(roster, seat as PartyId)
  if (pinned === undefined) throw refused('user-share', 'user_share: its wallet has no seat like the one ordered')
  return { seat: seat as PartyId, serverParty: type === 'server' ? party_id : '', pinned }
}

function pinnedSeat({ seat, party_id, type }: Participant, parties: readonly PinnedParty[]): OfferedSeat {
  const pinned = parties.find(({ name }) => type === 'server' && name === party_id)?.identity
  if (pinned === undefined) {
    throw refused(
      'configuration',
      'only server parties can be the others: people need invitations, which a device of theirs hands out',
    )
  }
  return { seat: seat as PartyId, serverParty: party_id, pinned }
}
