/** What of a transaction costs gas before anything runs. */
interface Costly {
  readonly to: string | undefined
  readonly data: Uint8Array
  readonly accessList: readonly { readonly storageKeys: readonly Uint8Array[] }[]
  readonly authorizations?: readonly unknown[]
}

const perTransaction = 21_000n
/** EIP-2028 */
const perByte = { zero: 4n, other: 16n } as const
/** EIP-2, EIP-3860 */
const creation = { base: 32_000n, perWord: 2n } as const
/** EIP-2930 */
const listed = { perAddress: 2400n, perKey: 1900n } as const
/** EIP-7702 */
const perAuthorization = 25_000n
/** EIP-7623, for each token: a zero byte is one, any other four. */
const floorPerToken = 10n

/** What a network takes before it runs anything: with less gas no network takes the transaction at all. */
export function intrinsicGas({ to, data, accessList, authorizations = [] }: Costly): bigint {
  const zeros = zerosIn(data)
  const words = BigInt(Math.ceil(data.length / 32))
  const keys = accessList.reduce((sum, { storageKeys }) => sum + storageKeys.length, 0)
  return (
    perTransaction +
    perByte.zero * zeros +
    perByte.other * (BigInt(data.length) - zeros) +
    (to === undefined ? creation.base + creation.perWord * words : 0n) +
    listed.perAddress * BigInt(accessList.length) +
    listed.perKey * BigInt(keys) +
    perAuthorization * BigInt(authorizations.length)
  )
}

/** What Ethereum asks since EIP-7623 (2025), and not every other network: the least for much data. */
export function floorGas({ data }: Costly): bigint {
  const zeros = zerosIn(data)
  return perTransaction + floorPerToken * (zeros + 4n * (BigInt(data.length) - zeros))
}

function zerosIn(data: Uint8Array): bigint {
  return BigInt(data.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0))
}
