import type { BitcoinPayment } from '../../../../tss-wasm/content/psbt.ts'

export type PaymentWarning =
  | 'unproven'
  | 'burnt'
  | 'nobody'
  | 'anybody'
  | 'script'
  | 'fee'
  | 'feeToSelf'
  | 'expensive'
  | 'rate'
  | 'slow'
  | 'locked'
  | 'waits'

const expensiveSatoshi = 1_000_000n
const highestUsualRate = 300n
/** Since 2025 most nodes pass on what pays a tenth of a satoshi for each virtual byte. */
const slowest = { satoshi: 1n, bytes: 10n } as const
/** Lock times from here on are seconds since 1970, and below it blocks (BIP-65). */
const leastTime = 500_000_000
/** A block and when it was found; one is found about every ten minutes, and the count is right to a few days. */
const knownBlock = { height: 840_000, atMs: Date.UTC(2024, 3, 20) } as const
const blockMs = 600_000
const uncertainBlocks = 6 * 24 * 45

/** What a careful friend would point at. */
export function paymentWarningsOf(payment: BitcoinPayment, nowMs: number): PaymentWarning[] {
  const { areAmountsProven, inputs, outputs, leaving, fee, size, waitsForCoins } = payment
  const bytes = BigInt(size)
  const isToSelf = outputs.every(({ back }) => back !== undefined)
  const moved = inputs.reduce((sum, { amount }) => sum + amount, 0n)
  const holds = (kind: string) => outputs.some((output) => output.kind === kind && output.amount > 0n)
  const warnings: [PaymentWarning, boolean][] = [
    ['unproven', !areAmountsProven],
    ['burnt', holds('memo')],
    ['nobody', holds('nobody')],
    ['anybody', holds('anybody')],
    ['script', outputs.some(({ kind }) => kind === 'other')],
    ['fee', leaving > 0n && fee * 10n > leaving],
    ['feeToSelf', isToSelf && fee * 10n > moved],
    ['expensive', fee >= expensiveSatoshi],
    ['rate', fee > highestUsualRate * bytes],
    ['slow', fee * slowest.bytes < bytes * slowest.satoshi],
    ['locked', isLocked(payment, nowMs)],
    ['waits', waitsForCoins],
  ]
  return warnings.flatMap(([warning, applies]) => (applies ? [warning] : []))
}

/** Most wallets write the latest block into every payment, against those who would undo blocks: that locks nothing. */
function isLocked({ notBefore }: BitcoinPayment, nowMs: number): boolean {
  if (isTime(notBefore)) return 1000 * notBefore > nowMs
  const expected = knownBlock.height + (nowMs - knownBlock.atMs) / blockMs
  return notBefore > expected + uncertainBlocks
}

export function isTime(notBefore: number): boolean {
  return notBefore >= leastTime
}
