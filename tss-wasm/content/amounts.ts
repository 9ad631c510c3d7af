export const etherDecimals = 18
export const bitcoinDecimals = 8

/** Blanks that people and programs put between thousands: a space, and those that do not break a line. */
const thousands = /^\d{1,3}([ \u00a0\u2009\u202f]\d{3})+$/

/**
 * "1.5" with 18 decimals is 1500000000000000000n, ".5" and "1 000" are what they look like. Digits and one point only; a comma
 * is a point to some and nothing to others, so it is not read. Undefined for anything else.
 */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  const parts = /^([\d \u00a0\u2009\u202f]{0,80})(?:\.(\d+))?$/.exec(text.trim())
  const [whole, fraction = ''] = [parts?.[1], parts?.[2]]
  if (whole === undefined || fraction.length > decimals || whole + fraction === '') return undefined
  if (!/^\d{0,60}$/.test(whole) && !thousands.test(whole)) return undefined
  return BigInt(whole.replace(/\D/g, '') + fraction.padEnd(decimals, '0'))
}

/** Exact: never rounded, without trailing zeros. */
export function formatAmount(amount: bigint, decimals: number): string {
  const isNegative = amount < 0n
  const digits = (isNegative ? -amount : amount).toString().padStart(decimals + 1, '0')
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)]
  const shown = fraction.replace(/0+$/, '')
  return `${isNegative ? '-' : ''}${whole}${shown === '' ? '' : `.${shown}`}`
}
