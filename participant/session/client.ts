import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { type ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'

/**
 * Which of an identity's programs sits in a seat: 16 bytes, drawn each time that one takes a seat. Two devices may have been
 * restored from one backup; both answering from one seat would look as if their person cheated.
 */
export function newClient(random: RandomSource): Uint8Array {
  return random(16)
}

/**
 * Who sits in seat `me`, told from the session as the coordinator gave it to us when we sat down.
 * @returns whether another program of ours has taken the seat over since; never, at a coordinator that keeps no account of it
 */
export function takenOver(first: Session, me: PartyId, client: Uint8Array): (now: Session) => boolean {
  const seatIn = ({ participants }: Session) => participants.find(({ seat }) => seat === (me as number))
  const mine = seatIn(first)
  if (mine === undefined || !sameBytes(mine.client, client)) return () => false
  return (now) => {
    const there = seatIn(now)
    // A seat that was revoked is nobody's.
    return there?.tokenGeneration === mine.tokenGeneration && !sameBytes(there.client, client)
  }
}

/** Why we leave, without a word to the others: for them the seat is still taken by us. */
export function satElsewhere(client: Uint8Array): ProtocolAbort {
  return refused(
    'seat-elsewhere',
    `another program with this identity has the seat of ${bytesToHex(client.slice(0, 4))}`,
  )
}
