import type { PreParameters } from '../../crypto/types.ts'
import type { KeyShare } from '../../keyShare/keyShare.ts'
import { reshareTable } from '../../protocols/messages.ts'
import type { Protocol } from '../../protocols/protocol.ts'
import { reshareNew, reshareOld, type ReshareNewInput, type ReshareOldInput } from '../../protocols/reshare.ts'
import type { PartyId } from '../../partyId.ts'
import type { Setting } from '../simulate.ts'
import { recordedPreParameters, recordedReshare } from './recordedReshare.ts'

export type ReshareInput = { readonly old: ReshareOldInput } | { readonly fresh: ReshareNewInput }

/** Whatever its role: an old member ends without anything, a new one with its share. */
export const reshare: Protocol<ReshareInput, KeyShare | undefined> = async (me, input) => {
  if ('fresh' in input) return reshareNew(me, input.fresh)
  await reshareOld(me, input.old)
  return undefined
}

/** The shares of a 2-of-3 key, party keys 1 to 3. */
const { old } = await recordedReshare('rotate-2of3')
export const oldShares: readonly KeyShare[] = old.map(({ share }) => share)
const preParameters = await Promise.all([5, 6, 7, 8, 9].map(recordedPreParameters))

/** The set of the receiver that is number `index`, from 0. */
export function recordedSet(index: number): PreParameters {
  const found = preParameters[index]
  if (found === undefined) throw new Error('there are five sets of pre-parameters')
  return found
}

/**
 * Seats 1, 2, .. deal `shares`, the seats behind them receive.
 * @param parties n', at most 5
 */
export function reshareSetting(
  shares: readonly KeyShare[],
  threshold: number,
  parties: number,
  keep: (share: KeyShare) => Promise<void> = () => Promise.resolve(),
): Setting<ReshareInput> {
  const [before] = shares
  if (before === undefined) throw new Error('nobody deals')
  const dealers = new Map(shares.map((share, i) => [(i + 1) as PartyId, share.parties[share.index]?.key ?? 0n]))
  const freshest = before.parties.reduce((most, { key }) => (key > most ? key : most), 0n)
  const receivers = new Map(
    Array.from({ length: parties }, (_, j) => [
      (shares.length + j + 1) as PartyId,
      ((freshest >> 16n) + 1n) * 65536n + BigInt(j + 1),
    ]),
  )
  const handover = { dealers, receivers, threshold }
  const inputs = new Map<PartyId, ReshareInput>()
  for (const [i, id] of [...dealers.keys()].entries()) {
    const share = shares[i] ?? before
    inputs.set(id, { old: { ...handover, share } })
  }
  for (const [j, id] of [...receivers.keys()].entries()) {
    inputs.set(id, { fresh: { ...handover, before, preParameters: recordedSet(j), keep } })
  }
  return { table: reshareTable, committees: { old: [...dealers.keys()], new: [...receivers.keys()] }, inputs }
}
