import type { SigningTask } from '../content/signing.ts'
import { digestOf, leaf, struct, uint } from '../crypto/transcript.ts'
import { type PresignedSlots, rosterHash, type Roster } from '../identity/roster.ts'
import { refused } from '../failure.ts'
import { cggmp24 } from '../identity/signingProtocol.ts'
import type { KeyShare } from '../keyShare/keyShare.ts'
import type { PartyId } from '../partyId.ts'
import { signTable } from '../protocols/messages.ts'
import { mostSlotsFor, onlineTable, presignTable } from '../protocols/presignMessages.ts'
import { sign, signStages } from '../protocols/sign.ts'
import type { PresignatureBatch } from '../protocols/presignature.ts'
import { messageFirstStages, onlineStage, signMessageFirst, signOnline } from '../protocols/signOnline.ts'
import type { EcdsaSignature } from '../protocols/signature.ts'
import { entry } from '../protocols/members.ts'
import type { Mailbox, Round } from '../round/mailbox.ts'
import { mailAt, seriesOf, seriesTable, sideBySide } from '../round/series.ts'
import type { Seated } from './seating.ts'

export interface Signing {
  readonly roster: Roster
  readonly share: KeyShare
  readonly signers: ReadonlyMap<PartyId, bigint>
  /** At least one; a signature is made for each. */
  readonly tasks: readonly SigningTask[]
  /** Whether the digest came as such: nobody here has hashed what it is of. */
  readonly isOpaque: boolean
  /** Presignatures that are there, for the key of this tweak. @throws ProtocolAbort `refused` */
  readonly ready: (slots: PresignedSlots, tweak: bigint) => PresignatureBatch
}

/** By which protocol the signers of a roster come to all signatures of an order. */
export interface Way {
  readonly rounds: readonly Round[]
  /** In the order of the tasks. @throws ProtocolAbort */
  sign(seated: Seated): Promise<readonly EcdsaSignature[]>
}

/** The stages of signing in their order. The last one begins before anything leaves that others could make a signature of. */
export function signingStages({ signing, presigned }: Roster, signatures: number): readonly string[] {
  if (presigned !== undefined) return [onlineStage]
  return signing === undefined ? Array<typeof signStages>(signatures).fill(signStages).flat() : messageFirstStages
}

export function wayToSign(signing: Signing): Way {
  const { roster } = signing
  if (roster.presigned !== undefined) return withPresignatures(signing, roster.presigned)
  if (roster.signing !== undefined && roster.signing !== cggmp24)
    throw refused('other-parties', 'the roster is for a key of another scheme')
  return roster.signing === undefined ? nineRounds(signing) : messageFirst(signing)
}

/** One message, by presignatures that were there first (SPEC 12). @throws ProtocolAbort `refused`: another run can do without */
function withPresignatures({ signers, tasks, isOpaque, ready }: Signing, slots: PresignedSlots): Way {
  const tweaks = new Set(tasks.map(({ key }) => key.tweak))
  const [tweak] = tweaks
  if (tweak === undefined || tweaks.size > 1 || tasks.length > mostSlotsFor(signers.size))
    throw refused('presignature', 'presignatures sign by one key, and no more than a batch at once')
  // The batch itself refuses it once more, where its slots are taken.
  if (isOpaque) throw refused('presignature', 'a digest that somebody else has made is signed by new presignatures')
  const presignatures = ready(slots, tweak)
  const messages = tasks.map(({ digest }) => ({ digest, origin: 'content' as const }))
  return {
    rounds: onlineTable(tasks.length),
    sign: (seated) => signOnline(seated, { presignatures, sid: slots.batch, first: slots.first, messages, signers }),
  }
}

/** tss-lib's nine rounds for each signature, one signature after the other. */
function nineRounds({ share, signers, tasks }: Signing): Way {
  const times = tasks.length
  return {
    rounds: seriesTable(signTable, times),
    async sign(seated) {
      const signatures: EcdsaSignature[] = []
      for (const [time, { key, digest }] of tasks.entries()) {
        const first = 1 + time * signStages.length
        const stage = (name: string): void => {
          seated.stage(name, first)
        }
        const party = { ...seated, mail: mailAt(seated.mail, time, times), stage }
        signatures.push(await sign(party, { share, signers, digest, tweak: key.tweak }))
      }
      return signatures
    },
  }
}

/**
 * CGGMP24 for all digests at once: as many as fit into a batch share its rounds if they are for one key, and all batches
 * take their rounds side by side, so that a payment of many coins waits no longer for the network than one signature.
 */
function messageFirst({ roster, share, signers, tasks }: Signing): Way {
  const batches = batchesOf(tasks, mostSlotsFor(signers.size))
  const run = rosterHash(roster)
  return {
    // Shares of signatures come last: no echo of another batch waits for them.
    rounds: [
      ...seriesOf(batches.map(({ tasks: slots }) => presignTable(signers.size, slots.length))),
      ...seriesOf(batches.map(({ tasks: slots }) => onlineTable(slots.length))),
    ],
    async sign(seated) {
      const told = new Set<string>()
      const stage = (name: string): void => {
        if (!told.has(name)) seated.stage(name)
        told.add(name)
      }
      const runs = batches.map(({ tweak, tasks: slots }, i) => (mail: Mailbox) => {
        const party = { ...seated, mail: mailAt(mail, i, batches.length), stage }
        const digests = slots.map((at) => entry(tasks, at).digest)
        return signMessageFirst(party, { share, signers, run: runOfBatch(run, i), digests, tweak })
      })
      const signed = await sideBySide(seated.mail, runs)
      const byTask = new Map(
        batches.flatMap(({ tasks: slots }, i) => slots.map((at, slot) => [at, entry(entry(signed, i), slot)])),
      )
      return tasks.map((_, at) => byTask.get(at)).filter((signature) => signature !== undefined)
    },
  }
}

interface Batch {
  readonly tweak: bigint
  /** Positions among the tasks. */
  readonly tasks: readonly number[]
}

/** The tasks by key, at most `most` together, in an order that all signers come to. */
function batchesOf(tasks: readonly SigningTask[], most: number): readonly Batch[] {
  const byKey = new Map<bigint, number[]>()
  for (const [at, { key }] of tasks.entries()) byKey.set(key.tweak, [...(byKey.get(key.tweak) ?? []), at])
  return [...byKey].flatMap(([tweak, all]) =>
    Array.from({ length: Math.ceil(all.length / most) }, (_, i) => ({
      tweak,
      tasks: all.slice(i * most, (i + 1) * most),
    })),
  )
}

/** 32 bytes that no other batch has: the roster's hash, which names session, run and signers, and which batch it is. */
function runOfBatch(roster: Uint8Array, batch: number): Uint8Array {
  return digestOf(struct({ roster: leaf(roster), batch: uint(batch) }, 'quorate.cggmp24.v1.run'))
}
