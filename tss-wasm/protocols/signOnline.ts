import { sameBytes } from '../bytes.ts'
import { coordinates, multiplyPublic } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import type { KeyShare } from '../keyShare/keyShare.ts'
import type { PartyId } from '../partyId.ts'
import type { Round } from '../round/round.ts'
import { allPassed, forEveryone, mustHold, type Verdict } from './checks.ts'
import { entry, from, membersOf } from './members.ts'
import { presign, presignStages } from './presign.ts'
import { onlineRounds, onlineTable, presignTable } from './presignMessages.ts'
import { requestHash, type OnlineRequest, type Presignature, type PresignatureBatch } from './presignature.ts'
import type { Protocol } from './protocol.ts'
import { digestToScalar, signatureFrom, verifies, type EcdsaSignature } from './signature.ts'

export interface OnlineInput extends OnlineRequest {
  readonly presignatures: PresignatureBatch
}

/** The only stage. Once it has begun, the others may hold a signature. */
export const onlineStage = 'Put the signature together'

/**
 * Signing with presignatures (CGGMP24 4): one message from each party, for any number of digests up to 64. The
 * presignatures are gone before anything is sent, however the run ends.
 * @throws ProtocolAbort naming who sent a wrong share, or `refused` for a request that the presignatures are not for
 */
export const signOnline: Protocol<OnlineInput, readonly EcdsaSignature[]> = async (me, input) => {
  const { presignatures, messages, signers } = input
  const members = membersOf(me, signers)
  const { share } = onlineRounds(messages.length)
  const request = requestHash(input)
  const { publicKey } = presignatures

  me.stage(onlineStage)
  const taken = presignatures.take(input)
  const ours = taken.map((presignature, i) => ({ σ: spend(presignature, digestOf(i)), presignature }))
  await me.mail.broadcast(share, { request, σ: ours.map(({ σ }) => σ) })
  const theirs = await me.mail.collect(share)
  allPassed(
    await forEveryone(theirs, (said): Verdict<true> => {
      return sameBytes(said.request, request) ? { passed: true } : { failed: 'request is that of everybody' }
    }),
  )

  const signatures: EcdsaSignature[] = []
  for (const [i, { σ, presignature }] of ours.entries()) {
    const s = reduceScalar(me.peers.reduce((sum, j) => sum + entry(from(theirs, j).σ, i), σ))
    const signature = signatureFrom(presignature.Γ, s)
    // Valid or not, the sum says it for all shares at once; only if it is not, they are looked at one by one.
    if (!verifies(signature, digestOf(i), publicKey)) {
      allPassed(
        await forEveryone(theirs, (said, j): Verdict<true> => {
          const belongs = belongsTo(presignature, members.positionOf(j), digestOf(i), entry(said.σ, i))
          return belongs ? { passed: true } : { failed: 'σ belongs to its presignature' }
        }),
      )
      mustHold('signature verifies', false)
    }
    signatures.push(signature)
  }
  return signatures

  function digestOf(i: number): Uint8Array {
    return entry(messages, i).digest
  }
}

/** σ_i = (m·k_i + r·χ_i)/δ. The secrets are gone afterwards. */
function spend({ Γ, k, χ, inverseOfδ }: Presignature, digest: Uint8Array): bigint {
  const r = reduceScalar(coordinates(Γ)[0])
  const σ = reduceScalar(inverseOfδ * (digestToScalar(digest) * k.reveal() + r * χ.reveal()))
  k.erase()
  χ.erase()
  return σ
}

/** σ_j·Γ = (m·Δ_j + r·S_j)/δ */
function belongsTo({ Γ, inverseOfδ, Δ, S }: Presignature, seat: number, digest: Uint8Array, σ: bigint): boolean {
  const r = reduceScalar(coordinates(Γ)[0])
  const right = multiplyPublic(entry(Δ, seat), inverseOfδ * digestToScalar(digest)).add(
    multiplyPublic(entry(S, seat), inverseOfδ * r),
  )
  return multiplyPublic(Γ, σ).equals(right)
}

export interface MessageFirstInput {
  readonly share: KeyShare
  readonly signers: ReadonlyMap<PartyId, bigint>
  /** 32 bytes, fresh, the same for all. */
  readonly run: Uint8Array
  /** 32 bytes each, which somebody else may have made; 1 to `mostSlotsFor(signers)`. */
  readonly digests: readonly Uint8Array[]
  /** Of the one key that signs all of them. */
  readonly tweak?: bigint
}

/** The stages of `signMessageFirst` in their order. */
export const messageFirstStages = [...presignStages, onlineStage] as const

/** The table of contents of `signMessageFirst`. */
export function messageFirstTable(signers: number, digests: number): readonly Round[] {
  return [...presignTable(signers, digests), ...onlineTable(digests)]
}

/**
 * Signing digests that are fixed before presigning begins (CGGMP24 9.2), so that none of them can have been chosen for a nonce
 * that was known: it does not matter who made them. Three rounds, the word that all is well, and the one message.
 */
export const signMessageFirst: Protocol<MessageFirstInput, readonly EcdsaSignature[]> = async (me, input) => {
  const { digests, signers } = input
  const presignatures = await presign(me, { ...input, slots: digests.length })
  const { sid, next: first } = presignatures
  const messages = digests.map((digest) => ({ digest, origin: 'opaque' as const }))
  return signOnline(me, { presignatures, sid, first, messages, signers })
}
