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
const listSuffix = /^(.*)\[(0|[1-9][0-9]{0,3})?\]$/

/** What the domain may say, in this order (EIP-712, "Definition of domainSeparator"). */
export const domainFields: readonly TypedField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
]

/** The declared structs, bounded and each name and field well formed. @throws ContentRefused */
export function readStructs(types: Readonly<Record<string, unknown>>): TypedStructs {
  const declared = Object.entries(types)
  if (declared.length > most.structs) throw new ContentRefused('types', 'too-many')
  return new Map(
    declared.map(([struct, fields]) => {
      if (!identifier.test(struct) || atomOf(struct) !== undefined) throw new ContentRefused(shown(struct), 'bad-name')
      if (!Array.isArray(fields)) throw new ContentRefused(struct, 'not-a-list')
      if (fields.length > most.fields) throw new ContentRefused(struct, 'too-many')
      const read = fields.map((field: unknown) => readField(struct, field))
      if (new Set(read.map(({ name }) => name)).size < read.length) throw new ContentRefused(struct, 'repeated-name')
      return [struct, read]
    }),
  )
}

function readField(struct: string, field: unknown): TypedField {
  const { name, type, ...rest } = (field ?? {}) as Readonly<Record<string, unknown>>
  if (typeof name !== 'string' || typeof type !== 'string' || Object.keys(rest).length > 0) {
    throw new ContentRefused(struct, 'wrong-value')
  }
  if (!identifier.test(name)) throw new ContentRefused(`${struct}.${shown(name)}`, 'bad-name')
  return { name, type }
}

/** @throws ContentRefused for a type that is neither EIP-712's own nor declared */
export function fieldTypeOf(type: string, structs: TypedStructs, place: string): FieldType {
  const [, of, length] = listSuffix.exec(type) ?? []
  if (of !== undefined) {
    if ((type.match(/\[/g) ?? []).length > most.lists) throw new ContentRefused(place, 'too-deep')
    const count = length === undefined ? undefined : Number(length)
    if (count !== undefined && count > most.listed) throw new ContentRefused(place, 'too-many')
    return { kind: 'list', of, length: count }
  }
  const known = atomOf(type) ?? (structs.has(type) ? { kind: 'struct' as const, name: type } : undefined)
  if (known === undefined) throw new ContentRefused(place, 'unknown-type')
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
 * The structs that one is made of, itself first and the others by name: what its hash is bound to.
 * @throws ContentRefused for one that contains itself, or that is not declared
 */
export function structsOf(name: string, structs: TypedStructs): readonly string[] {
  const found = new Set<string>()
  const visit = (struct: string, within: readonly string[]): void => {
    if (within.includes(struct)) throw new ContentRefused(struct, 'cyclic')
    if (found.has(struct)) return
    found.add(struct)
    for (const field of structs.get(struct) ?? []) {
      let type = fieldTypeOf(field.type, structs, `${struct}.${field.name}`)
      while (type.kind === 'list') type = fieldTypeOf(type.of, structs, `${struct}.${field.name}`)
      if (type.kind === 'struct') visit(type.name, [...within, struct])
    }
  }
  if (!structs.has(name)) throw new ContentRefused(shown(name), 'unknown-type')
  visit(name, [])
  return [name, ...[...found].filter((struct) => struct !== name).sort()]
}

/** "Mail(Person from,string contents)Person(string name)" (EIP-712, "Definition of encodeType"). */
export function encodeType(name: string, structs: TypedStructs): string {
  const written = structsOf(name, structs).map((struct) => {
    const fields = (structs.get(struct) ?? []).map((field) => `${field.type} ${field.name}`)
    return `${struct}(${fields.join(',')})`
  })
  return written.join('')
}

/** A name that is no name is not repeated in an error beyond what fits a line. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 40))
}
