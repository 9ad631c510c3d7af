import { givenText, isList, isObject, type JsonObject, type JsonValue } from './json.ts'
import { ContentRefused } from './refused.ts'

export interface TypedField {
  readonly name: string
  readonly type: string
}

/** The structs that a message is made of, each with its fields in their order. */
export type TypedStructs = ReadonlyMap<string, readonly TypedField[]>

/** `uint256[3][]` is a list, of any length, of lists of three integers. */
export type FieldType =
  | { readonly kind: 'list'; readonly of: string; readonly length: number | undefined }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'integer'; readonly bits: number; readonly isSigned: boolean }
  | { readonly kind: 'bytes'; readonly length: number | undefined }
  | { readonly kind: 'address' | 'bool' | 'string' }

export const domainType = 'EIP712Domain'
const most = { structs: 50, fields: 50, listed: 1000, lists: 4 } as const
const identifier = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/
/** The standard asks for an identifier; Hyperliquid puts a colon into the names of its types, which is hashed as it is. */
const structName = /^[A-Za-z_$][A-Za-z0-9_$:]{0,127}$/
const listSuffix = /^(.*)\[(0|[1-9][0-9]{0,3})?\]$/

/** What the domain says, in the standard's order (EIP-712, "Definition of domainSeparator"). */
export const domainFields: readonly TypedField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
]

/** The declared structs, bounded and each name and field well formed. @throws ContentRefused */
export function readStructs(types: JsonObject): TypedStructs {
  if (types.size > most.structs) throw tooMany('types', types.size, most.structs)
  return new Map(
    Array.from(types, ([struct, fields]) => {
      if (!structName.test(struct) || atomOf(struct) !== undefined) {
        throw new ContentRefused('types', 'bad-name', { given: struct })
      }
      if (!isList(fields)) throw new ContentRefused(`types.${struct}`, 'not-a-list')
      if (fields.length > most.fields) throw tooMany(`types.${struct}`, fields.length, most.fields)
      const read = fields.map((field, i) => readField(`types.${struct}[${i}]`, field))
      const twice = read.find(({ name }, i) => read.findIndex((other) => other.name === name) < i)
      if (twice !== undefined) throw new ContentRefused(`types.${struct}`, 'repeated-name', { given: twice.name })
      return [struct, read]
    }),
  )
}

function tooMany(place: string, count: number, needed: number): ContentRefused {
  return new ContentRefused(place, 'too-many', { given: `${count}`, needed: `${needed}` })
}

function readField(place: string, field: JsonValue): TypedField {
  const [name, type] = isObject(field) ? [field.get('name'), field.get('type')] : []
  if (typeof name !== 'string' || typeof type !== 'string') {
    throw new ContentRefused(place, 'wrong-value', { given: givenText(field), needed: '{"name":"…","type":"…"}' })
  }
  if (!identifier.test(name)) throw new ContentRefused(place, 'bad-name', { given: name })
  return { name, type }
}

/** @throws ContentRefused for a type that is neither EIP-712's own nor declared */
export function fieldTypeOf(type: string, structs: TypedStructs, place: string): FieldType {
  const [, of, length] = listSuffix.exec(type) ?? []
  if (of !== undefined) {
    if ((type.match(/\[/g) ?? []).length > most.lists) throw new ContentRefused(place, 'too-deep')
    const count = length === undefined ? undefined : Number(length)
    if (count !== undefined && count > most.listed) throw tooMany(place, count, most.listed)
    return { kind: 'list', of, length: count }
  }
  const known = atomOf(type) ?? (structs.has(type) ? { kind: 'struct' as const, name: type } : undefined)
  if (known === undefined) {
    throw new ContentRefused(place, /^u?int$/.test(type) ? 'unsized-type' : 'unknown-type', { given: type })
  }
  return known
}

function atomOf(type: string): FieldType | undefined {
  if (type === 'address' || type === 'bool' || type === 'string') return { kind: type }
  const [, kind, digits] = /^(uint|int|bytes)([1-9][0-9]{0,2})?$/.exec(type) ?? []
  const size = digits === undefined ? undefined : Number(digits)
  if (kind === 'bytes') return size === undefined || size <= 32 ? { kind: 'bytes', length: size } : undefined
  // Without a size it is no type of EIP-712's: libraries disagree about its hash.
  if (kind === undefined || size === undefined || size % 8 !== 0 || size > 256) return undefined
  return { kind: 'integer', bits: size, isSigned: kind === 'int' }
}

/**
 * The structs that one is made of, itself first and the others by name: what its hash is bound to. One may contain itself:
 * its values end all the same.
 * @throws ContentRefused for one that is not declared
 */
export function structsOf(name: string, structs: TypedStructs): readonly string[] {
  const found = new Set<string>()
  const visit = (struct: string): void => {
    if (found.has(struct)) return
    found.add(struct)
    for (const inner of membersOf(struct, structs)) visit(inner)
  }
  if (!structs.has(name)) throw new ContentRefused('primaryType', 'unknown-type', { given: name })
  visit(name)
  return [name, ...[...found].filter((struct) => struct !== name).sort()]
}

/** Whether a struct is made of itself, so that somewhere in its values there is none of it. */
export function containsItself(name: string, structs: TypedStructs): boolean {
  return membersOf(name, structs).some((inner) => structsOf(inner, structs).includes(name))
}

function membersOf(struct: string, structs: TypedStructs): readonly string[] {
  return (structs.get(struct) ?? []).flatMap((field) => {
    const place = `types.${struct}.${field.name}`
    let type = fieldTypeOf(field.type, structs, place)
    while (type.kind === 'list') type = fieldTypeOf(type.of, structs, place)
    return type.kind === 'struct' ? [type.name] : []
  })
}

/** "Mail(Person from,string contents)Person(string name)" (EIP-712, "Definition of encodeType"). */
export function encodeType(name: string, structs: TypedStructs): string {
  const written = structsOf(name, structs).map((struct) => {
    const fields = (structs.get(struct) ?? []).map((field) => `${field.type} ${field.name}`)
    return `${struct}(${fields.join(',')})`
  })
  return written.join('')
}
