import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { uint16, uint32 } from '../bytes.ts'
import type { PartyId } from '../partyId.ts'
import { rosterHash, type Roster } from './roster.ts'

/** Stands for a reader where a message is for all. */
export const everyone = 0

/** What an envelope says of its body (SPEC 7). */
export interface Header {
  readonly from: PartyId
  readonly to: PartyId | typeof everyone
  /** Counts what this party sends to this reader. */
  readonly sequence: number
  readonly round: string
}

/** What every signature of a run is bound to: session, run, and the roster's hash. */
export function bindingOf(roster: Roster): Uint8Array {
  return concatBytes(roster.session, roster.run, rosterHash(roster))
}

/** from (2), to (2), sequence (4), round name length (1), round name. */
export function headerBytes({ from, to, sequence, round }: Header): Uint8Array {
  const name = utf8ToBytes(round)
  if (name.length > 255) throw new Error('a round name has at most 255 bytes')
  return concatBytes(uint16(from), uint16(to), uint32(sequence), Uint8Array.of(name.length), name)
}

/** What the sender of an envelope signs. @param digest SHA-256 of the body as it is sent */
export function signedPart(binding: Uint8Array, header: Header, digest: Uint8Array): Uint8Array {
  return concatBytes(binding, headerBytes(header), digest)
}
