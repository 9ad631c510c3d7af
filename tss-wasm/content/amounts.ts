export const etherDecimals = 18
export const bitcoinDecimals = 8

/** Exact: never rounded, without trailing zeros. */
export function formatAmount(amount: bigint, decimals: number): string {
  const isNegative = amount < 0n
  const digits = (isNegative ? -amount : amount).toString().padStart(decimals + 1, '0')
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)]
  const shown = fraction.replace(/0+$/, '')
  return `${isNegative ? '-' : ''}${whole}${shown === '' ? '' : `.${shown}`}`
}
