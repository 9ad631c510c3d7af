import { areUsableKeys } from '../crypto/feldman.ts'
import { mostParties } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import type { Party } from './protocol.ts'

/** The holders of a key, in the order of their party keys: tss-lib's index is the position here (WIRE 1.1). */
export interface Holders {
  readonly ids: readonly PartyId[]
  readonly keys: readonly bigint[]
  positionOf(id: PartyId): number
  /** What belongs to this holder in a list that is in the order of the holders. */
  of<T>(list: readonly T[], id: PartyId): T
}

/** Who takes part. */
export interface Members extends Holders {
  /** Own position. */
  readonly position: number
}

/**
 * @throws RangeError unless the keys are those of exactly this party and its peers, 2 to 20 of them, distinct and
 * non-zero modulo the group order
 */
export function membersOf(me: Pick<Party, 'id' | 'peers'>, partyKeys: ReadonlyMap<PartyId, bigint>): Members {
  const expected = new Set([me.id, ...me.peers])
  if (expected.size !== partyKeys.size || [...partyKeys.keys()].some((id) => !expected.has(id))) {
    throw new RangeError('keys of other parties')
  }
  const holders = holdersOf(partyKeys)
  return { ...holders, position: holders.positionOf(me.id) }
}

/** @throws RangeError unless there are 2 to 20 keys, distinct and non-zero modulo the group order */
export function holdersOf(partyKeys: ReadonlyMap<PartyId, bigint>): Holders {
  const sorted = [...partyKeys].sort(([, a], [, b]) => (a < b ? -1 : 1))
  const ids = sorted.map(([id]) => id)
  const keys = sorted.map(([, key]) => key)
  if (ids.length < 2 || ids.length > mostParties) throw new RangeError('2 to 20 parties')
  if (!areUsableKeys(keys)) throw new RangeError('party keys must be distinct and non-zero mod q')
  const positionOf = (id: PartyId): number => {
    const position = ids.indexOf(id)
    if (position < 0) throw new Error(`party ${id} is not a member`)
    return position
  }
  return {
    ids,
    keys,
    positionOf,
    of<T>(list: readonly T[], id: PartyId) {
      if (list.length !== ids.length) throw new Error('one entry for each member')
      return entry(list, positionOf(id))
    },
  }
}

/** list[index], which is there. */
export function entry<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`no entry ${index}`)
  return found
}

/** What this peer said: `collect` answers for every peer. */
export function from<T>(messages: ReadonlyMap<PartyId, T>, peer: PartyId): T {
  const message = messages.get(peer)
  if (message === undefined) throw new Error(`nothing from party ${peer}`)
  return message
}
