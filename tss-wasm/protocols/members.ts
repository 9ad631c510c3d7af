import { areUsableKeys } from '../crypto/feldman.ts'
import { mostParties } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import type { Party } from './protocol.ts'

/** Who takes part, in the order of their party keys: tss-lib's index is the position here (wire spec 1.1). */
export interface Members {
  readonly ids: readonly PartyId[]
  readonly keys: readonly bigint[]
  /** Own position. */
  readonly position: number
  positionOf(id: PartyId): number
  /** What belongs to this member in a list that is in the order of the members. */
  of<T>(list: readonly T[], id: PartyId): T
}

/**
 * @throws RangeError unless the keys are those of exactly this party and its peers, 2 to 20 of them, distinct and
 * non-zero modulo the group order
 */
export function membersOf(me: Party, partyKeys: ReadonlyMap<PartyId, bigint>): Members {
  const sorted = [...partyKeys].sort(([, a], [, b]) => (a < b ? -1 : 1))
  const ids = sorted.map(([id]) => id)
  const keys = sorted.map(([, key]) => key)
  const expected = new Set([me.id, ...me.peers])
  if (expected.size !== ids.length || ids.some((id) => !expected.has(id))) throw new RangeError('keys of other parties')
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
    position: positionOf(me.id),
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
