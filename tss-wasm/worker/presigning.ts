import { sha256 } from '@noble/hashes/sha2.js'
import { sameBytes } from '../bytes.ts'
import { keyAt } from '../content/keys.ts'
import { digestOf, leaf, struct } from '../crypto/transcript.ts'
import { refused } from '../failure.ts'
import { signConfirmation } from '../identity/confirmation.ts'
import { encodeProposal } from '../identity/proposal.ts'
import { rosterHash } from '../identity/roster.ts'
import { cggmp24 } from '../identity/signingProtocol.ts'
import { unsealWallet } from '../keyShare/seal.ts'
import { holding } from '../keyShare/wallet.ts'
import { presign, presignStages } from '../protocols/presign.ts'
import { mostSlotsFor, presignTable } from '../protocols/presignMessages.ts'
import type { Channel } from '../round/channel.ts'
import type { Presign, Presigned } from './api.ts'
import { signersOf } from './ceremony.ts'
import type { ReadyPresignatures } from './presignatures.ts'
import { type CeremonyTools, type OnProgress, sit, stageOf } from './seating.ts'

/**
 * Presignatures for messages to come, which stay in this worker (SPEC 12): from the session that its creator has proposed
 * them in, and bound to that session's roster.
 * @throws ProtocolAbort
 */
export async function makePresignatures(
  request: Presign,
  channel: Channel,
  onProgress: OnProgress,
  tools: CeremonyTools & { readonly ready: ReadyPresignatures },
): Promise<Presigned> {
  const { me, identity, roster, publicKey, epoch, path, slots } = request
  const telling = { stages: ['Open the share', ...presignStages], onProgress }
  stageOf(telling)('Open the share')
  using held = holding(await unsealWallet(request.sealedShare, request.sealing))
  const { share, epoch: ours } = held.wallet
  const signers = signersOf(held.wallet, roster, me)
  const asked = { ...(epoch !== 0 && { epoch }), ...(path.length > 0 && { path }), presign: slots }
  const agreed = encodeProposal({ kind: 'sign', publicKey, ...asked }, roster.session)
  const isAgreed = sameBytes(sha256(agreed), roster.proposalHash)
  if (!isAgreed || epoch !== ours || !sameBytes(publicKey, share.publicKey.toBytes(true)))
    throw refused(
      'other-parties',
      'the others were asked to presign for something else, or with shares of another epoch',
    )
  if (roster.signing !== cggmp24 || roster.presigned !== undefined || slots > mostSlotsFor(signers.size))
    throw refused('presignature', 'these signers cannot make so many presignatures')
  const { tweak } = keyAt(publicKey, path)

  const party = sit(request, 'sign', { channel, rounds: presignTable(signers.size, slots), ...telling, tools })
  const run = digestOf(struct({ roster: leaf(rosterHash(roster)) }, 'quorate.cggmp24.v1.pool'))
  const batch = await presign(party, { share, signers, run, slots, tweak })
  const { sid } = batch
  tools.ready.keep({ publicKey, epoch, tweak, signers: [...signers.keys()] }, batch)
  const transcriptHash = party.mail.transcriptHash()
  const confirmation = await signConfirmation({ seat: me, result: sid, transcriptHash }, roster, identity)
  return { batch: sid, confirmation }
}
