import { bytesToHex } from '@noble/hashes/utils.js'
import { addr } from 'micro-eth-signer'
import { transferCall } from '../../../chain/evm/erc20.ts'
import type { Fees, Speed } from '../../../chain/evm/fees.ts'
import type { Outlook } from '../../../chain/evm/outlook.ts'
import { freeNonce, gasLimitOf, mostCoins } from '../../../chain/evm/payment.ts'
import { ethereumAddressIn } from '../../../tss-wasm/content/addressUri.ts'
import type { NamedToken } from '../../state/chain.ts'
import { etherDecimals, formatAmount, gweiDecimals, parseAmount } from '../sign/amounts.ts'
import { parseFields, type FieldErrors, type Parsed } from '../sign/transactionForm.ts'
import type { Texts } from '../texts/en.ts'

/** What a person has said so far. */
export interface SendDraft {
  /** Chain id, decimal. */
  readonly network: string
  /** Contract of a token; '' is the coin, 'other' one whose contract is typed. */
  readonly asset: string
  readonly contract: string
  readonly to: string
  readonly amount: string
  readonly speed: Speed
  /** Typed in place of what the nodes suggest; undefined: not touched. */
  readonly own: Readonly<Partial<Record<'nonce' | 'maxFee' | 'tip' | 'gas', string>>>
  /** Of the address that pays: "m", "m/0/3". */
  readonly path: string
}

export function emptySend(network: string): SendDraft {
  return { network, asset: '', contract: '', to: '', amount: '', speed: 'normal', own: {}, path: 'm' }
}

/** The token's contract that a draft means, or undefined for the coin, or for an address that is none. */
export function contractOf({ asset, contract }: SendDraft): string | undefined {
  const typed = asset === 'other' ? contract.trim() : asset
  return typed !== '' && addr.isValid(typed) ? addr.addChecksum(typed) : undefined
}

/** What fills the fields that nobody has touched: as people write it, '' where nodes say nothing, or not the same. */
export interface Suggestion {
  readonly nonce: string
  readonly maxFee: string
  readonly tip: string
  readonly gas: string
}

const none: Suggestion = { nonce: '', maxFee: '', tip: '', gas: '' }
/** Of a payment of the coin, before its recipient is known. */
const plainGas = 21_000n

/** @param taken nonces of the wallet's own open requests on this network */
export function suggestionOf(outlook: Outlook | undefined, speed: Speed, taken: readonly bigint[]): Suggestion {
  if (outlook === undefined) return none
  const { nonce, gas } = outlook
  const fees = feesAt(outlook, speed)
  return {
    nonce: nonce.type === 'said' ? freeNonce(nonce.value, taken).toString() : '',
    maxFee: fees === undefined ? '' : formatAmount(fees.maxFeePerGas, gweiDecimals),
    tip: fees === undefined ? '' : formatAmount(fees.maxPriorityFeePerGas, gweiDecimals),
    gas: gas.type === 'said' ? gasLimitOf(gas.value).toString() : '',
  }
}

export function feesAt({ fees }: Outlook, speed: Speed): Fees | undefined {
  return fees.type === 'said' ? fees.value[speed] : undefined
}

/** What the payment's fields are: what was typed, and what is suggested where nothing was. */
export function filled({ own }: SendDraft, suggestion: Suggestion): Suggestion {
  return { ...suggestion, ...own }
}

/**
 * Everything that the address has of what is sent, as it is typed; undefined where the nodes do not say, or not the same.
 * Of the coin what the fee may take is left.
 */
export function mostOf(
  outlook: Outlook,
  draft: SendDraft,
  suggestion: Suggestion,
  token: NamedToken | undefined,
): string | undefined {
  if (contractOf(draft) !== undefined) {
    const { tokens } = outlook
    return token === undefined || tokens.type !== 'said' ? undefined : formatAmount(tokens.value, token.decimals)
  }
  const { maxFee, gas } = filled(draft, suggestion)
  const price = parseAmount(maxFee, gweiDecimals)
  const limit = gas === '' ? plainGas : parseAmount(gas, 0)
  if (outlook.coins.type !== 'said' || price === undefined || limit === undefined) return undefined
  return formatAmount(mostCoins(outlook.coins.value, price * limit), etherDecimals)
}

/** Whom and how much, once both can be read; in the smallest unit. */
export function paymentOf(
  draft: SendDraft,
  token: NamedToken | undefined,
): { readonly to: string; readonly amount: bigint } | undefined {
  const to = ethereumAddressIn(draft.to)
  const isToken = draft.asset !== ''
  const decimals = isToken ? token?.decimals : etherDecimals
  const amount = decimals === undefined ? undefined : parseAmount(draft.amount, decimals)
  return amount === undefined || !addr.isValid(to) || (isToken && contractOf(draft) === undefined)
    ? undefined
    : { to: addr.addChecksum(to), amount }
}

export type SendErrors = FieldErrors & { readonly contract?: string; readonly amount?: string }
export type Composing = Exclude<Parsed, { readonly fields: unknown }> | { readonly errors: SendErrors }

const mostAmount = (1n << 256n) - 1n

/** The transaction of a draft. @returns what is wrong, by field, where it cannot be made */
export function composed(
  draft: SendDraft,
  suggestion: Suggestion,
  token: NamedToken | undefined,
  texts: Texts,
): Composing {
  const { invalid } = texts.sign
  const fields = { chainId: draft.network, to: draft.to, value: draft.amount, data: '', ...filled(draft, suggestion) }
  const isToken = draft.asset !== ''
  const recipient = parseFields({ ...fields, value: '0', gas: '1000000' }, texts)
  const wrongRecipient = draft.to.trim() === '' ? invalid.required : errorsIn(recipient).to
  if (!isToken && wrongRecipient === undefined) {
    const parsed = parseFields(fields, texts)
    if (!('errors' in parsed)) return withoutFields(parsed)
    const { value, ...others } = parsed.errors
    return { errors: { ...others, ...(value !== undefined && { amount: value }) } }
  }
  const contract = contractOf(draft)
  const amount = token === undefined ? undefined : parseAmount(draft.amount, token.decimals)
  const isTooMuch = amount !== undefined && amount > mostAmount
  const wrongAmount =
    draft.amount.trim() === ''
      ? invalid.required
      : isToken && token !== undefined && (amount === undefined || isTooMuch)
        ? invalid.amount(token.decimals)
        : undefined
  const wrongContract = !isToken || token !== undefined ? undefined : contractError(contract, texts)
  const others = errorsIn(parseFields({ ...fields, to: nobody, value: '0' }, texts))
  const errors: SendErrors = {
    ...others,
    ...(wrongRecipient !== undefined && { to: wrongRecipient }),
    ...(wrongAmount !== undefined && { amount: wrongAmount }),
    ...(wrongContract !== undefined && { contract: wrongContract }),
  }
  if (Object.keys(errors).length > 0 || contract === undefined || amount === undefined) return { errors }
  const data = `0x${bytesToHex(transferCall(ethereumAddressIn(draft.to), amount))}`
  return withoutFields(parseFields({ ...fields, to: contract, value: '0', data }, texts))
}

function contractError(contract: string | undefined, { send }: Texts): string {
  return contract === undefined ? send.noContract : send.unknownToken
}

/** An address that passes, to see what is wrong with the other fields. */
const nobody = `0x${'11'.repeat(20)}`

function errorsIn(parsed: Parsed): FieldErrors {
  return 'errors' in parsed ? parsed.errors : {}
}

/** Only what is pasted is handed back to a form. */
function withoutFields(parsed: Parsed): Composing {
  if ('fields' in parsed) throw new Error('a form was composed from a form')
  return parsed
}
