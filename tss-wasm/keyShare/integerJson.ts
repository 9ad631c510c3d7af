/** JSON whose numbers are integers of any length: `JSON.parse` would round them (WIRE 0, trap 13). */
export type Json = bigint | string | boolean | null | readonly Json[] | JsonObject
/** Keys in lower case, as Go matches them. */
export type JsonObject = ReadonlyMap<string, Json>

/** A share of 256 parties has about 700 KiB. */
const longestText = 2 * 1024 * 1024
const deepest = 8
/** 2048 bits are 617 digits; party keys may be longer than the group order, but not than this. */
const mostDigits = 1300

const integers = /[ \t\r\n]*(?:(-?\d+)(?![\d.eE])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(true|false|null)|([[\]{},:]))/y
const numbers =
  /[ \t\r\n]*(?:(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|("(?:[^"\\\u0000-\u001f]|\\.)*")|(true|false|null)|([[\]{},:]))/y

interface Reading {
  /** Refused, unless what another program has written around a share is read: then such a number comes as its own text. */
  readonly fractions?: 'as text'
}

/**
 * Strict: no fractions or exponents, no leading zeros, no key twice (whatever its case), nothing after the value.
 * @throws RangeError saying where, never what
 */
export function parseIntegerJson(text: string, { fractions }: Reading = {}): Json {
  if (text.length > longestText) throw new RangeError('text is too long')
  const tokens = new RegExp(fractions === undefined ? integers : numbers)
  let peeked: string | undefined

  function fail(why: string): never {
    throw new RangeError(`${why} near character ${tokens.lastIndex}`)
  }
  function take(): string {
    const token = peek()
    peeked = undefined
    return token
  }
  function peek(): string {
    if (peeked !== undefined) return peeked
    const at = tokens.lastIndex
    const match = tokens.exec(text)
    if (match === null) {
      tokens.lastIndex = at
      return fail('unexpected text')
    }
    return (peeked = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
  }

  function value(depth: number): Json {
    if (depth > deepest) fail('nested too deep')
    const token = take()
    if (token === '{') return object(depth)
    if (token === '[') return array(depth)
    if (token.startsWith('"')) return string(token)
    if (token === 'true' || token === 'false') return token === 'true'
    if (token === 'null') return null
    if (/^-?(0|[1-9]\d*)(\.|[eE])/.test(token) && token.length <= mostDigits) return token
    if (!/^-?(0|[1-9]\d*)$/.test(token) || token.length > mostDigits) return fail('not an integer we take')
    return BigInt(token)
  }
  function string(token: string): string {
    try {
      return JSON.parse(token) as string
    } catch {
      return fail('not a string')
    }
  }
  function object(depth: number): JsonObject {
    const fields = new Map<string, Json>()
    if (peek() === '}') return (take(), fields)
    for (;;) {
      const token = take()
      if (!token.startsWith('"')) fail('not a key')
      const key = string(token).toLowerCase()
      if (fields.has(key)) fail('a key comes twice')
      if (take() !== ':') fail('no colon after a key')
      fields.set(key, value(depth + 1))
      const next = take()
      if (next === '}') return fields
      if (next !== ',') fail('no comma')
    }
  }
  function array(depth: number): readonly Json[] {
    const elements: Json[] = []
    if (peek() === ']') return (take(), elements)
    for (;;) {
      elements.push(value(depth + 1))
      const next = take()
      if (next === ']') return elements
      if (next !== ',') fail('no comma')
    }
  }

  const result = value(0)
  if (peeked !== undefined || !/^[ \t\r\n]*$/.test(text.slice(tokens.lastIndex))) fail('text after the value')
  return result
}

export type Writable = bigint | string | readonly Writable[] | { readonly [key: string]: Writable }

/** Compact, integers as bare decimal literals, fields in the order given. */
export function writeIntegerJson(value: Writable): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Array) return `[${value.map(writeIntegerJson).join(',')}]`
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${writeIntegerJson(field)}`)
  return `{${fields.join(',')}}`
}
