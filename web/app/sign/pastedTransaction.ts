import { addr, ethHex } from 'micro-eth-signer'
import { ContentRefused } from '../../../tss-wasm/content/refused.ts'
import type { AccessListEntry, EthereumTransaction } from '../../../tss-wasm/content/transaction.ts'

type Fields = Readonly<Record<string, unknown>>

const longest = 300_000
const known = new Set(
  'type chainId nonce from to value data input gas gasLimit gasPrice maxFeePerGas maxPriorityFeePerGas accessList'.split(
    ' ',
  ),
)
const legacyTypes: readonly unknown[] = ['0x0', '0x00', 0, 'legacy']
const types: readonly unknown[] = ['0x2', '0x02', 2, 'eip1559', undefined]

/**
 * A transaction as other programs write it in JSON, integers as numbers, decimal strings or 0x-hex. What it does not say is
 * not guessed, and what is not understood is refused.
 * @param signer address that is to sign, with checksum: `from`, where it is given, has to be it
 * @throws ContentRefused
 */
export function transactionFromJson(text: string, signer: string): EthereumTransaction {
  const fields = parsed(text)
  const stray = Object.keys(fields).find((name) => !known.has(name))
  if (stray !== undefined) throw new ContentRefused(stray.slice(0, 40), 'unknown-field')
  const { from } = fields
  if (from !== undefined && (typeof from !== 'string' || from.toLowerCase() !== signer.toLowerCase())) {
    throw new ContentRefused('from', 'other-signer')
  }
  const isLegacy = legacyTypes.includes(fields['type']) || (fields['type'] === undefined && 'gasPrice' in fields)
  if (!isLegacy && !types.includes(fields['type'])) throw new ContentRefused('type', 'wrong-type')
  const common = {
    chainId: integer(fields, 'chainId'),
    nonce: integer(fields, 'nonce'),
    gasLimit: integer(fields, 'gas' in fields ? 'gas' : 'gasLimit'),
    to: fields['to'] === undefined || fields['to'] === null ? undefined : address('to', fields['to']),
    value: 'value' in fields ? integer(fields, 'value') : 0n,
    data: bytes('data', oneOf(fields, 'data', 'input') ?? '0x'),
  }
  if (isLegacy) {
    const stranger = ['maxFeePerGas', 'maxPriorityFeePerGas', 'accessList'].find((name) => name in fields)
    if (stranger !== undefined) throw new ContentRefused(stranger, 'unknown-field')
    const gasPrice = integer(fields, 'gasPrice')
    return { ...common, isLegacy, maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice, accessList: [] }
  }
  if ('gasPrice' in fields) throw new ContentRefused('gasPrice', 'unknown-field')
  return {
    ...common,
    maxFeePerGas: integer(fields, 'maxFeePerGas'),
    maxPriorityFeePerGas: integer(fields, 'maxPriorityFeePerGas'),
    accessList: accessList(fields['accessList'] ?? []),
  }
}

function parsed(text: string): Fields {
  if (text.length > longest) throw new ContentRefused('transaction', 'too-long')
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // said below
  }
  throw new ContentRefused('transaction', 'not-json')
}

/** Two names for one thing: whoever gives both has to give the same. */
function oneOf(fields: Fields, name: string, other: string): unknown {
  const [one, two] = [fields[name], fields[other]]
  if (one !== undefined && two !== undefined && one !== two) throw new ContentRefused(other, 'repeated-name')
  return one ?? two
}

function integer(fields: Fields, name: string): bigint {
  const value = fields[name]
  if (value === undefined) throw new ContentRefused(name, 'missing-field')
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value === 'string' && /^([0-9]{1,78}|0x[0-9a-fA-F]{1,64})$/.test(value)) return BigInt(value)
  throw new ContentRefused(name, 'wrong-value')
}

function address(name: string, value: unknown): string {
  const isAddress = typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
  if (!isAddress || !(value === value.toLowerCase() || addr.isValid(value)))
    throw new ContentRefused(name, 'wrong-value')
  return addr.addChecksum(value.toLowerCase())
}

function bytes(name: string, value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(value)) throw new ContentRefused(name, 'wrong-value')
  return ethHex.decode(value)
}

function accessList(value: unknown): AccessListEntry[] {
  if (!Array.isArray(value)) throw new ContentRefused('accessList', 'not-a-list')
  return (value as readonly unknown[]).map((entry) => {
    const { address: at, storageKeys } = (entry ?? {}) as Fields
    if (!Array.isArray(storageKeys)) throw new ContentRefused('accessList', 'not-a-list')
    const keys = (storageKeys as readonly unknown[]).map((key) => bytes('accessList', key))
    return { address: address('accessList', at), storageKeys: keys }
  })
}
