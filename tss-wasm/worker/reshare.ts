import { sha256 } from '@noble/hashes/sha2.js'
import { sameBytes } from '../bytes.ts'
import { secretsOfPreParameters } from '../crypto/types.ts'
import { nextNumber, partyKeyOf } from '../epoch/numbers.ts'
import { misbehaviour, ProtocolAbort, refused, withParties } from '../failure.ts'
import { decodeProposal } from '../identity/proposal.ts'
import { handoverOf, signReshareConfirmation } from '../identity/reshareAgreement.ts'
import type { ReshareProposal } from '../identity/reshareProposal.ts'
import { sameIdentity } from '../identity/roster.ts'
import { type KeyShare, walletIdOf } from '../keyShare/keyShare.ts'
import { publicSharesHash } from '../keyShare/publicSharesHash.ts'
import { sealWallet, unsealWallet } from '../keyShare/seal.ts'
import { unsealPreParameters } from '../keyShare/sealedPreParameters.ts'
import { flawOfShare } from '../keyShare/validate.ts'
import { holding, unknownSeat, type Wallet } from '../keyShare/wallet.ts'
import type { PartyId } from '../partyId.ts'
import { reshareTable } from '../protocols/messages.ts'
import type { Party } from '../protocols/protocol.ts'
import { reshareNew, reshareNewStages, reshareOld, reshareOldStages } from '../protocols/reshare.ts'
import type { Channel } from '../round/channel.ts'
import { committeeChannels, deviceOf, partiesOf, partyOf } from '../round/committees.ts'
import { openMailbox } from '../round/mailbox.ts'
import type { Committee } from '../round/round.ts'
import { HeldSecrets } from '../secret.ts'
import type { KeepPending, OldShares, Reshare, ShareToReshare } from './api.ts'
import { publicSharesOf, sharesBefore } from './publicShares.ts'
import { type CeremonyTools, lineOf, type OnProgress, ownSeatKeys, type Seated, stageOf } from './seating.ts'

/**
 * What a proposal to reshare says of the shares as they are, from our own, and the number of the attempt (RESHARING 4.3, 7).
 * @throws ProtocolAbort `refused`: the share does not open, or does not say who holds the others
 */
export async function oldShares({ sealedShare, opening, used, parties }: ShareToReshare): Promise<OldShares> {
  using held = holding(await unsealWallet(sealedShare, opening))
  const { share, seats, epoch } = held.wallet
  if (seats.some((seat) => sameIdentity(seat, unknownSeat)))
    throw refused('not-a-holder', 'this device does not know who holds the other shares')
  const keys = share.parties.map(({ key }) => key)
  const number = nextNumber(
    [epoch, ...used],
    keys,
    Array.from({ length: parties }, (_, i) => i + 1),
  )
  return { publicKey: share.publicKey.toBytes(true), epoch, number, before: sharesBefore(share, seats) }
}

/**
 * The part of one device in resharing, in one committee or in both (RESHARING 2): secured channel, mailboxes, protocol,
 * validation, sealing. The new share is handed to `keep` with what this device will report; only once `keep` has made both
 * durable are the others told. The share that deals is not changed.
 * @throws ProtocolAbort, naming devices by their seats in the session
 */
export async function reshare(
  request: Reshare,
  channel: Channel,
  onProgress: OnProgress,
  keep: KeepPending,
  tools: CeremonyTools,
): Promise<void> {
  const { promise: over, reject: end } = Promise.withResolvers<never>()
  over.catch(() => undefined)
  const ending = { ...channel, next: () => Promise.race([over, channel.next()]) }
  const run = openRun(request, ending, onProgress, tools)
  try {
    // What one of its two parties throws ends the work of the device, and so the wait of the other.
    await Promise.all([run.deals && dealShare(request, run), run.receives && receiveShare(request, run, keep)])
  } catch (error) {
    end(error)
    if (error instanceof ProtocolAbort) throw new ProtocolAbort(withParties(error.failure, deviceOf))
    throw error
  }
}

interface Run {
  readonly proposal: ReshareProposal
  readonly committees: Readonly<Record<Committee, readonly PartyId[]>>
  readonly deals: boolean
  readonly receives: boolean
  /** What `reshareOld` and `reshareNew` know of both committees. */
  readonly handover: {
    readonly dealers: ReadonlyMap<PartyId, bigint>
    readonly receivers: ReadonlyMap<PartyId, bigint>
    readonly threshold: number
  }
  readonly before: ReturnType<typeof publicSharesOf>
  readonly tools: CeremonyTools
  party(committee: Committee): Seated
}

function openRun(request: Reshare, channel: Channel, onProgress: OnProgress, tools: CeremonyTools): Run {
  const { me, roster, deadlineMs } = request
  const { proposal } = decodeProposal(request.proposal)
  if (proposal.kind !== 'reshare' || !sameBytes(sha256(request.proposal), roster.proposalHash))
    throw refused('other-parties', 'the roster is for another proposal')
  const before = publicSharesOf(proposal)
  const receivers = Array.from({ length: proposal.parties }, (_, i) => (i + 1) as PartyId)
  const deals = proposal.dealers.some(({ seat }) => seat === me)
  const receives = receivers.includes(me)
  if (deals !== (request.dealing !== undefined) || receives !== (request.receiving !== undefined))
    throw refused('other-parties', 'our part in the proposal is another one')

  const devices = { old: proposal.dealers.map(({ seat }) => seat), new: receivers }
  const committees = partiesOf(devices)
  const stages = ['Open the share', ...(receives ? reshareNewStages : reshareOldStages)]
  const line = lineOf(request, 'reshare', { channel, tools })
  const channels = committeeChannels(line, me, devices, reshareTable)
  const { clock, ...computing } = tools
  const mark = stageOf({ stages, onProgress })
  mark('Open the share')
  return {
    proposal,
    committees,
    deals,
    receives,
    before,
    tools,
    handover: {
      dealers: new Map(
        proposal.dealers.map(({ seat, from }) => [partyOf(seat, 'old'), before.parties[from - 1]?.key ?? 0n]),
      ),
      receivers: new Map(receivers.map((seat) => [partyOf(seat, 'new'), partyKeyOf(proposal.number, seat)])),
      threshold: proposal.threshold,
    },
    party(committee) {
      const id = partyOf(me, committee)
      const peers = [...committees.old, ...committees.new].filter((party) => party !== id)
      const own = channels.get(committee)
      if (own === undefined) throw new Error('the device is not in this committee')
      const mail = openMailbox(own, {
        me: id,
        peers,
        rounds: reshareTable,
        committees,
        deadlineMs,
        ...(clock && { clock }),
        onReceived: (from, round) => {
          if (deviceOf(from) !== me) onProgress({ type: 'received', from: deviceOf(from), round })
        },
      })
      // A device in both shows what it receives: that takes longer.
      const stage = committee === 'old' && receives ? () => undefined : mark
      return { id, peers, mail, stage, ...computing }
    },
  }
}

async function dealShare({ dealing, me, identity }: Reshare, run: Run): Promise<void> {
  const { proposal, handover } = run
  if (dealing === undefined) throw new Error('whoever deals has a share')
  using held = holding(await unsealWallet(dealing.sealedShare, dealing.opening))
  const { share, seats, epoch } = held.wallet
  const from = proposal.dealers.find(({ seat }) => seat === me)?.from ?? 0
  const isOurs =
    share.index + 1 === from &&
    epoch === proposal.parent &&
    sameBytes(share.publicKey.toBytes(true), proposal.publicKey)
  if (!isOurs || !sameIdentity(seats[share.index], identity.public))
    throw refused('other-parties', 'the share is not the one that is to be dealt')
  // New members have the old key from the proposal: it is worth what those who deal say of it.
  const isStated =
    sameBytes(publicSharesHash(share), proposal.before.hash) &&
    seats.every((seat, i) => sameIdentity(seat, proposal.before.members[i]?.identity))
  if (!isStated) throw misbehaviour([], 'proposal to reshare states the shares of the wallet')
  const party: Party = run.party('old')
  await reshareOld(party, { ...handover, share })
}

async function receiveShare(request: Reshare, run: Run, keep: KeepPending): Promise<void> {
  const { receiving, roster, identity, me } = request
  const { proposal, handover, before, tools } = run
  if (receiving === undefined) throw new Error('whoever receives has pre-parameters')
  const party = run.party('new')
  using secrets = new HeldSecrets()
  const preParameters = await unsealPreParameters(receiving.preParameters, receiving.preParametersKey, tools)
  secrets.add(...secretsOfPreParameters(preParameters))
  const seatKeys = await ownSeatKeys({ ...receiving, identity })
  if (seatKeys !== undefined) secrets.add(seatKeys.signing, seatKeys.encryption)
  const agreed = handoverOf(proposal, roster)

  const keepSealed = async (share: KeyShare): Promise<void> => {
    secrets.add(share.secret)
    const flaw = flawOfShare(share)
    if (flaw !== undefined) throw misbehaviour([], 'new share stands up to its checks', flaw)
    const wallet: Wallet = {
      name: receiving.walletName,
      createdAtMs: receiving.createdAtMs,
      epoch: proposal.number,
      seats: agreed.new.map((member) => member.identity),
      share,
      ...(seatKeys && { identity: seatKeys }),
    }
    const sealedShare = await sealWallet(wallet, receiving.sealing, tools.random)
    const result = { transcriptHash: party.mail.transcriptHash(), sharesAfter: publicSharesHash(share) }
    const report = await signReshareConfirmation(agreed, me, result, identity)
    await keep({ walletId: walletIdOf(share.publicKey), sealedShare, report })
  }
  await reshareNew(party, { ...handover, before, preParameters, keep: keepSealed })
}
