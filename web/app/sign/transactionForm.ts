import { addr } from 'micro-eth-signer'
import { sameBytes } from '../../../tss-wasm/bytes.ts'
import { ethereumAddressIn, readPaymentUri } from '../../../tss-wasm/content/addressUri.ts'
import { decodeAuthorization, encodeAuthorization } from '../../../tss-wasm/content/authorization.ts'
import type { BitcoinMessageFormat, SigningContent } from '../../../tss-wasm/content/content.ts'
import { longestMessage } from '../../../tss-wasm/content/longestMessage.ts'
import { isKeyPath, type KeyPath } from '../../../tss-wasm/content/keys.ts'
import { decodePsbt, readPsbt, type BitcoinPayment } from '../../../tss-wasm/content/psbt.ts'
import { ContentRefused } from '../../../tss-wasm/content/refused.ts'
import {
  decodeTransaction,
  encodeTransaction,
  type EthereumTransaction,
} from '../../../tss-wasm/content/transaction.ts'
import {
  isAuthorizationJson,
  readAuthorizationJson,
  readTransactionJson,
} from '../../../tss-wasm/content/transactionJson.ts'
import { scriptOf } from '../../../tss-wasm/content/scripts.ts'
import { readTypedData } from '../../../tss-wasm/content/typedData.ts'
import { psbtOfUr } from '../../../tss-wasm/content/ur/psbtUr.ts'
import { bitcoinDecimals, etherDecimals, formatAmount, gweiDecimals, parseAmount } from './amounts.ts'
import type { Texts } from '../texts/en.ts'
import { wordFor } from '../texts/wordFor.ts'

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
  Partial<
    Record<keyof TransactionFields | 'transaction' | 'message' | 'digest' | 'typed' | 'psbt' | 'payee' | 'path', string>
  >
>

export type Parsed =
  | {
      readonly content: SigningContent
      /** Names of what was given and is not part of what is signed. */
      readonly leftOut: readonly string[]
    }
  | { readonly errors: FieldErrors }
  /** What a dapp asks for, without what the wallet has to say: for the form. */
  | { readonly fields: Partial<TransactionFields> }

export function parseFields(fields: TransactionFields, texts: Texts): Parsed {
  const { invalid } = texts.sign
  const errors: Partial<Record<keyof TransactionFields, string>> = {}
  const integer = (name: keyof TransactionFields): bigint => {
    const number = parseAmount(fields[name], 0)
    if (number === undefined) errors[name] = fields[name].trim() === '' ? invalid.required : invalid.integer
    return number ?? 0n
  }
  const amount = (name: keyof TransactionFields, decimals: number): bigint => {
    const text = fields[name].trim()
    const value = parseAmount(text, decimals)
    if (value === undefined) errors[name] = text === '' ? invalid.required : invalid.amount(decimals)
    return value ?? 0n
  }
  const to = ethereumAddressIn(fields.to)
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
  return refusing(texts, () => ({
    content: { type: 'ethereum-transaction', unsigned: encodeTransaction(transaction) },
    leftOut: [],
  }))
}

/** The fields of a form, as far as an `ethereum:` URI that was pasted for the recipient says them. */
export function fieldsOfUri(text: string): Partial<TransactionFields> {
  const uri = readPaymentUri(text)
  if (uri?.network !== 'ethereum') return {}
  return {
    to: uri.address,
    ...(uri.chainId !== undefined && { chainId: uri.chainId.toString() }),
    ...(uri.amount !== undefined && { value: formatAmount(BigInt(uri.amount), etherDecimals) }),
  }
}

/** Hex of what is to be signed, or JSON. @param signer address that is to sign */
export function parsePasted(text: string, signer: string, texts: Texts): Parsed {
  if (/^[{[]/.test(text.trim())) return refusing(texts, () => parsedJson(text, signer))
  const unsigned = hexBytes(text)
  if (unsigned === undefined) return { errors: { transaction: texts.sign.invalid.hex } }
  if (unsigned.length === 0) return { errors: { transaction: texts.sign.invalid.required } }
  return refusing(texts, () => {
    if (unsigned[0] === authorizationMark) {
      decodeAuthorization(unsigned)
      return { content: { type: 'ethereum-authorization', unsigned }, leftOut: [] }
    }
    decodeTransaction(unsigned)
    return { content: { type: 'ethereum-transaction', unsigned }, leftOut: [] }
  })
}

const authorizationMark = 0x05

function parsedJson(text: string, signer: string): Parsed {
  if (isAuthorizationJson(text)) {
    const unsigned = encodeAuthorization(readAuthorizationJson(text))
    return { content: { type: 'ethereum-authorization', unsigned }, leftOut: [] }
  }
  const { transaction, said, leftOut } = readTransactionJson(text, signer)
  if (transaction === undefined) return { fields: fieldsOf(said) }
  return { content: { type: 'ethereum-transaction', unsigned: encodeTransaction(transaction) }, leftOut }
}

/** As somebody would have typed them. */
function fieldsOf(said: Partial<EthereumTransaction>): Partial<TransactionFields> {
  const number = (value: bigint | undefined, decimals = 0) => value !== undefined && formatAmount(value, decimals)
  const all = {
    chainId: number(said.chainId),
    to: said.to ?? false,
    value: number(said.value, etherDecimals),
    nonce: number(said.nonce),
    maxFee: number(said.maxFeePerGas, gweiDecimals),
    tip: number(said.maxPriorityFeePerGas, gweiDecimals),
    gas: number(said.gasLimit),
    data: said.data !== undefined && said.data.length > 0 && hexText(said.data),
  }
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== false))
}

/** How a text is read that may be hex: as wallets read what dapps hand them for `personal_sign`, or as its characters. */
export type MessageReading = 'bytes' | 'text'

/** The bytes that a message stands for when a dapp gives it: of 0x-hex, alone or in the request. Undefined where it is neither. */
export function bytesOfMessage(text: string): Uint8Array | undefined {
  const trimmed = text.trim()
  const [, wrapped] = /"method"\s*:\s*"personal_sign"[^]*?"params"\s*:\s*\[\s*"(0x[0-9a-fA-F]*)"/.exec(trimmed) ?? []
  const hex = trimmed.startsWith('{') ? wrapped : trimmed
  return hex !== undefined && /^0x([0-9a-fA-F]{2})+$/.test(hex) ? hexBytes(hex) : undefined
}

export function parseMessage(text: string, reading: MessageReading, texts: Texts): Parsed {
  const bytes = reading === 'bytes' ? bytesOfMessage(text) : undefined
  return messageOf(bytes ?? new TextEncoder().encode(text), texts, (message) => ({ type: 'ethereum-message', message }))
}

export function parseBitcoinMessage(text: string, format: BitcoinMessageFormat, texts: Texts): Parsed {
  const bytes = new TextEncoder().encode(text)
  return messageOf(bytes, texts, (message) => ({ type: 'bitcoin-message', message, format }))
}

function messageOf(message: Uint8Array, texts: Texts, of: (message: Uint8Array) => SigningContent): Parsed {
  if (message.length === 0) return { errors: { message: texts.sign.invalid.required } }
  if (message.length > longestMessage) {
    const value = { given: `${message.length}`, needed: `${longestMessage}` }
    return { errors: { message: sentence(new ContentRefused('message', 'too-long', value), texts) } }
  }
  return { content: of(message), leftOut: [] }
}

export function parseDigest(text: string, { sign: { invalid } }: Texts): Parsed {
  const digest = hexBytes(text)
  if (text.trim() === '') return { errors: { digest: invalid.required } }
  if (digest?.length !== 32) return { errors: { digest: invalid.digest } }
  return { content: { type: 'raw-digest', digest }, leftOut: [] }
}

export function parseTypedData(text: string, texts: Texts): Parsed {
  if (text.trim() === '') return { errors: { typed: texts.sign.invalid.required } }
  const parsed = refusing(texts, () => {
    const { json, leftOut } = readTypedData(text)
    return { content: { type: 'ethereum-typed-data', json }, leftOut }
  })
  return 'errors' in parsed ? { errors: { typed: parsed.errors.transaction ?? '' } } : parsed
}

/**
 * @param payee whom it is meant for, as somebody has it from them: an address, a `bitcoin:` URI, or nothing
 * @param publicKey of the wallet, compressed: only what spends from its addresses is taken
 */
export function parsePsbt(text: string, payee: string, publicKey: Uint8Array, texts: Texts): Parsed {
  const { invalid } = texts.sign
  const trimmed = text.replace(/\s+/g, '')
  if (trimmed === '') return { errors: { psbt: invalid.required } }
  if (readPayee(trimmed) !== undefined) return { errors: { psbt: invalid.psbtAddress } }
  const wanted = readPayee(payee)
  if (payee.trim() !== '' && wanted === undefined) return { errors: { payee: invalid.payee } }
  const bytes = psbtOfUr(trimmed) ?? hexBytes(trimmed) ?? base64Bytes(trimmed)
  if (bytes === undefined) return { errors: { psbt: invalid.psbt } }
  const parsed = refusing(texts, () => {
    const { psbt, leftOut } = readPsbt(bytes, publicKey)
    const wrong = wanted && payeeError(wanted, decodePsbt(psbt, publicKey), texts)
    if (wrong !== undefined) return { errors: { payee: wrong } }
    return { content: { type: 'bitcoin-psbt', psbt }, leftOut }
  })
  if (!('errors' in parsed) || parsed.errors.payee !== undefined) return parsed
  return { errors: { psbt: parsed.errors.transaction ?? '' } }
}

interface Payee {
  readonly script: Uint8Array
  /** In satoshi; undefined where it is not said. */
  readonly amount: bigint | undefined
}

/** Of the main network. Undefined for what is neither an address nor a URI, or asks for an amount that is none. */
function readPayee(text: string): Payee | undefined {
  const uri = readPaymentUri(text)
  const script = scriptOf(uri?.network === 'bitcoin' ? uri.address : text.trim())
  const amount = uri?.amount === undefined ? undefined : parseAmount(uri.amount, bitcoinDecimals)
  const isWrong = script === undefined || (uri?.amount !== undefined && amount === undefined)
  return isWrong ? undefined : { script, amount }
}

/** Whatever else the payment does: the review shows it. */
function payeeError({ script, amount }: Payee, { outputs }: BitcoinPayment, texts: Texts): string | undefined {
  const { invalid } = texts.sign
  const paid = outputs.filter((output) => sameBytes(output.script, script))
  if (paid.length === 0) return invalid.notPaid
  const sum = paid.reduce((total, output) => total + output.amount, 0n)
  if (amount === undefined || sum === amount) return undefined
  return invalid.paidOther(formatAmount(sum, bitcoinDecimals), formatAmount(amount, bitcoinDecimals))
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
  if (/^(bitcoin:|bc1|[13][1-9A-HJ-NP-Za-km-z]{25,34}$)/i.test(to)) return invalid.bitcoinAddress
  return /^0x[0-9a-fA-F]{40}$/.test(to) ? invalid.checksum : invalid.address
}

/** Accepts white space, as pasted text has it. Undefined where it is no hex. */
function hexBytes(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, '').replace(/^0x/i, '')
  if (!/^([0-9a-fA-F]{2})*$/.test(digits)) return undefined
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function hexText(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
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

function refusing(texts: Texts, make: () => Parsed): Parsed {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ContentRefused)) throw error
    const field = fieldNames[error.field]
    const said = sentence(error, texts)
    return { errors: { transaction: said, ...(field === undefined ? {} : { [field]: said }) } }
  }
}

/** The thing, the value and what to do. */
function sentence({ field, rule, given, needed }: ContentRefused, { content }: Texts): string {
  const said = content.rules[rule] + (needed === undefined ? '' : (content.more[rule] ?? ''))
  return content.refused(wordFor(content.fields, field) ?? field, given, said, needed)
}
