import { concatBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes, uint16, uint32 } from '../bytes.ts'
import { misbehaviour, type ProtocolAbort } from '../failure.ts'
import type { Channel } from './channel.ts'
import type { PartyId } from '../partyId.ts'
import type { Broadcast, Codec, Round } from './round.ts'

/**
 * Reliable broadcast (ARCHITECTURE 2.6): before anybody acts on an echoed round, every party tells every other which
 * broadcasts it holds. Two parties that hold different ones find out here, and the sender's own signature says whether
 * the sender told two stories or the echoer made one up.
 */
export interface Held {
  readonly from: PartyId
  /** SHA-256 of the body. */
  readonly digest: Uint8Array
  /** Of the channel; empty where it signs nothing. */
  readonly evidence: Uint8Array
}

const digestLength = 32
const longestEvidence = 255
const mostParties = 255

/** What a party holds of each round that an echo covers, in the order of those rounds. */
export type Echo = readonly (readonly Held[])[]

/**
 * The rounds that an echo of each echoed round covers: the round itself and the broadcasts since the echo before, whose
 * hashes ride along if the same parties have heard them. A commitment is covered before its opening is used, without a
 * round of its own.
 */
export function coverage(table: readonly Round[]): ReadonlyMap<string, readonly Broadcast<unknown>[]> {
  const covered = new Map<string, readonly Broadcast<unknown>[]>()
  let riding: Broadcast<unknown>[] = []
  const carried = new Set(table.map((round) => (round.kind === 'broadcast' ? round.carries?.name : undefined)))
  for (const round of table) {
    // What a later message carries the echo of, and what carries one, is compared there.
    if (round.kind !== 'broadcast' || round.carries !== undefined || carried.has(round.name)) continue
    riding.push(round)
    if (round.echoed === undefined) continue
    covered.set(
      round.name,
      riding.filter(({ route }) => route?.to === round.route?.to),
    )
    riding = []
  }
  return covered
}

/** A message with its sender's echo of an earlier round in front: length of the echo (4, big-endian), echo, message. */
export interface Carrying {
  readonly held: readonly Held[]
  readonly message: unknown
}

/** The codec of a round that carries echoes. */
export function carrying<T>({ codec }: Broadcast<T>): Codec<Carrying> {
  return {
    encode({ held, message }) {
      const echo = encodeHeld(held)
      return concatBytes(uint32(echo.length), echo, codec.encode(message as T))
    },
    decode(bytes) {
      const reader = new ByteReader(bytes)
      const echo = new ByteReader(reader.take(reader.uint32()))
      const held = readHeld(echo)
      echo.end()
      return { held, message: codec.decode(reader.rest()) }
    },
  }
}

/** The echo of an echoed round that covers `rounds` rounds. Those who listen compare what they heard. */
export function echoOf({ name, route }: Broadcast<unknown>, rounds = 1): Broadcast<Echo> {
  const codec: Codec<Echo> = {
    encode: (lists) => concatBytes(...lists.map(encodeHeld)),
    decode(bytes) {
      const reader = new ByteReader(bytes)
      const lists = Array.from({ length: rounds }, () => readHeld(reader))
      reader.end()
      return lists
    },
  }
  const among = route === undefined || route.to === 'both' ? {} : { route: { from: route.to, to: route.to } }
  return { kind: 'broadcast', name: `${name}/echo`, codec, ...among }
}

/** count (1 byte), then per party in rising order: seat (2, big-endian), digest (32), evidence length (1), evidence. */
function encodeHeld(list: readonly Held[]): Uint8Array {
  if (list.length > mostParties) throw new Error('an echo lists at most 255 parties')
  const parts = list.flatMap(({ from, digest, evidence }) => {
    if (evidence.length > longestEvidence) throw new Error('evidence is at most 255 bytes')
    return [uint16(from), digest, Uint8Array.of(evidence.length), evidence]
  })
  return concatBytes(Uint8Array.of(list.length), ...parts)
}

function readHeld(reader: ByteReader): readonly Held[] {
  const list: Held[] = []
  for (let left = reader.uint8(); left > 0; left -= 1) {
    const from = reader.uint16() as PartyId
    if (from <= (list.at(-1)?.from ?? 0)) throw new RangeError('echo lists its parties in rising order')
    list.push({ from, digest: reader.take(digestLength), evidence: reader.take(reader.uint8()) })
  }
  return list
}

/**
 * Holds what one party's echo says of one round against what we hold ourselves, our own broadcast included.
 * @returns why the run must end, or undefined if both hold the same
 */
export async function differs(
  channel: Channel,
  round: string,
  echoer: PartyId,
  theirs: readonly Held[],
  ours: ReadonlyMap<PartyId, Pick<Held, 'digest' | 'evidence'>>,
): Promise<ProtocolAbort | undefined> {
  const expected = [...ours.keys()].filter((party) => party !== echoer).sort((a, b) => a - b)
  if (theirs.length !== expected.length || theirs.some(({ from }, i) => from !== expected[i])) {
    return misbehaviour([echoer], "echo covers every other party's broadcast", round)
  }
  for (const { from, digest, evidence } of theirs) {
    const own = ours.get(from)
    if (own !== undefined && sameBytes(digest, own.digest)) continue
    if (channel.proves === undefined)
      return misbehaviour([], 'everybody got the same broadcast', `${round} of party ${from}`)
    const claim = { from, round, digest, evidence }
    if (!(await channel.proves(claim)))
      return misbehaviour([echoer], "echo of another party's broadcast is true", `${round} of party ${from}`)
    const file = own && channel.twoStories?.({ ...claim, ...own }, claim)
    return misbehaviour([from], 'broadcast is the same for everybody', round, file)
  }
  return undefined
}
