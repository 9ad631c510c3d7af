import { sha256 } from '@noble/hashes/sha2.js'
import { sameBytes } from '../bytes.ts'
import type { ContentSignature } from '../content/ethereum.ts'
import { confirmedSignatures, isSignedOrder, signatureCount, signingTasks } from '../content/signing.ts'
import { secretsOfPreParameters } from '../crypto/types.ts'
import { misbehaviour, refused } from '../failure.ts'
import { signConfirmation } from '../identity/confirmation.ts'
import { encodeProposal, type RunProposal, type SignProposal } from '../identity/proposal.ts'
import { decodeRequest, requestHash } from '../requests/request.ts'
import { sameIdentity, type Roster } from '../identity/roster.ts'
import { protocolName } from '../identity/signingProtocol.ts'
import { integerToFixedBytes } from '../integers/bytes.ts'
import { walletIdOf } from '../keyShare/keyShare.ts'
import { sealWallet, unsealWallet } from '../keyShare/seal.ts'
import { unsealPreParameters } from '../keyShare/sealedPreParameters.ts'
import { flawOfShare } from '../keyShare/validate.ts'
import { holding, type Wallet } from '../keyShare/wallet.ts'
import { keygen, keygenStages } from '../protocols/keygen.ts'
import { keygenTable } from '../protocols/messages.ts'
import type { Channel } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import { HeldSecrets } from '../secret.ts'
import type { CreateWallet, NewWallet, Sign, Signatures } from './api.ts'
import { type CeremonyTools, type OnProgress, ownSeatKeys, sit, stageOf } from './seating.ts'
import type { ReadyPresignatures } from './presignatures.ts'
import { type Signing, signingStages, wayToSign } from './signing.ts'

/**
 * Key generation from the sealed pre-parameters to the sealed share: secured channel, mailbox, protocol, validation,
 * sealing, and only then the confirmation that the caller may send once the share is stored.
 * @throws ProtocolAbort
 */
export async function createWallet(
  request: CreateWallet,
  channel: Channel,
  onProgress: OnProgress,
  tools: CeremonyTools,
): Promise<NewWallet> {
  const { me, identity, roster } = request
  const stages = ['Open the prepared primes', ...keygenStages, 'Encrypt the share']
  const { stage, ...party } = sit(request, 'keygen', { channel, rounds: keygenTable, stages, onProgress, tools })

  stage('Open the prepared primes')
  using secrets = new HeldSecrets()
  const preParameters = await unsealPreParameters(request.preParameters, request.preParametersKey, tools)
  secrets.add(...secretsOfPreParameters(preParameters))
  const seatKeys = await ownSeatKeys(request)
  if (seatKeys !== undefined) secrets.add(seatKeys.signing, seatKeys.encryption)
  // New wallets take the seat number as the party key (ARCHITECTURE 1).
  const partyKeys = new Map(roster.seats.map(({ seat }) => [seat, BigInt(seat)]))
  const share = await keygen({ ...party, stage }, { threshold: roster.threshold, partyKeys, preParameters })
  secrets.add(share.secret)
  const flaw = flawOfShare(share)
  if (flaw !== undefined) throw misbehaviour([], 'new share stands up to its checks', flaw)

  stage('Encrypt the share')
  const seats = roster.seats.map((each) => each.identity)
  const known = { name: request.walletName, createdAtMs: Date.now(), epoch: 0, seats, share }
  const wallet: Wallet = seatKeys === undefined ? known : { ...known, identity: seatKeys }
  const sealedShare = await sealWallet(wallet, request.sealing, tools.random)
  const publicKey = share.publicKey.toBytes(true)
  const transcriptHash = party.mail.transcriptHash()
  const confirmation = await signConfirmation({ seat: me, result: publicKey, transcriptHash }, roster, identity)
  return { walletId: walletIdOf(publicKey), publicKey, sealedShare, confirmation }
}

/**
 * The signatures over content that is decoded, and its digests derived, here: one after the other, each with rounds of its
 * own in the one run that everybody has approved the content for.
 * @throws ProtocolAbort
 */
export async function sign(
  request: Sign,
  channel: Channel,
  onProgress: OnProgress,
  tools: CeremonyTools & { readonly ready: ReadyPresignatures },
): Promise<Signatures> {
  const { me, identity, roster, content, path = [] } = request
  const stages = ['Open the share', ...signingStages(roster, signatureCount(content))]
  const telling = { stages, onProgress }

  stageOf(telling)('Open the share')
  using held = holding(await unsealWallet(request.sealedShare, request.sealing))
  const { wallet } = held
  const { share } = wallet
  const signers = signersOf(wallet, roster, me)
  const order = { publicKey: share.publicKey.toBytes(true), path, content }
  const tasks = signingTasks(order)
  const epoch = wallet.epoch === 0 ? {} : { epoch: wallet.epoch }
  const agreed = proposalOf({ kind: 'sign', ...epoch, ...order }, request.request)
  if (agreed === undefined || !sameBytes(sha256(encodeProposal(agreed, roster.session)), roster.proposalHash)) {
    throw refused('other-parties', 'the others were asked to sign something else, or with shares of another epoch')
  }

  const parties = [...signers.keys()]
  const ready: Signing['ready'] = (slots, tweak) =>
    tools.ready.find({ publicKey: order.publicKey, epoch: wallet.epoch, tweak, signers: parties }, slots)
  const isOpaque = content.type === 'raw-digest'
  const way = wayToSign({ roster, share, signers, tasks, isOpaque, ready })
  const party = sit(request, 'sign', { channel, rounds: way.rounds, ...telling, tools })
  const signatures = (await way.sign(party)).map(({ r, s, recovery }): ContentSignature => ({
    r: integerToFixedBytes(r, 32),
    s: integerToFixedBytes(s, 32),
    recovery,
  }))
  if (!isSignedOrder(tasks, signatures)) throw new Error('a signature is not by the key of its task')
  const transcriptHash = party.mail.transcriptHash()
  const result = confirmedSignatures(signatures)
  const confirmation = await signConfirmation({ seat: me, result, transcriptHash }, roster, identity)
  return { signatures, protocol: protocolName(roster), presigned: roster.presigned !== undefined, confirmation }
}

/** What the session is for: the order itself, or the request that says it. undefined where the request says another one. */
function proposalOf(order: SignProposal, bytes: Uint8Array | undefined): SignProposal | RunProposal | undefined {
  if (bytes === undefined) return order
  const { publicKey, epoch, path, content } = decodeRequest(bytes)
  const asked = { kind: 'sign', publicKey, ...(epoch && { epoch }), ...(path && { path }), content } as const
  const session = new Uint8Array(16)
  if (!sameBytes(encodeProposal(order, session), encodeProposal(asked, session))) return undefined
  return { kind: 'sign', request: requestHash(bytes) }
}

interface SeatedShare extends Pick<Wallet, 'seats'> {
  readonly share: Pick<Wallet['share'], 'index' | 'threshold'> & {
    readonly parties: readonly { readonly key: bigint }[]
  }
}

/** The party keys of those in the roster, each of whom must be the one who got that share when the wallet was made. */
export function signersOf({ seats, share }: SeatedShare, roster: Roster, me: PartyId): Map<PartyId, bigint> {
  if (share.index + 1 !== me) throw refused('other-parties', 'the share is of another seat')
  if (roster.threshold !== share.threshold)
    throw refused('other-parties', 'the roster has another threshold than the wallet')
  return new Map(
    roster.seats.map(({ seat, identity }) => {
      const key = share.parties[seat - 1]?.key
      if (key === undefined || !sameIdentity(seats[seat - 1], identity)) {
        throw refused('other-parties', `seat ${seat} is not taken by the party that holds its share`)
      }
      return [seat, key]
    }),
  )
}
