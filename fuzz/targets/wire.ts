import { keygenRounds, reshareRounds, signRounds } from '../../tss-wasm/protocols/messages.ts'
import type { Round } from '../../tss-wasm/round/round.ts'
import { accepts, promise, type Target } from '../target.ts'

const rounds = [keygenRounds, signRounds, reshareRounds].flatMap((table) => Object.values<Round>(table))
/** In the order of the first byte of an input. */
export const roundNames = rounds.map(({ name }) => name)
/** What codecs throw; the mailbox makes the sender's misbehaviour of it. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && (error.constructor === Error || error.constructor === TypeError)

/** tss-lib's messages: the first byte says of which round, the rest is the message. */
export const wire: Target = {
  name: 'wire',
  // Real messages of a keygen and a signature, recorded by fuzz/record.ts.
  seeds: () => [],
  words: [
    'type.googleapis.com/',
    'binance.tsslib.ecdsa.keygen.',
    'binance.tsslib.ecdsa.signing.',
    'KGRound1Message',
    'binance.tsslib.ecdsa.resharing.',
  ],
  read(bytes) {
    const round = rounds[(bytes[0] ?? 0) % rounds.length]
    if (round === undefined) throw new Error('no round')
    const { codec } = round as { codec: { decode(bytes: Uint8Array): unknown; encode(value: unknown): Uint8Array } }
    return accepts(() => {
      const value = codec.decode(bytes.subarray(1))
      if (hasZero(value)) return // cannot be said again: peers refuse empty fields, a zero is one of them
      const again = codec.encode(value)
      promise(again.length <= bytes.length + 64, 'a message is not longer than what it was read from')
      promise(Buffer.compare(codec.encode(codec.decode(again)), again) === 0, 'what is written is read as the same')
    }, isRefusal)
  },
}

function hasZero(value: unknown): boolean {
  if (value === 0n) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(hasZero)
}
