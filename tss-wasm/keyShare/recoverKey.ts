import { generator, multiplySecret, type Point } from '../curve/point.ts'
import { lagrangeWeight, reduceScalar } from '../curve/scalar.ts'
import { refused } from '../failure.ts'
import { Secret } from '../secret.ts'
import type { BareShare } from './keyShare.ts'

/**
 * The private key, from the shares of at least t parties: x = Σ λ_i x_i mod q. From here on there is one place that can
 * move the money alone, which is what shares are there to prevent: only for when too few parties are left to sign.
 * @param isTheKey for shares of which none says whose they are: whether x·G is the key that is looked for
 * @throws ProtocolAbort `refused`: too few, the same one twice, or of different keys
 */
export function recoverKey(shares: readonly BareShare[], isTheKey?: (publicKey: Point) => boolean): Secret<bigint> {
  const [first] = shares
  if (first === undefined) throw refused('recovery', 'there is no share')
  const seats = shares.map(({ index }) => index)
  if (new Set(seats).size !== seats.length) throw refused('recovery', 'one share is there twice')
  if (!shares.every((share) => isOfSameKey(share, first))) throw refused('recovery', 'they are not all of one wallet')
  if (shares.length < first.threshold)
    throw refused('recovery', `${first.threshold} shares are needed, and ${shares.length} are there`)
  const known = shares.find(({ publicKey }) => publicKey !== undefined)?.publicKey
  if (known === undefined && isTheKey === undefined)
    throw refused('recovery', 'none of them says which key it is of: give the address of the wallet')
  const keys = shares.map(ownKey)
  const parts = shares.map((share) => reduceScalar(lagrangeWeight(ownKey(share), keys) * share.secret.reveal()))
  const key = parts.reduce((sum, part) => reduceScalar(sum + part), 0n)
  // Every share was validated on its own; this is the proof that they belong together.
  if (key === 0n || !isOf(multiplySecret(generator, key)))
    throw refused('recovery', 'together they do not give the key of their wallet')
  return new Secret(key)

  function isOf(publicKey: Point): boolean {
    return known === undefined ? isTheKey?.(publicKey) === true : publicKey.equals(known)
  }
}

function ownKey({ parties, index }: BareShare): bigint {
  const own = parties[index]
  if (own === undefined) throw new Error('a share has its own party')
  return own.key
}

/** What every party of a key holds of it, whichever group it is in; a point that a file has lost is undefined. */
interface SharedKey<P> {
  readonly publicKey: P | undefined
  readonly threshold: number
  readonly parties: readonly { readonly key: bigint; readonly publicShare: P | undefined }[]
}

/** Whether two shares are of one sharing of one key: nothing that both say of it differs. */
export function isOfSameKey<P extends { equals(other: P): boolean }>(
  share: SharedKey<P>,
  first: SharedKey<P>,
): boolean {
  const agree = (one: P | undefined, other: P | undefined) =>
    one === undefined || other === undefined || one.equals(other)
  return (
    agree(share.publicKey, first.publicKey) &&
    share.threshold === first.threshold &&
    share.parties.length === first.parties.length &&
    share.parties.every(({ key, publicShare }, i) => {
      const other = first.parties[i]
      return other?.key === key && agree(publicShare, other.publicShare)
    })
  )
}
