/** Numbers that can be had again from their seed: mulberry32. For making test input, and for nothing else. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

export interface Pantry {
  readonly corpus: readonly Uint8Array[]
  readonly words: readonly string[]
}

type Roll = (sides: number) => number
type Change = (bytes: Uint8Array, roll: Roll, pantry: Pantry) => Uint8Array

/** Longer than every bound of a parser would only test the bound; one change in a thousand does. */
const longest = 300_000

/** One to eight changes to one of the corpus, every other time to one of the latest. */
export function mutated(pantry: Pantry, roll: Roll): Uint8Array {
  let bytes = pick(roll(2) === 0 ? pantry.corpus : pantry.corpus.slice(-8), roll) ?? new Uint8Array()
  for (let left = 1 + roll(8) * roll(2); left > 0; left--) {
    const change = pick(isJson(bytes) && roll(2) === 0 ? jsonChanges : byteChanges, roll)
    bytes = change?.(bytes, roll, pantry) ?? bytes
  }
  return bytes.length > longest && roll(1000) > 0 ? bytes.subarray(0, longest) : bytes
}

function pick<T>(list: readonly T[], roll: Roll): T | undefined {
  return list[roll(Math.max(1, list.length))]
}

const edges = [0, 1, 2, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 191, 192, 223, 224, 247, 248, 254, 255]

const byteChanges: readonly Change[] = [
  (bytes, roll) => replaced(bytes, roll(bytes.length + 1), 1, Uint8Array.of(roll(256))),
  (bytes, roll) => replaced(bytes, roll(bytes.length + 1), 1, Uint8Array.of(edges[roll(edges.length)] ?? 0)),
  function flipBit(bytes, roll) {
    const at = roll(Math.max(1, bytes.length))
    return replaced(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << roll(8))))
  },
  (bytes, roll) => replaced(bytes, roll(bytes.length + 1), roll(16), new Uint8Array()),
  (bytes, roll) =>
    replaced(
      bytes,
      roll(bytes.length + 1),
      0,
      Uint8Array.from({ length: roll(16) }, () => roll(256)),
    ),
  (bytes, roll) => bytes.slice(0, roll(bytes.length + 1)),
  function repeat(bytes, roll) {
    const at = roll(bytes.length + 1)
    const piece = bytes.slice(at, at + 1 + roll(64))
    const times = 1 + roll(roll(50) === 0 ? 2000 : 4)
    const whole = new Uint8Array(piece.length * times)
    for (let i = 0; i < times; i++) whole.set(piece, i * piece.length)
    return replaced(bytes, at, 0, whole)
  },
  function splice(bytes, roll, { corpus }) {
    const other = pick(corpus, roll) ?? bytes
    const from = roll(other.length + 1)
    return replaced(bytes, roll(bytes.length + 1), roll(32), other.slice(from, from + roll(256)))
  },
  function say(bytes, roll, { words }) {
    const word = new TextEncoder().encode(pick([...words, ...anyWords], roll))
    return replaced(bytes, roll(bytes.length + 1), roll(2) * word.length, word)
  },
  function swap(bytes, roll) {
    const [a, b] = [roll(bytes.length + 1), roll(bytes.length + 1)]
    const [left, right] = [Math.min(a, b), Math.max(a, b)]
    return joined(bytes.slice(right), bytes.slice(left, right), bytes.slice(0, left))
  },
  (bytes, roll) => {
    const width = [1, 2, 4, 8][roll(4)] ?? 1
    return replaced(bytes, roll(bytes.length + 1), width, new Uint8Array(width).fill(roll(2) * 255))
  },
]

const anyWords = [
  '0', '-1', '1e9', '9007199254740993', '0x', '-0', 'null', 'true', '""', '[]', '{}', '[[[[[[[[', '{"":', '__proto__',
  '\u0000', '\ufeff', '\u202e', '\ud7ff', '%00', '../', '\r\n',
] // prettier-ignore

function isJson(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b || bytes[0] === 0x5b
}

/** What stands where a value stood. */
const strangers: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 1e21, 2 ** 53, '', '0', '00', 'ff'.repeat(32), 'x'.repeat(5000), [], {}, [[]],
  '\u202etxt', { __proto__: 1 }, Array.from({ length: 100 }, (_, i) => i), { type: 'x' }, '__proto__', 'constructor',
] // prettier-ignore

const jsonChanges: readonly Change[] = [
  onTree((_, roll) => pick(strangers, roll)),
  onTree((value) => [value, value]),
  onTree((value) => (Array.isArray(value) ? [...(value as unknown[]), ...(value as unknown[])] : { value })),
  onTree((value, roll) => {
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    entries.splice(roll(entries.length + 1), 1)
    return Array.isArray(value) ? entries.map(([, item]: [string, unknown]) => item) : Object.fromEntries(entries)
  }),
  onTree((value, roll) => (typeof value === 'number' ? value + [1, -1, 0.5, 2 ** 31, 2 ** 53][roll(5)]! : value)), // oxlint-disable-line typescript/no-non-null-assertion
  onTree((value, roll) => {
    let nested = value
    for (let depth = 2 ** (1 + roll(12)); depth > 0; depth--) nested = roll(2) === 0 ? [nested] : { a: nested }
    return nested
  }),
]

/** Changes one value somewhere in the JSON; bytes that are no JSON stay as they are. */
function onTree(change: (value: unknown, roll: Roll) => unknown): Change {
  return (bytes, roll) => {
    let tree: unknown
    try {
      tree = JSON.parse(new TextDecoder().decode(bytes))
    } catch {
      return bytes
    }
    try {
      return new TextEncoder().encode(JSON.stringify(changedAt(tree, roll, change)))
    } catch {
      return bytes // too deep to be written
    }
  }
}

function changedAt(tree: unknown, roll: Roll, change: (value: unknown, roll: Roll) => unknown): unknown {
  if (typeof tree !== 'object' || tree === null || roll(4) === 0) return change(tree, roll)
  const keys = Object.keys(tree)
  const key = keys[roll(Math.max(1, keys.length))]
  if (key === undefined) return change(tree, roll)
  const child = changedAt((tree as Record<string, unknown>)[key], roll, change)
  if (!Array.isArray(tree)) return { ...tree, [key]: child }
  return (tree as unknown[]).map((item, at) => (String(at) === key ? child : item))
}

function replaced(bytes: Uint8Array, at: number, count: number, by: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, at), by, bytes.subarray(at + count))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
