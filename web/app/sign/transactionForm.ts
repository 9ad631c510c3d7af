import { addr } from 'micro-eth-signer'
import type { SigningContent } from '../../../tss-wasm/content/content.ts'
import { longestMessage } from '../../../tss-wasm/content/ethereum.ts'
import { isKeyPath, type KeyPath } from '../../../tss-wasm/content/keys.ts'
import { importPsbt } from '../../../tss-wasm/content/psbt.ts'
import { importTypedData } from '../../../tss-wasm/content/typedData.ts'
import { ContentRefused } from '../../../tss-wasm/content/refused.ts'
import { decodeTransaction, encodeTransaction } from '../../../tss-wasm/content/transaction.ts'
import { etherDecimals, gweiDecimals, parseAmount } from './amounts.ts'
import { transactionFromJson } from './pastedTransaction.ts'
import type { Texts } from '../texts/en.ts'

/** What a person typed, as it is. */
export interface TransactionFields {
  readonly chainId: string
  readonly to: string
  readonly value: string
  readonly nonce: string
  readonly maxFee: string
  readonly tip: string
  readonly gas: string
  readonly data: string
}

/** What is wrong, by field; `transaction` for the whole. */
export type FieldErrors = Readonly<
  Partial<Record<keyof TransactionFields | 'transaction' | 'message' | 'digest' | 'typed' | 'psbt' | 'path', string>>
>
export type Parsed = { readonly content: SigningContent } | { readonly errors: FieldErrors }

export function parseFields(fields: TransactionFields, texts: Texts): Parsed {
  const { invalid } = texts.sign
  const errors: Partial<Record<keyof TransactionFields, string>> = {}
  const integer = (name: keyof TransactionFields): bigint => {
    const text = fields[name].trim()
    if (/^\d{1,30}$/.test(text)) return BigInt(text)
    errors[name] = text === '' ? invalid.required : invalid.integer
    return 0n
  }
  const amount = (name: keyof TransactionFields, decimals: number): bigint => {
    const text = fields[name].trim()
    const value = parseAmount(text, decimals)
    if (value === undefined) errors[name] = text === '' ? invalid.required : invalid.amount(decimals)
    return value ?? 0n
  }
  const to = fields.to.trim()
  const wrongAddress = addressError(to, texts)
  if (wrongAddress !== undefined) errors.to = wrongAddress
  const data = hexBytes(fields.data)
  if (data === undefined) errors.data = invalid.hex
  const transaction = {
    chainId: integer('chainId'),
    nonce: integer('nonce'),
    maxPriorityFeePerGas: amount('tip', gweiDecimals),
    maxFeePerGas: amount('maxFee', gweiDecimals),
    gasLimit: integer('gas'),
    to: to === '' ? undefined : to,
    value: amount('value', etherDecimals),
    data: data ?? new Uint8Array(),
    accessList: [],
  }
  if (to === '' && transaction.data.length === 0) errors.to = invalid.required
  if (Object.keys(errors).length > 0) return { errors }
  return refusing(texts, () => ({ type: 'ethereum-transaction', unsigned: encodeTransaction(transaction) }))
}

/** Hex of what is to be signed, or JSON. @param signer address that is to sign */
export function parsePasted(text: string, signer: string, texts: Texts): Parsed {
  if (text.trim().startsWith('{')) {
    return refusing(texts, () => ({
      type: 'ethereum-transaction',
      unsigned: encodeTransaction(transactionFromJson(text, signer)),
    }))
  }
  const unsigned = hexBytes(text)
  if (unsigned === undefined) return { errors: { transaction: texts.sign.invalid.hex } }
  if (unsigned.length === 0) return { errors: { transaction: texts.sign.invalid.required } }
  return refusing(texts, () => {
    decodeTransaction(unsigned)
    return { type: 'ethereum-transaction', unsigned }
  })
}

export function parseMessage(text: string, texts: Texts): Parsed {
  if (text === '') return { errors: { message: texts.sign.invalid.required } }
  const message = new TextEncoder().encode(text)
  if (message.length > longestMessage)
    return { errors: { message: texts.content.refused(texts.sign.message, texts.content.rules['too-long']) } }
  return { content: { type: 'ethereum-message', message } }
}

export function parseDigest(text: string, { sign: { invalid } }: Texts): Parsed {
  const digest = hexBytes(text)
  if (text.trim() === '') return { errors: { digest: invalid.required } }
  if (digest?.length !== 32) return { errors: { digest: invalid.digest } }
  return { content: { type: 'raw-digest', digest } }
}

export function parseTypedData(text: string, texts: Texts): Parsed {
  if (text.trim() === '') return { errors: { typed: texts.sign.invalid.required } }
  const parsed = refusing(texts, () => ({ type: 'ethereum-typed-data', json: importTypedData(text) }))
  return 'content' in parsed ? parsed : { errors: { typed: parsed.errors.transaction ?? '' } }
}

/** @param publicKey of the wallet, compressed: only what spends from its addresses is taken */
export function parsePsbt(text: string, publicKey: Uint8Array, texts: Texts): Parsed {
  const { invalid } = texts.sign
  const trimmed = text.replace(/\s+/g, '')
  if (trimmed === '') return { errors: { psbt: invalid.required } }
  const bytes = hexBytes(trimmed) ?? base64Bytes(trimmed)
  if (bytes === undefined) return { errors: { psbt: invalid.psbt } }
  const parsed = refusing(texts, () => ({ type: 'bitcoin-psbt', psbt: importPsbt(bytes, publicKey) }))
  return 'content' in parsed ? parsed : { errors: { psbt: parsed.errors.transaction ?? '' } }
}

/** "m/0/3"; empty is the wallet's own key. Undefined where it is no path. */
export function parsePath(text: string): KeyPath | undefined {
  const parts = text.trim().split('/')
  if (!/^(m|m(\/\d{1,10})+)?$/.test(text.trim())) return undefined
  const path = parts.slice(1).map(Number)
  return isKeyPath(path) ? path : undefined
}

/** Empty creates a contract and is no error here. Mixed case must be the EIP-55 checksum. */
function addressError(to: string, { sign: { invalid } }: Texts): string | undefined {
  if (to === '' || addr.isValid(to)) return undefined
  return /^0x[0-9a-fA-F]{40}$/.test(to) ? invalid.checksum : invalid.address
}

/** Accepts white space, as pasted text has it. Undefined where it is no hex. */
function hexBytes(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '')
  if (!/^([0-9a-fA-F]{2})*$/.test(digits)) return undefined
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function base64Bytes(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

const fieldNames: Readonly<Record<string, keyof TransactionFields>> = {
  chainId: 'chainId',
  nonce: 'nonce',
  maxPriorityFeePerGas: 'tip',
  maxFeePerGas: 'maxFee',
  gasLimit: 'gas',
  to: 'to',
  value: 'value',
  data: 'data',
}

function refusing({ content }: Texts, make: () => SigningContent): Parsed {
  try {
    return { content: make() }
  } catch (error) {
    if (!(error instanceof ContentRefused)) throw error
    const field = fieldNames[error.field]
    const sentence = content.refused(error.field, content.rules[error.rule])
    return { errors: { transaction: sentence, ...(field === undefined ? {} : { [field]: sentence }) } }
  }
}
