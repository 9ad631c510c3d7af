import type { PresignInput } from '../../protocols/presignSession.ts'
import { presignTable } from '../../protocols/presignMessages.ts'
import type { PresignatureBatch, Message } from '../../protocols/presignature.ts'
import type { OnlineInput } from '../../protocols/signOnline.ts'
import { onlineTable } from '../../protocols/presignMessages.ts'
import type { PartyId } from '../../partyId.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import type { Setting } from '../simulate.ts'
import { fixtureShare } from './fixtureShare.ts'

export const shares = [0, 1, 2, 3, 4].map(fixtureShare)
export const [wallet] = shares as [(typeof shares)[0]]
export const run = seededRandom('run')(32)

/** The fixtures with these indexes; seat = index + 1. */
export function signersOf(indexes: readonly number[]): ReadonlyMap<PartyId, bigint> {
  return new Map(indexes.map((i) => [(i + 1) as PartyId, wallet.parties[i]?.key ?? 0n]))
}

export function presignSetting(
  indexes: readonly number[],
  slots: number,
  input: Partial<PresignInput> = {},
): Setting<PresignInput> {
  const signers = signersOf(indexes)
  const inputs = indexes.map((i): [PartyId, PresignInput] => [
    (i + 1) as PartyId,
    { share: shares[i] ?? wallet, signers, run, slots, ...input },
  ])
  return { table: presignTable(indexes.length, slots), inputs: new Map(inputs) }
}

/** Everybody signs with what is free in its batch. */
export function onlineSetting(
  batches: readonly PresignatureBatch[],
  indexes: readonly number[],
  messages: readonly Message[],
  input: Partial<OnlineInput> = {},
): Setting<OnlineInput> {
  const signers = signersOf(indexes)
  const inputs = batches.map((presignatures, i): [PartyId, OnlineInput] => [
    ((indexes[i] ?? 0) + 1) as PartyId,
    { presignatures, sid: presignatures.sid, first: presignatures.next, messages, signers, ...input },
  ])
  return { table: onlineTable(messages.length), inputs: new Map(inputs) }
}
