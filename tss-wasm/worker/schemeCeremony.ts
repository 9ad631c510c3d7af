import { sha256 } from '@noble/hashes/sha2.js'
import { sameBytes } from '../bytes.ts'
import { confirmedSchemeSignatures } from '../content/schemeContent.ts'
import { schemeMessages } from '../content/schemeMessages.ts'
import { misbehaviour, refused } from '../failure.ts'
import { signConfirmation } from '../identity/confirmation.ts'
import { encodeProposal } from '../identity/proposal.ts'
import { schemeProtocols } from '../identity/signingProtocol.ts'
import { walletIdOf } from '../keyShare/keyShare.ts'
import type { Channel } from '../round/channel.ts'
import { groupKeygenStages } from '../schemes/keygen.ts'
import { keygenRounds } from '../schemes/messages.ts'
import {
  keySchemeOfShare,
  schemeKeygen,
  schemeSign,
  schemeSignRounds,
  schemeSignStages,
} from '../schemes/schemeShare.ts'
import {
  decodeSchemeWallet,
  encodeSchemeWallet,
  holdingScheme,
  sealSchemeWallet,
  type SchemeWallet,
  unsealSchemeWallet,
} from '../schemes/schemeWallet.ts'
import type { CreateSchemeKey, NewWallet, SchemeSignatures, SignByScheme } from './api.ts'
import { signersOf } from './ceremony.ts'
import { type CeremonyTools, type OnProgress, sit, stageOf } from './seating.ts'

/**
 * A new key of another scheme than ECDSA, as `createWallet` makes ECDSA's: secured channel, mailbox, protocol, validation,
 * sealing, and only then the confirmation that the caller may send once the share is stored.
 * @throws ProtocolAbort
 */
export async function createSchemeKey(
  request: CreateSchemeKey,
  channel: Channel,
  onProgress: OnProgress,
  tools: CeremonyTools,
): Promise<NewWallet> {
  const { me, identity, roster, key, walletName } = request
  const stages = [...groupKeygenStages, 'Encrypt the share']
  const rounds = Object.values(keygenRounds[key.scheme])
  const { stage, ...party } = sit(request, 'keygen', { channel, rounds, stages, onProgress, tools })
  const partyKeys = new Map(roster.seats.map(({ seat }) => [seat, BigInt(seat)]))
  const held = await schemeKeygen({ ...party, stage }, key, { threshold: roster.threshold, partyKeys })
  const seats = roster.seats.map((each) => each.identity)
  using holding = holdingScheme({ name: walletName, createdAtMs: Date.now(), seats, held })
  const { wallet } = holding
  mustStandUp(wallet)

  stage('Encrypt the share')
  const sealedShare = await sealSchemeWallet(wallet, request.sealing, tools.random)
  const publicKey = new Uint8Array(held.share.publicKey.toBytes())
  const transcriptHash = party.mail.transcriptHash()
  const confirmation = await signConfirmation({ seat: me, result: publicKey, transcriptHash }, roster, identity)
  return { walletId: walletIdOf(publicKey), publicKey, sealedShare, confirmation }
}

/** What would be sealed opens again and passes every check of a share. @throws ProtocolAbort misbehaviour of nobody */
function mustStandUp(wallet: SchemeWallet): void {
  const plain = encodeSchemeWallet(wallet)
  try {
    decodeSchemeWallet(plain).held.share.secret.erase()
  } catch (error) {
    throw misbehaviour([], 'new share stands up to its checks', error instanceof Error ? error.message : undefined)
  } finally {
    plain.fill(0)
  }
}

/**
 * The signatures over content that is decoded here, by a key of another scheme.
 * @throws ProtocolAbort
 */
export async function signByScheme(
  request: SignByScheme,
  channel: Channel,
  onProgress: OnProgress,
  tools: CeremonyTools,
): Promise<SchemeSignatures> {
  const { me, identity, roster, content } = request
  using holding = holdingScheme(await unsealSchemeWallet(request.sealedShare, request.sealing))
  const { held, seats } = holding.wallet
  const { scheme, share } = held
  const telling = { stages: ['Open the share', ...schemeSignStages(scheme)], onProgress }
  stageOf(telling)('Open the share')
  const signers = signersOf({ seats, share }, roster, me)
  const publicKey = new Uint8Array(share.publicKey.toBytes())
  const messages = schemeMessages({ key: keySchemeOfShare(held), publicKey, content })
  const agreed = encodeProposal({ kind: 'sign', scheme, publicKey, content }, roster.session)
  if (!sameBytes(sha256(agreed), roster.proposalHash))
    throw refused('other-parties', 'the others were asked to sign something else')
  if (roster.signing !== schemeProtocols[scheme])
    throw refused('other-parties', 'the roster names another protocol than this key signs by')

  const rounds = schemeSignRounds(scheme, messages.length)
  const party = sit(request, 'sign', { channel, rounds, ...telling, tools })
  const signatures = await schemeSign(party, held, signers, messages)
  const transcriptHash = party.mail.transcriptHash()
  const result = confirmedSchemeSignatures(signatures)
  const confirmation = await signConfirmation({ seat: me, result, transcriptHash }, roster, identity)
  return { signatures, protocol: roster.signing, confirmation }
}
