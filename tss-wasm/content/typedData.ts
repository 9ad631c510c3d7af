import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { addr } from 'micro-eth-signer'
import { sameBytes } from '../bytes.ts'
import { ContentRefused } from './refused.ts'
import {
  domainFields,
  domainType,
  encodeType,
  fieldTypeOf,
  readStructs,
  structsOf,
  type FieldType,
  type TypedStructs,
} from './typedTypes.ts'

/** Typed data (EIP-712) as a person reads it. */
export interface TypedData {
  readonly primaryType: string
  /** Whom the signature is for: at least one of name, version, chainId, verifyingContract, salt. */
  readonly domain: readonly TypedNode[]
  readonly message: readonly TypedNode[]
}

/** A field, or an element of a list, which is named by its number from 0. */
export interface TypedNode {
  readonly name: string
  readonly type: string
  /** Addresses with checksum, integers in decimal, bytes in 0x-hex, texts as they are; or what it is made of. */
  readonly value: string | readonly TypedNode[]
}

interface Read extends TypedData {
  readonly digest: Uint8Array
  readonly canonical: Uint8Array<ArrayBuffer>
}

/** Plain JSON in the canonical order, beside what is shown and hashed. */
interface Value {
  readonly shown: TypedNode['value']
  readonly json: unknown
  /** Its 32 bytes within the struct (EIP-712, "Definition of encodeData"). */
  readonly word: Uint8Array
}

export const longestTypedData = 64 * 1024
const deepest = 12
const mostValues = 3000

/**
 * Reads typed data: JSON with `types`, `primaryType`, `domain` and `message`, nothing missing, nothing undeclared. Exactly
 * one byte string means each, as `importTypedData` writes it.
 * @throws ContentRefused naming the field
 */
export function decodeTypedData(json: Uint8Array): TypedData {
  return decoded(json)
}

/** keccak-256 of 0x1901 ‖ hash of the domain ‖ hash of the message. @throws ContentRefused */
export function typedDataDigest(json: Uint8Array): Uint8Array {
  return decoded(json).digest
}

/**
 * The one form that is signed here, from any JSON that says the same: types that are not used are left out, the domain's
 * type is written down, integers become decimal strings.
 * @throws ContentRefused
 */
export function importTypedData(text: string): Uint8Array<ArrayBuffer> {
  const { canonical } = read(utf8ToBytes(text))
  decoded(canonical)
  return canonical
}

function decoded(json: Uint8Array): Read {
  const result = read(json)
  if (!sameBytes(result.canonical, json)) throw new ContentRefused('data', 'not-canonical')
  return result
}

function read(json: Uint8Array): Read {
  const { types, primaryType, domain, message, ...rest } = object('data', parsed(json))
  const [extra] = Object.keys(rest)
  if (extra !== undefined) throw new ContentRefused('data', 'unknown-field')
  if (typeof primaryType !== 'string') throw new ContentRefused('primaryType', 'missing-field')
  if (primaryType === domainType) throw new ContentRefused('primaryType', 'wrong-value')
  const declared = readStructs(object('types', types))
  const structs = withDomain(declared, object('domain', domain))
  const typeHashes = new Map<string, Uint8Array>()
  let values = 0

  /** @param within how deep it is */
  function value(type: string, given: unknown, place: string, within: number): Value {
    values += 1
    if (values > mostValues) throw new ContentRefused(place, 'too-many')
    if (within > deepest) throw new ContentRefused(place, 'too-deep')
    const kind = fieldTypeOf(type, structs, place)
    switch (kind.kind) {
      case 'struct':
        return struct(kind.name, given, place, within)
      case 'list': {
        if (!Array.isArray(given)) throw new ContentRefused(place, 'not-a-list')
        const elements = given as readonly unknown[]
        if (kind.length !== undefined && given.length !== kind.length) throw new ContentRefused(place, 'wrong-length')
        const items = elements.map((item, i) => value(kind.of, item, `${place}[${i}]`, within + 1))
        return {
          shown: items.map(({ shown }, i) => ({ name: String(i), type: kind.of, value: shown })),
          json: items.map((item) => item.json),
          word: keccak_256(concatBytes(...items.map(({ word }) => word))),
        }
      }
      case 'address':
      case 'bool':
      case 'bytes':
      case 'integer':
      case 'string':
        return atom(kind, given, place)
    }
  }

  function struct(name: string, given: unknown, place: string, within: number): Value & { shown: TypedNode[] } {
    const members = object(place, given)
    const fields = structs.get(name) ?? []
    const stray = Object.keys(members).find((key) => !fields.some((field) => field.name === key))
    if (stray !== undefined) throw new ContentRefused(`${place}.${stray.slice(0, 40)}`, 'unknown-field')
    const read = fields.map((field) => {
      const where = `${place}.${field.name}`
      if (!Object.hasOwn(members, field.name)) throw new ContentRefused(where, 'missing-field')
      return { ...field, value: value(field.type, members[field.name], where, within + 1) }
    })
    const typeHash = typeHashes.get(name) ?? keccak_256(utf8ToBytes(encodeType(name, structs)))
    typeHashes.set(name, typeHash)
    return {
      shown: read.map((field) => ({ name: field.name, type: field.type, value: field.value.shown })),
      json: Object.fromEntries(read.map((field) => [field.name, field.value.json])),
      word: keccak_256(concatBytes(typeHash, ...read.map((field) => field.value.word))),
    }
  }

  const used = structsOf(primaryType, structs)
  const [forWhom, what] = [struct(domainType, domain, 'domain', 0), struct(primaryType, message, 'message', 0)]
  const kept = [domainType, ...used].map((name) => [name, structs.get(name)] as const)
  const canonical = { types: Object.fromEntries(kept), primaryType, domain: forWhom.json, message: what.json }
  return {
    primaryType,
    domain: forWhom.shown,
    message: what.shown,
    digest: keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), forWhom.word, what.word)),
    canonical: new Uint8Array(utf8ToBytes(JSON.stringify(canonical))),
  }
}

function parsed(json: Uint8Array): unknown {
  if (json.length > longestTypedData) throw new ContentRefused('data', 'too-long')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
  } catch {
    throw new ContentRefused('data', 'not-json')
  }
}

/** The domain's own type is what the standard says, in its order; where it is not declared, of the fields that are given. */
function withDomain(declared: TypedStructs, domain: Readonly<Record<string, unknown>>): TypedStructs {
  const present = domainFields.filter(({ name }) => Object.hasOwn(domain, name))
  const fields = declared.get(domainType) ?? present
  if (fields.length === 0) throw new ContentRefused('domain', 'missing-field')
  let at = -1
  for (const { name, type } of fields) {
    const next = domainFields.findIndex((field) => field.name === name && field.type === type)
    if (next <= at) throw new ContentRefused(`${domainType}.${name}`, 'wrong-value')
    at = next
  }
  return new Map([...declared, [domainType, fields]])
}

type Atom = Exclude<FieldType, { readonly kind: 'list' | 'struct' }>

function atom(type: Atom, given: unknown, place: string): Value {
  switch (type.kind) {
    case 'bool': {
      if (typeof given !== 'boolean') throw new ContentRefused(place, 'wrong-value')
      return { shown: String(given), json: given, word: word(given ? 1n : 0n) }
    }
    case 'string': {
      if (typeof given !== 'string' || !given.isWellFormed()) throw new ContentRefused(place, 'wrong-value')
      return { shown: given, json: given, word: keccak_256(utf8ToBytes(given)) }
    }
    case 'address': {
      if (typeof given !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(given))
        throw new ContentRefused(place, 'wrong-value')
      const isPlain = given === given.toLowerCase()
      if (!isPlain && !addr.isValid(given)) throw new ContentRefused(place, 'wrong-value')
      const shown = addr.addChecksum(given.toLowerCase())
      return { shown, json: shown, word: word(BigInt(given)) }
    }
    case 'bytes': {
      if (typeof given !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(given))
        throw new ContentRefused(place, 'wrong-value')
      const bytes = hexToBytes(given.slice(2))
      if (type.length !== undefined && bytes.length !== type.length) throw new ContentRefused(place, 'wrong-length')
      const shown = given.toLowerCase()
      if (type.length === undefined) return { shown, json: shown, word: keccak_256(bytes) }
      const padded = new Uint8Array(32)
      padded.set(bytes)
      return { shown, json: shown, word: padded }
    }
    case 'integer': {
      const number = integer(given, place)
      const half = 1n << BigInt(type.bits - 1)
      const [least, above] = type.isSigned ? [-half, half] : [0n, 2n * half]
      if (number < least || number >= above) throw new ContentRefused(place, 'too-large')
      return { shown: number.toString(), json: number.toString(), word: word(BigInt.asUintN(256, number)) }
    }
  }
}

/** A number that JSON cannot carry exactly has to be a string: what was rounded on the way is not signed. */
function integer(given: unknown, place: string): bigint {
  if (typeof given === 'number' && Number.isSafeInteger(given)) return BigInt(given)
  const isText = typeof given === 'string' && /^(-?(0|[1-9][0-9]{0,77})|0x[0-9a-fA-F]{1,64})$/.test(given)
  if (!isText || given === '-0') throw new ContentRefused(place, 'wrong-value')
  return BigInt(given)
}

function word(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, '0'))
}

function object(place: string, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ContentRefused(place, given === undefined ? 'missing-field' : 'wrong-value')
  }
  return given as Readonly<Record<string, unknown>>
}
