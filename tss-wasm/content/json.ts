import { ContentRefused } from './refused.ts'

/** A number as it is written: it is for whoever reads it to say what it may be. */
export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject
/** Members in their order, under whatever name. */
export type JsonObject = ReadonlyMap<string, JsonValue>

const deepest = 64
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const blank = /[ \t\n\r]*/y
const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }

/**
 * JSON (RFC 8259) without what JSON.parse gets wrong for things that are signed: it rounds numbers, and of two members with
 * one name it drops the first. Numbers stay text here, and a name that comes twice is refused.
 * @param thing what it is, for the refusal
 * @param longest in characters
 * @throws ContentRefused
 */
export function readJson(thing: string, text: string, longest: number): JsonValue {
  if (text.length > longest) throw new ContentRefused(thing, 'too-long')
  let at = 0
  const fail = () => new ContentRefused(thing, 'not-json')
  const matched = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const [found] = pattern.exec(text) ?? []
    if (found !== undefined) at += found.length
    return found
  }
  const take = (mark: string): boolean => {
    matched(blank)
    if (text[at] !== mark) return false
    at += 1
    return true
  }
  const need = (mark: string) => {
    if (!take(mark)) throw fail()
  }
  const readString = (): string => {
    matched(blank)
    const found = matched(string)
    if (found === undefined) throw fail()
    return JSON.parse(found) as string
  }
  const value = (within: number): JsonValue => {
    if (within > deepest) throw new ContentRefused(thing, 'too-deep')
    if (take('{')) return members(within)
    if (take('[')) return elements(within)
    if (text[at] === '"') return readString()
    const digits = matched(number)
    if (digits !== undefined) return new JsonNumber(digits)
    const word = Object.keys(words).find((each) => text.startsWith(each, at))
    if (word === undefined) throw fail()
    at += word.length
    return words[word] ?? null
  }
  const members = (within: number): JsonObject => {
    const found = new Map<string, JsonValue>()
    if (take('}')) return found
    do {
      const name = readString()
      if (found.has(name)) throw new ContentRefused(thing, 'repeated-name', { given: name })
      need(':')
      found.set(name, value(within + 1))
    } while (take(','))
    need('}')
    return found
  }
  const elements = (within: number): JsonValue[] => {
    const found: JsonValue[] = []
    if (take(']')) return found
    do found.push(value(within + 1))
    while (take(','))
    need(']')
    return found
  }
  const read = value(0)
  matched(blank)
  if (at < text.length) throw fail()
  return read
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** The same as text again: nothing is lost, and names keep their order. */
export function writeJson(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  return `{${[...value].map(([name, each]) => `${JSON.stringify(name)}:${writeJson(each)}`).join(',')}}`
}

/** As it was given, for a refusal: short, and whole where it is short. */
export function givenText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  if (value instanceof JsonNumber) return value.text
  if (isList(value)) return '[…]'
  return isObject(value) ? '{…}' : String(value)
}
