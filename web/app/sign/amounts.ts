/** "1.5" with 18 decimals is 1500000000000000000n. Digits and one point only; undefined for anything else. */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  const parts = /^(\d{1,60})(?:\.(\d+))?$/.exec(text.trim())
  const [whole, fraction = ''] = [parts?.[1], parts?.[2]]
  if (whole === undefined || fraction.length > decimals) return undefined
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

/** Exact: never rounded, without trailing zeros. */
export function formatAmount(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0')
  const [whole, fraction] = [digits.slice(0, -decimals), digits.slice(-decimals).replace(/0+$/, '')]
  return fraction === '' ? whole : `${whole}.${fraction}`
}

export const etherDecimals = 18
export const gweiDecimals = 9
