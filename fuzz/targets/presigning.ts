import { onlineRounds, presignRounds } from '../../tss-wasm/protocols/presignMessages.ts'
import type { Codec, Round } from '../../tss-wasm/round/round.ts'
import {
  encrypted,
  multiplied,
  productProofsTo,
  rangeProofsTo,
  shares,
} from '../../tss-wasm/test/protocols/recordedSession.ts'
import { accepts, promise, type Target } from '../target.ts'

const { multiplications, ...presigning } = presignRounds(3, 1)
const online = onlineRounds(1)
/** In the order of the first byte of an input. */
const rounds: readonly Round[] = [...Object.values(presigning), ...Object.values(online), ...multiplications]

function seed<T>(round: Round & { readonly codec: Codec<T> }, message: T): Uint8Array {
  return Uint8Array.of(rounds.indexOf(round), ...round.codec.encode(message))
}

/** Messages of presigning and of signing with presignatures: the first byte says of which round. */
export const presigningMessages: Target = {
  name: 'presigning',
  seeds: () => [
    seed(presigning.encryptedNonces, encrypted.slice(0, 1)),
    seed(presigning.rangeProofs, [rangeProofsTo(0, 1)]),
    seed(presigning.multiplied, multiplied.slice(0, 1)),
    seed(presigning.productProofs, [productProofsTo(0, 1)]),
    seed(presigning.combined, shares.slice(0, 1)),
    seed(presigning.ready, {}),
    seed(online.share, { request: new Uint8Array(32).fill(7), σ: [1n] }),
  ],
  read(bytes) {
    const round = rounds[(bytes[0] ?? 0) % rounds.length]
    if (round === undefined) throw new Error('no round')
    const { codec } = round as { readonly codec: Codec<unknown> }
    const body = bytes.subarray(1)
    return accepts(
      () => {
        const again = codec.encode(codec.decode(body))
        promise(Buffer.compare(again, body) === 0, 'a message is written in one way')
      },
      (error) => error instanceof RangeError,
    )
  },
}
