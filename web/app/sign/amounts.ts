import { formatAmount } from '../../../tss-wasm/content/amounts.ts'

export { bitcoinDecimals, etherDecimals, formatAmount, parseAmount } from '../../../tss-wasm/content/amounts.ts'

/** 1500000 as "1 500 000", with blanks that do not break the line and that `parseAmount` reads. */
export function inGroups(integer: bigint): string {
  return integer.toString().replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** As `formatAmount`, with the thousands apart: "1 000.5". */
export function formatGrouped(amount: bigint, decimals: number): string {
  const [whole = '', fraction] = formatAmount(amount, decimals).split('.')
  return inGroups(BigInt(whole)) + (fraction === undefined ? '' : `.${fraction}`)
}

export const gweiDecimals = 9
