import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { addr, ethHex } from 'micro-eth-signer'
import type { TypedNode } from '../typedData.ts'

/** A function of a contract, as "transfer(address to, uint256 value)" declares it. */
export interface AbiFunction {
  readonly name: string
  readonly inputs: readonly AbiField[]
}

export interface AbiField {
  /** Its number from 0 where it has none. */
  readonly name: string
  /** Without a size of its own: "uint256", "bytes", "tuple"; with "[]" and "[3]" behind it for lists. */
  readonly type: string
  /** Of a tuple, or of a list of them. */
  readonly components: readonly AbiField[]
}

const wordLength = 32
const deepest = 12
const mostValues = 3000
const listSuffix = /^(.*)\[([0-9]{0,4})\]$/

/** Undefined for what is not a declaration. */
export function parseFunction(declaration: string): AbiFunction | undefined {
  const [, name, inputs] = /^\s*(?:function\s+)?([A-Za-z_$][\w$]*)\s*\((.*)\)\s*$/s.exec(declaration) ?? []
  const fields = inputs === undefined ? undefined : parseFields(inputs)
  return name === undefined || fields === undefined ? undefined : { name, inputs: fields }
}

/** The same from the JSON that compilers write. */
export function functionOf(json: unknown): AbiFunction | undefined {
  const { type, name, inputs } = (json ?? {}) as { type?: unknown; name?: unknown; inputs?: unknown }
  const fields = fieldsOfJson(inputs)
  return type === 'function' && typeof name === 'string' && fields !== undefined ? { name, inputs: fields } : undefined
}

function fieldsOfJson(inputs: unknown): AbiField[] | undefined {
  if (!Array.isArray(inputs)) return undefined
  const fields = inputs.map((input: unknown, i): AbiField | undefined => {
    const { name, type, components } = (input ?? {}) as { name?: unknown; type?: unknown; components?: unknown }
    if (typeof type !== 'string') return undefined
    const inner = type.startsWith('tuple') ? fieldsOfJson(components) : []
    return inner && { name: typeof name === 'string' && name !== '' ? name : String(i), type, components: inner }
  })
  return fields.every((field) => field !== undefined) ? fields : undefined
}

/** At commas that are in no parentheses. */
function parseFields(text: string): AbiField[] | undefined {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (const [i, character] of Array.from(`${text},`).entries()) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character !== ',' || depth > 0) continue
    parts.push(text.slice(from, i))
    from = i + 1
  }
  if (depth !== 0) return undefined
  if (text.trim() === '') return []
  const fields = parts.map((part, i): AbiField | undefined => {
    const tuple = /^\s*(?:tuple)?\s*\((.*)\)((?:\[[0-9]*\])*)\s*(?:calldata |memory )?\s*([\w$]*)\s*$/s.exec(part)
    if (tuple !== null) {
      const components = parseFields(tuple[1] ?? '')
      return components && { name: named(tuple[3], i), type: `tuple${tuple[2] ?? ''}`, components }
    }
    const plain = /^\s*([a-z]+[0-9]*)((?:\[[0-9]*\])*)\s*(?:payable |calldata |memory )?\s*([\w$]*)\s*$/.exec(part)
    if (plain === null) return undefined
    const [, type = '', lists = '', name] = plain
    return { name: named(name, i), type: `${sized(type)}${lists}`, components: [] }
  })
  return fields.every((field) => field !== undefined) ? fields : undefined
}

function named(name: string | undefined, at: number): string {
  return name === undefined || name === '' ? String(at) : name
}

function sized(type: string): string {
  return type === 'uint' || type === 'int' ? `${type}256` : type
}

/** The first four bytes of calls, 0x-hex. */
export function selectorOf({ name, inputs }: AbiFunction): string {
  return `0x${bytesToHex(keccak_256(utf8ToBytes(`${name}${typesOf(inputs)}`)).subarray(0, 4))}`
}

function typesOf(fields: readonly AbiField[]): string {
  const written = fields.map(({ type, components }) => {
    return type.startsWith('tuple') ? `${typesOf(components)}${type.slice('tuple'.length)}` : type
  })
  return `(${written.join(',')})`
}

/**
 * What a call is given, by the contract ABI. Read as contracts read it: bytes that nobody points to are ignored, and what is in
 * front of a short number too. Undefined where the bytes are not of that shape.
 * @param data behind the selector
 */
export function decodeArguments({ inputs }: AbiFunction, data: Uint8Array): readonly TypedNode[] | undefined {
  let values = 0
  const wordAt = (at: number): Uint8Array => {
    if (at + wordLength > data.length) throw new RangeError('cut short')
    return data.subarray(at, at + wordLength)
  }
  const lengthAt = (at: number): number => {
    const number = BigInt(ethHex.encode(wordAt(at)))
    if (number > BigInt(data.length)) throw new RangeError('points past the end')
    return Number(number)
  }
  const valueAt = (field: AbiField, at: number, within: number): TypedNode['value'] => {
    values += 1
    if (values > mostValues || within > deepest) throw new RangeError('more than is shown')
    const { type, components } = field
    const list = listSuffix.exec(type)
    if (list !== null) {
      const element = { name: '', type: list[1] ?? '', components }
      const isDynamic = list[2] === ''
      const count = isDynamic ? lengthAt(at) : Number(list[2])
      if (count > mostValues) throw new RangeError('more than is shown')
      const elements = Array.from({ length: count }, (_, i) => ({ ...element, name: String(i) }))
      return valuesAt(elements, isDynamic ? at + wordLength : at, within + 1)
    }
    if (type === 'tuple') return valuesAt(components, at, within + 1)
    if (type === 'bytes' || type === 'string') {
      const length = lengthAt(at)
      if (at + wordLength + length > data.length) throw new RangeError('cut short')
      const bytes = data.subarray(at + wordLength, at + wordLength + length)
      return type === 'bytes' ? ethHex.encode(bytes) : new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    }
    return atom(type, wordAt(at))
  }
  const valuesAt = (fields: readonly AbiField[], start: number, within: number): TypedNode[] => {
    let head = start
    return fields.map((field) => {
      const at = isDynamic(field) ? start + lengthAt(head) : head
      head += headLength(field)
      return { name: field.name, type: field.type, value: valueAt(field, at, within) }
    })
  }
  try {
    return valuesAt(inputs, 0, 0)
  } catch {
    return undefined
  }
}

function isDynamic({ type, components }: AbiField): boolean {
  const list = listSuffix.exec(type)
  if (list !== null) return list[2] === '' || isDynamic({ name: '', type: list[1] ?? '', components })
  if (type === 'tuple') return components.some(isDynamic)
  return type === 'bytes' || type === 'string'
}

/** Bytes in the head: a pointer for what is of no fixed length. */
function headLength(field: AbiField): number {
  if (isDynamic(field)) return wordLength
  const list = listSuffix.exec(field.type)
  if (list !== null) return Number(list[2]) * headLength({ ...field, type: list[1] ?? '' })
  if (field.type !== 'tuple') return wordLength
  return field.components.reduce((sum, component) => sum + headLength(component), 0)
}

function atom(type: string, word: Uint8Array): string {
  if (type === 'address') return addr.addChecksum(ethHex.encode(word.subarray(12)))
  const number = BigInt(ethHex.encode(word))
  if (type === 'bool') return String(number !== 0n)
  const [, kind, digits = ''] = /^(uint|int|bytes)([0-9]{1,3})$/.exec(type) ?? []
  if (kind === 'bytes') return ethHex.encode(word.subarray(0, Number(digits)))
  if (kind === 'uint') return BigInt.asUintN(Number(digits), number).toString()
  if (kind === 'int') return BigInt.asIntN(Number(digits), number).toString()
  throw new RangeError('no type that is shown')
}
