import assert from 'node:assert/strict'
import { type Failure, ProtocolAbort } from '../../failure.ts'
import type { PartyId } from '../../partyId.ts'
import type { Broadcast, Codec, Private } from '../../round/mailbox.ts'
import { seats } from '../network.ts'

/** A protocol of three rounds whose messages are one byte. */
export const oneByte: Codec<number> = {
  encode: (value) => Uint8Array.of(value),
  decode(bytes) {
    if (bytes.length !== 1) throw new Error('not one byte')
    return bytes[0] ?? 0
  },
}
export const first: Broadcast<number> = { kind: 'broadcast', name: 'first', codec: oneByte }
export const second: Private<number> = { kind: 'private', name: 'second', codec: oneByte }
export const echoed: Broadcast<number> = { kind: 'broadcast', name: 'echoed', codec: oneByte, echoed: true }
export const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]

/** For `assert.rejects`: a failure with at least these fields. */
export function failsWith(expected: Partial<Failure>): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ProtocolAbort, String(error))
    assert.deepEqual({ ...error.failure, ...expected }, error.failure)
    return true
  }
}
