import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import { givenText, isList, isObject, readJson, type JsonObject, type JsonValue } from './json.ts'
import { ContentRefused, type ContentRule } from './refused.ts'
import { unwrapped } from './rpcRequest.ts'
import { readAddress, readInteger } from './jsonValues.ts'
import {
  containsItself,
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
  /** "Mail(Person from,string contents)Person(string name)": what its meaning is known by. */
  readonly encodedType: string
  /** Whom the signature is for: usually some of name, version, chainId, verifyingContract, salt; nobody, where it is empty. */
  readonly domain: readonly TypedNode[]
  readonly message: readonly TypedNode[]
}

/** A field, or an element of a list, which is named by its number from 0. */
export interface TypedNode {
  readonly name: string
  readonly type: string
  /**
   * Addresses with checksum, integers in decimal, bytes in 0x-hex, texts as they are; or what it is made of. Undefined: none,
   * of a struct that contains itself.
   */
  readonly value: string | readonly TypedNode[] | undefined
}

interface Read extends TypedData {
  readonly digest: Uint8Array
  readonly canonical: Uint8Array<ArrayBuffer>
  readonly leftOut: readonly string[]
}

/** Typed data as it is signed, and what of the JSON that was given is not in it. */
export interface ImportedTypedData {
  readonly json: Uint8Array<ArrayBuffer>
  /** Places that no type declares. Nobody signs them: contracts do not see them. */
  readonly leftOut: readonly string[]
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
 * one byte string means each, as `readTypedData` writes it.
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
 * type is written down, integers become decimal strings, what no type declares is dropped and told.
 * @throws ContentRefused
 */
export function readTypedData(text: string): ImportedTypedData {
  const { canonical, leftOut } = read(readJson('data', text, 2 * longestTypedData))
  decoded(canonical)
  return { json: canonical, leftOut }
}

/** `readTypedData` without what is left out. @throws ContentRefused */
export function importTypedData(text: string): Uint8Array<ArrayBuffer> {
  return readTypedData(text).json
}

function decoded(json: Uint8Array): Read {
  const result = read(readJson('data', textOf(json), longestTypedData))
  if (!sameBytes(result.canonical, json)) throw new ContentRefused('data', 'not-canonical')
  return result
}

function textOf(json: Uint8Array): string {
  if (json.length > longestTypedData) throw new ContentRefused('data', 'too-long')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json)
  } catch {
    throw new ContentRefused('data', 'not-json')
  }
}

const parts: readonly string[] = ['types', 'primaryType', 'domain', 'message']

const methods = ['eth_signTypedData_v4', 'eth_signTypedData_v3', 'eth_signTypedData']

/** Out of the request that it came in; some put the JSON into a string of its own. */
function dataOf(given: JsonValue): JsonObject {
  const inner = unwrapped(given, 'data', methods)
  return object('data', typeof inner === 'string' ? readJson('data', inner, longestTypedData) : inner)
}

function read(given: JsonValue): Read {
  const data = dataOf(given)
  const leftOut = [...data.keys()].filter((name) => !parts.includes(name))
  const primaryType = data.get('primaryType')
  if (typeof primaryType !== 'string') throw new ContentRefused('primaryType', 'missing-field')
  if (primaryType === domainType) throw new ContentRefused('primaryType', 'wrong-value', { given: primaryType })
  const declared = readStructs(object('types', data.get('types')))
  const domain: JsonObject = data.get('domain') === undefined ? new Map() : object('domain', data.get('domain'))
  const structs = withDomain(declared, domain)
  const typeHashes = new Map<string, Uint8Array>()
  let values = 0

  /** @param within how deep it is */
  function value(type: string, given: JsonValue | undefined, place: string, within: number): Value {
    values += 1
    if (values > mostValues) throw new ContentRefused(place, 'too-many', { needed: `${mostValues}` })
    if (within > deepest) throw new ContentRefused(place, 'too-deep')
    const kind = fieldTypeOf(type, structs, place)
    switch (kind.kind) {
      case 'struct':
        if (given === null && containsItself(kind.name, structs)) {
          return { shown: undefined, json: null, word: new Uint8Array(32) }
        }
        return struct(kind.name, given, place, within)
      case 'list': {
        if (!isList(given)) throw new ContentRefused(place, 'not-a-list', { given: givenText(given) })
        if (kind.length !== undefined && given.length !== kind.length) {
          throw new ContentRefused(place, 'wrong-length', { given: `${given.length}`, needed: `${kind.length}` })
        }
        const items = given.map((item, i) => value(kind.of, item, `${place}[${i}]`, within + 1))
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

  function struct(
    name: string,
    given: JsonValue | undefined,
    place: string,
    within: number,
  ): Value & { shown: TypedNode[] } {
    const members = object(place, given)
    const fields = structs.get(name) ?? []
    for (const key of members.keys()) {
      if (!fields.some((field) => field.name === key)) leftOut.push(`${place}.${key}`)
    }
    const read = fields.map((field) => {
      const where = `${place}.${field.name}`
      if (!members.has(field.name)) throw new ContentRefused(where, 'missing-field')
      return { ...field, value: value(field.type, members.get(field.name), where, within + 1) }
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
  const [forWhom, what] = [
    struct(domainType, domain, 'domain', 0),
    struct(primaryType, data.get('message'), 'message', 0),
  ]
  const kept = [...new Set([domainType, ...structsOf(domainType, structs), ...used])].map(
    (name) => [name, structs.get(name)] as const,
  )
  const canonical = { types: Object.fromEntries(kept), primaryType, domain: forWhom.json, message: what.json }
  return {
    primaryType,
    encodedType: encodeType(primaryType, structs),
    domain: forWhom.shown,
    message: what.shown,
    digest: keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), forWhom.word, what.word)),
    canonical: new Uint8Array(utf8ToBytes(JSON.stringify(canonical))),
    leftOut,
  }
}

/**
 * The domain's own type as it is declared, in whatever order and with whatever types (Cosmos chains have a text where the
 * standard has an address); where it is not declared, of the standard's fields that are given, as libraries do it.
 */
function withDomain(declared: TypedStructs, domain: JsonObject): TypedStructs {
  const given = domainFields.filter(({ name }) => domain.get(name) !== undefined && domain.get(name) !== null)
  return new Map([...declared, [domainType, declared.get(domainType) ?? given]])
}

type Atom = Exclude<FieldType, { readonly kind: 'list' | 'struct' }>

function atom(type: Atom, given: JsonValue | undefined, place: string): Value {
  const refused = (rule: ContentRule, needed?: string) =>
    new ContentRefused(place, rule, { given: givenText(given), needed })
  switch (type.kind) {
    case 'bool': {
      if (typeof given !== 'boolean') throw refused('wrong-value', 'true, false')
      return { shown: String(given), json: given, word: word(given ? 1n : 0n) }
    }
    case 'string': {
      if (typeof given !== 'string' || !given.isWellFormed()) throw refused('wrong-value', '"…"')
      return { shown: given, json: given, word: keccak_256(utf8ToBytes(given)) }
    }
    case 'address': {
      const shown = readAddress(given, place)
      return { shown, json: shown, word: word(BigInt(shown)) }
    }
    case 'bytes': {
      if (typeof given !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(given)) throw refused('not-hex')
      const bytes = hexToBytes(given.slice(2))
      if (type.length !== undefined && bytes.length !== type.length) {
        throw new ContentRefused(place, 'wrong-length', { given: `${bytes.length}`, needed: `${type.length}` })
      }
      const shown = given.toLowerCase()
      if (type.length === undefined) return { shown, json: shown, word: keccak_256(bytes) }
      const padded = new Uint8Array(32)
      padded.set(bytes)
      return { shown, json: shown, word: padded }
    }
    case 'integer': {
      const number = readInteger(given, place)
      const half = 1n << BigInt(type.bits - 1)
      const [least, above] = type.isSigned ? [-half, half] : [0n, 2n * half]
      if (number < least) throw refused('too-small', least.toString())
      if (number >= above) throw refused('too-large', (above - 1n).toString())
      return { shown: number.toString(), json: number.toString(), word: word(BigInt.asUintN(256, number)) }
    }
  }
}

function word(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, '0'))
}

function object(place: string, given: JsonValue | undefined): JsonObject {
  if (isObject(given)) return given
  if (given === undefined) throw new ContentRefused(place, 'missing-field')
  if (isList(given)) throw new ContentRefused(place, 'is-a-list', { given: givenText(given) })
  throw new ContentRefused(place, 'wrong-value', { given: givenText(given), needed: '{…}' })
}
