import type { FeeHistory } from './words.ts'

/** In wei for each unit of gas, as EIP-1559 has them. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

export const speeds = ['slow', 'normal', 'fast'] as const
export type Speed = (typeof speeds)[number]
export type FeesBySpeed = Readonly<Record<Speed, Fees>>

/** How far the base fee may rise before a transaction waits: it rises by an eighth with each full block. */
const room = { slow: [5n, 4n], normal: [2n, 1n], fast: [3n, 1n] } as const
/** Below this a network may not care to take a transaction at all. */
const leastTip = 1_000_000n

/** The middle of the tips that the latest blocks were paid, for each speed, above the base fee of the next block with room to rise. */
export function feesOf({ baseFeePerGas, reward }: FeeHistory): FeesBySpeed {
  const base = baseFeePerGas.at(-1) ?? 0n
  const fees = (speed: Speed): Fees => {
    const tip = middle(reward.map((tips) => tips[speeds.indexOf(speed)] ?? 0n))
    const maxPriorityFeePerGas = tip > leastTip ? tip : leastTip
    const [times, over] = room[speed]
    return { maxFeePerGas: (base * times) / over + maxPriorityFeePerGas, maxPriorityFeePerGas }
  }
  return { slow: fees('slow'), normal: fees('normal'), fast: fees('fast') }
}

function middle(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted[Math.floor(sorted.length / 2)] ?? 0n
}

const gwei = 10n ** 9n
/** Above this hardly anybody pays for a unit of gas, by chain; in busy hours it may be right all the same. */
const usual: ReadonlyMap<bigint, bigint> = new Map([
  [1n, 300n * gwei],
  [56n, 30n * gwei],
  [10n, 5n * gwei],
  [8453n, 5n * gwei],
  [42161n, 10n * gwei],
  [59144n, 10n * gwei],
  [130n, 5n * gwei],
  [137n, 3000n * gwei],
  [43114n, 300n * gwei],
  [100n, 100n * gwei],
])
const usualElsewhere = 1000n * gwei

/** Whether somebody should look twice before paying so much for a unit of gas. */
export function isSteep(chainId: bigint, maxFeePerGas: bigint): boolean {
  return maxFeePerGas > (usual.get(chainId) ?? usualElsewhere)
}
