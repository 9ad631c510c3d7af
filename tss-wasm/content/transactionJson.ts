import { ethHex } from 'micro-eth-signer'
import { readSignedAuthorization, type SignedAuthorization } from './authorization.ts'
import { givenText, isList, isObject, type JsonObject, type JsonValue, readJson } from './json.ts'
import { readAddress, readBytes, readInteger } from './jsonValues.ts'
import { ContentRefused } from './refused.ts'
import { unwrapped } from './rpcRequest.ts'
import type { AccessListEntry, EthereumTransaction, TransactionForm } from './transaction.ts'

/** What a pasted transaction says. */
export interface PastedTransaction {
  /** Undefined where it says too little to be signed: a dapp leaves the rest to the wallet. */
  readonly transaction: EthereumTransaction | undefined
  /** What it says, for a form that asks for the rest. */
  readonly said: Partial<EthereumTransaction>
  /** Names of what is not part of a transaction, and is not signed. */
  readonly leftOut: readonly string[]
}

const longest = 600_000
const methods = ['eth_sendTransaction', 'eth_signTransaction']
const forms: readonly (readonly [names: readonly string[], form: TransactionForm | 'fee-market' | 'blobs'])[] = [
  [['0x0', '0x00', '0', 'legacy'], 'legacy'],
  [['0x1', '0x01', '1', 'eip2930'], 'access-list'],
  [['0x2', '0x02', '2', 'eip1559'], 'fee-market'],
  [['0x3', '0x03', '3', 'eip4844'], 'blobs'],
  [['0x4', '0x04', '4', 'eip7702'], 'delegation'],
]
/** Names for one thing, the usual one first. */
const names = {
  chainId: ['chainId', 'chainID'],
  nonce: ['nonce'],
  gasLimit: ['gas', 'gasLimit'],
  gasPrice: ['gasPrice'],
  maxFeePerGas: ['maxFeePerGas'],
  maxPriorityFeePerGas: ['maxPriorityFeePerGas'],
  to: ['to'],
  value: ['value'],
  data: ['data', 'input'],
  accessList: ['accessList'],
  authorizationList: ['authorizationList'],
} as const
/** What libraries and nodes write beside a transaction: nothing of it is signed. */
const beside = [
  'hash',
  'blockHash',
  'blockNumber',
  'transactionIndex',
  'blockTimestamp',
  'nonceManager',
  'chain',
  'kzg',
]
const signature = ['r', 's', 'v', 'yParity', 'sig', 'signature']
const blobFields = ['blobs', 'blobVersionedHashes', 'maxFeePerBlobGas', 'sidecars']

/**
 * A transaction as other programs write it in JSON (viem, ethers, nodes, dapps), integers as numbers, decimal strings or 0x-hex,
 * alone or in the request that asks for it. What it does not say is not guessed; what two names say differently, and what is
 * not understood, is refused.
 * @param signer address that is to sign, with checksum: `from` and `account`, where they are given, have to be it
 * @throws ContentRefused
 */
export function readTransactionJson(text: string, signer: string): PastedTransaction {
  const fields = fieldsOf(text)
  const said = (name: keyof typeof names) => oneOf(fields, names[name])
  mustBeUnsigned(fields)
  mustBeOf(fields, signer)
  const form = formOf(fields)
  const gasPrice = said('gasPrice')
  const maximum = said('maxFeePerGas')
  const tip = said('maxPriorityFeePerGas')
  const optional = <T>(value: JsonValue | undefined, read: (value: JsonValue) => T): T | undefined =>
    value === undefined ? undefined : read(value)
  const amount = (name: keyof typeof names) => optional(said(name), (value) => readAmount(value, name))
  const isPriced = form === 'legacy' || form === 'access-list'
  if (isPriced && maximum !== undefined) throw contradiction('maxFeePerGas', maximum, 'gasPrice')
  if (isPriced && tip !== undefined) throw contradiction('maxPriorityFeePerGas', tip, 'gasPrice')
  if (!isPriced && gasPrice !== undefined && amount('gasPrice') !== amount('maxFeePerGas')) {
    throw contradiction('gasPrice', gasPrice, 'maxFeePerGas')
  }
  const accessList = optional(said('accessList'), readAccessList) ?? []
  if (form === 'legacy' && accessList.length > 0) throw new ContentRefused('accessList', 'unknown-field')
  const authorizations = optional(said('authorizationList'), readAuthorizations)
  if (form !== 'delegation' && authorizations !== undefined && authorizations.length > 0) {
    throw new ContentRefused('authorizationList', 'unknown-field')
  }
  const whole = {
    form: form === 'fee-market' ? undefined : form,
    chainId: amount('chainId'),
    nonce: amount('nonce'),
    gasLimit: amount('gasLimit'),
    maxFeePerGas: isPriced ? amount('gasPrice') : amount('maxFeePerGas'),
    maxPriorityFeePerGas: isPriced ? amount('gasPrice') : amount('maxPriorityFeePerGas'),
    to: optional(said('to'), (value) => readAddress(value, 'to')),
    value: amount('value') ?? 0n,
    data: optional(said('data'), (value) => readBytes(value, 'data')) ?? new Uint8Array(),
    accessList,
    authorizations: form === 'delegation' ? (authorizations ?? []) : undefined,
  }
  const known = new Map(Object.entries(whole).filter(([, value]) => value !== undefined))
  const needed = ['chainId', 'nonce', 'gasLimit', 'maxFeePerGas', 'maxPriorityFeePerGas']
  const result = Object.fromEntries(known) as Partial<EthereumTransaction>
  const isWhole = needed.every((name) => known.has(name))
  return {
    transaction: isWhole ? ({ to: undefined, ...result } as EthereumTransaction) : undefined,
    said: result,
    leftOut: [...fields.keys()].filter((name) => beside.includes(name) && !isNothing(fields.get(name))),
  }
}

function fieldsOf(text: string): JsonObject {
  const given = unwrapped(readJson('transaction', text, longest), 'transaction', methods)
  // What geth answers to eth_fillTransaction and its like.
  const inner = isObject(given) && given.has('raw') ? given.get('tx') : given
  if (!isObject(inner))
    throw isList(inner)
      ? new ContentRefused('transaction', 'is-a-list')
      : new ContentRefused('transaction', 'wrong-value', { needed: '{…}' })
  const known = [...Object.values(names).flat(), ...beside, ...signature, ...blobFields, 'type', 'from', 'account']
  const stray = [...inner.keys()].find((name) => !known.includes(name))
  if (stray !== undefined) throw new ContentRefused('transaction', 'unknown-field', { given: stray })
  return inner
}

/** Whatever the names for it say, which has to be the same; null says nothing. */
function oneOf(fields: JsonObject, [name, ...others]: readonly string[]): JsonValue | undefined {
  const value = isNothing(fields.get(name ?? '')) ? undefined : fields.get(name ?? '')
  return others.reduce((one, other) => {
    const two = fields.get(other)
    if (isNothing(two)) return one
    if (one !== undefined && !isSame(one, two)) throw contradiction(other, two, name ?? '')
    return two
  }, value)
}

function isNothing(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null
}

/** By what is meant: "0xAB" is "0xab", and 21000 is "0x5208". */
function isSame(one: JsonValue, two: JsonValue | undefined): boolean {
  const [a, b] = [one, two].map((value) => givenText(value).toLowerCase())
  if (a === b) return true
  const isNumber = (text = '') => /^(0|[1-9][0-9]{0,77}|0x[0-9a-f]{1,64})$/.test(text)
  return isNumber(a) && isNumber(b) && BigInt(a ?? '') === BigInt(b ?? '')
}

function contradiction(name: string, value: JsonValue | undefined, other: string): ContentRefused {
  return new ContentRefused(name, 'contradicts', { given: givenText(value), needed: other })
}

/** Nodes write zeros where a signature will be. */
function mustBeUnsigned(fields: JsonObject): void {
  const name = signature.find((each) => {
    const value = fields.get(each)
    return !isNothing(value) && !/^(0x)?0*$/.test(givenText(value))
  })
  if (name !== undefined) throw new ContentRefused(name, 'already-signed')
}

function mustBeOf(fields: JsonObject, signer: string): void {
  for (const name of ['from', 'account']) {
    const given = fields.get(name)
    const address = isObject(given) ? given.get('address') : given
    if (isNothing(address)) continue
    if (readAddress(address, name) !== signer) {
      throw new ContentRefused(name, 'other-signer', { given: givenText(address), needed: signer })
    }
  }
}

function formOf(fields: JsonObject): TransactionForm | 'fee-market' {
  const given = fields.get('type')
  const has = (name: string) => !isNothing(fields.get(name))
  const stated = isNothing(given) ? undefined : forms.find(([all]) => all.includes(givenText(given)))?.[1]
  if (!isNothing(given) && stated === undefined)
    throw new ContentRefused('type', 'wrong-type', { given: givenText(given) })
  const blob = blobFields.find(has)
  if (stated === 'blobs' || blob !== undefined) throw new ContentRefused(blob ?? 'type', 'blobs')
  if (stated !== undefined) return stated
  if (has('authorizationList')) return 'delegation'
  if (!has('gasPrice') || has('maxFeePerGas')) return 'fee-market'
  return has('accessList') ? 'access-list' : 'legacy'
}

function readAmount(value: JsonValue, place: string): bigint {
  const number = readInteger(value, place)
  if (number < 0n) throw new ContentRefused(place, 'too-small', { given: givenText(value), needed: '0' })
  return number
}

function readAccessList(value: JsonValue): AccessListEntry[] {
  if (!isList(value)) throw new ContentRefused('accessList', 'not-a-list', { given: givenText(value) })
  return value.map((entry, i) => {
    const place = `accessList[${i}]`
    // ethers also writes pairs.
    const [at, storageKeys] = isObject(entry)
      ? [entry.get('address'), entry.get('storageKeys')]
      : isList(entry)
        ? entry
        : []
    if (!isList(storageKeys)) throw new ContentRefused(`${place}.storageKeys`, 'not-a-list')
    return {
      address: readAddress(at, `${place}.address`),
      storageKeys: storageKeys.map((key, k) => readBytes(key, `${place}.storageKeys[${k}]`)),
    }
  })
}

function readAuthorizations(value: JsonValue): SignedAuthorization[] {
  if (!isList(value)) throw new ContentRefused('authorizationList', 'not-a-list', { given: givenText(value) })
  return value.map((entry, i) => {
    const place = `authorizationList[${i}]`
    if (!isObject(entry)) throw new ContentRefused(place, 'wrong-value', { given: givenText(entry), needed: '{…}' })
    // ethers puts the signature into an object of its own.
    const inner = entry.get('signature')
    const signed = isObject(inner) ? new Map([...entry, ...inner]) : entry
    const number = (...all: readonly string[]) => {
      const found = oneOf(signed, all)
      if (found === undefined) throw new ContentRefused(`${place}.${all[0] ?? ''}`, 'missing-field')
      return readAmount(found, `${place}.${all[0] ?? ''}`)
    }
    const at = readAddress(oneOf(signed, ['address', 'contractAddress']), `${place}.address`)
    return readSignedAuthorization([
      minimal(number('chainId')),
      ethHex.decode(at),
      ...['nonce', 'yParity', 'r', 's'].map((name) => minimal(number(name))),
    ])
  })
}

/** As RLP has integers. */
function minimal(value: bigint): Uint8Array {
  const digits = value === 0n ? '' : value.toString(16)
  return ethHex.decode(`0x${digits.length % 2 === 1 ? '0' : ''}${digits}`)
}

/** An authorization (EIP-7702) that is to be signed, as viem and ethers take it: chainId, address, nonce. @throws ContentRefused */
export function readAuthorizationJson(text: string) {
  const given = readJson('authorization', text, longest)
  if (!isObject(given)) throw new ContentRefused('authorization', 'wrong-value')
  const number = (name: string) => readAmount(given.get(name) ?? null, name)
  const at = readAddress(oneOf(given, ['address', 'contractAddress']), 'address')
  return { chainId: number('chainId'), address: at, nonce: number('nonce') }
}

/** Whether JSON is of an authorization: it has an address and a nonce, and nothing that is paid for. */
export function isAuthorizationJson(text: string): boolean {
  try {
    const given = readJson('authorization', text, longest)
    if (!isObject(given)) return false
    const keys = [...given.keys()]
    const own = ['chainId', 'address', 'contractAddress', 'nonce', 'executor', 'account']
    return keys.every((key) => own.includes(key)) && (keys.includes('address') || keys.includes('contractAddress'))
  } catch {
    return false
  }
}
