import { generator, multiplySecret } from '../curve/point.ts'
import { lagrangeWeight, reduceScalar } from '../curve/scalar.ts'
import { refused } from '../failure.ts'
import { Secret } from '../secret.ts'
import type { KeyShare } from './keyShare.ts'

/**
 * The private key, from the shares of at least t parties: x = Σ λ_i x_i mod q. From here on there is one place that can
 * move the money alone, which is what shares are there to prevent: only for when too few parties are left to sign.
 * @throws ProtocolAbort `refused`: too few, the same one twice, or of different keys
 */
export function recoverKey(shares: readonly KeyShare[]): Secret<bigint> {
  const [first] = shares
  if (first === undefined) throw refused('recovery', 'there is no share')
  const seats = shares.map(({ index }) => index)
  if (new Set(seats).size !== seats.length) throw refused('recovery', 'one share is there twice')
  if (!shares.every((share) => isOfSameKey(share, first))) throw refused('recovery', 'they are not all of one wallet')
  if (shares.length < first.threshold)
    throw refused('recovery', `${first.threshold} shares are needed, and ${shares.length} are there`)
  const keys = shares.map(ownKey)
  const parts = shares.map((share) => reduceScalar(lagrangeWeight(ownKey(share), keys) * share.secret.reveal()))
  const key = parts.reduce((sum, part) => reduceScalar(sum + part), 0n)
  // Every share was validated on its own; this is the proof that they belong together.
  if (!multiplySecret(generator, key).equals(first.publicKey))
    throw refused('recovery', 'together they do not give the key of their wallet')
  return new Secret(key)
}

function ownKey({ parties, index }: KeyShare): bigint {
  const own = parties[index]
  if (own === undefined) throw new Error('a share has its own party')
  return own.key
}

/** What every party of a key holds of it, whichever group it is in. */
interface SharedKey<P> {
  readonly publicKey: P
  readonly threshold: number
  readonly parties: readonly { readonly key: bigint; readonly publicShare: P }[]
}

/** Whether two shares are of one sharing of one key. */
export function isOfSameKey<P extends { equals(other: P): boolean }>(
  share: SharedKey<P>,
  first: SharedKey<P>,
): boolean {
  return (
    share.publicKey.equals(first.publicKey) &&
    share.threshold === first.threshold &&
    share.parties.length === first.parties.length &&
    share.parties.every(({ key, publicShare }, i) => {
      const other = first.parties[i]
      return other?.key === key && publicShare.equals(other.publicShare)
    })
  )
}
