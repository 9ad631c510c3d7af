import { concatBytes } from '@noble/hashes/utils.js'
import { ByteReader } from '../../bytes.ts'
import { cborBytes, cborHead, readHead } from './cbor.ts'
import { crc32, fromBytewords, toBytewords } from './bytewords.ts'
import { fragmentsOf } from './fountain.ts'

/** One frame of an animated QR code. */
interface Part {
  readonly number: number
  readonly count: number
  readonly length: number
  readonly checksum: number
  readonly data: Uint8Array
}

const longestPart = 20_000
const longestMessage = 1024 * 1024
const mostFragments = 5000
const mostParts = 20_000

/** What has been read of a UR of several parts, until it is whole. */
export interface UrReader {
  /** From 0 to 1: of the fragments that are needed, those that are there. */
  readonly progress: number
  /** The message with its type, once it is whole. */
  readonly whole: { readonly type: string; readonly cbor: Uint8Array } | undefined
}

export interface UrCollector {
  /** Takes what a camera read: a part of this UR, or of another, which begins anew. What is no UR changes nothing. */
  take(text: string): UrReader
}

/** Collects the parts of a UR in whatever order they come (BCR-2020-005). */
export function collectUr(): UrCollector {
  let type = ''
  let message: Pick<Part, 'count' | 'length' | 'checksum'> | undefined
  let reader: UrReader = { progress: 0, whole: undefined }
  let taken = new Set<number>()
  const known = new Map<number, Uint8Array>()
  let mixed: { of: Set<number>; data: Uint8Array }[] = []

  const begin = (of: string, part: Part) => {
    ;[type, message, taken, mixed] = [of, part, new Set(), []]
    known.clear()
  }
  /** Takes the fragments that are known out of a mix; one that is left is known from then on. */
  const reduce = (of: Set<number>, data: Uint8Array) => {
    const rest = new Uint8Array(data)
    for (const index of [...of]) {
      const fragment = known.get(index)
      if (fragment === undefined) continue
      of.delete(index)
      for (const [i, byte] of fragment.entries()) rest[i] = (rest[i] ?? 0) ^ byte
    }
    const [only] = of
    if (only === undefined) return
    if (of.size > 1) mixed.push({ of, data: rest })
    else known.set(only, rest)
  }
  const settle = () => {
    for (let before = -1; before < known.size;) {
      before = known.size
      const all = mixed
      mixed = []
      for (const { of, data } of all) reduce(of, data)
    }
  }
  return {
    take(text) {
      const read = readUr(text)
      if (read === undefined) return reader
      if (!('part' in read)) {
        reader = { progress: 1, whole: read }
        return reader
      }
      const { part } = read
      const isSame =
        message?.checksum === part.checksum && message.length === part.length && message.count === part.count
      if (!isSame || type !== read.type) begin(read.type, part)
      if (taken.has(part.number) || taken.size >= mostParts || (reader.whole !== undefined && isSame)) return reader
      taken.add(part.number)
      reduce(new Set(fragmentsOf(part.number, part.count, part.checksum)), part.data)
      settle()
      const fragments = Array.from({ length: part.count }, (_, i) => known.get(i))
      const isWhole = fragments.every((fragment) => fragment !== undefined)
      const cbor = isWhole ? concatBytes(...fragments).slice(0, part.length) : undefined
      const isRight = cbor !== undefined && crc32(cbor) === part.checksum
      reader = { progress: known.size / part.count, whole: isRight ? { type, cbor } : undefined }
      return reader
    },
  }
}

type ReadUr = { readonly type: string; readonly cbor: Uint8Array } | { readonly type: string; readonly part: Part }

function readUr(text: string): ReadUr | undefined {
  if (text.length > 2 * longestMessage) return undefined
  const [, type, numbers, letters] =
    /^ur:([a-z0-9-]+)\/(?:(\d{1,9}-\d{1,6})\/)?([a-z]+)$/.exec(text.trim().toLowerCase()) ?? []
  if (type === undefined || letters === undefined || (numbers !== undefined && text.length > longestPart))
    return undefined
  const cbor = fromBytewords(letters)
  if (cbor === undefined) return undefined
  if (numbers === undefined) return { type, cbor }
  const part = readPart(cbor)
  return part !== undefined && `${part.number}-${part.count}` === numbers ? { type, part } : undefined
}

function readPart(cbor: Uint8Array): Part | undefined {
  try {
    const reader = new ByteReader(cbor)
    if (readHead(reader, 'list') !== 5) return undefined
    const [number, count, length, checksum] = [1, 2, 3, 4].map(() => readHead(reader, 'integer'))
    const data = reader.take(readHead(reader, 'bytes'))
    reader.end()
    if (number === undefined || count === undefined || length === undefined || checksum === undefined) return undefined
    const isBounded = number > 0 && count > 0 && count <= mostFragments && length > 0 && length <= longestMessage
    return isBounded && data.length === Math.ceil(length / count)
      ? { number, count, length, checksum, data }
      : undefined
  } catch {
    return undefined
  }
}

/** Upper case: QR codes write it more densely. */
const urText = (type: string, path: string) => `ur:${type}/${path}`.toUpperCase()

/**
 * The frames of an animated QR code, one after the other and without an end: the first `count` are the message, the others fill
 * in for those that were missed. One alone where the message fits it.
 * @param longestFragment in bytes
 */
export function urParts(
  type: string,
  cbor: Uint8Array,
  longestFragment: number,
): { count: number; at: (i: number) => string } {
  const count = Math.ceil(cbor.length / longestFragment)
  if (count <= 1) return { count: 1, at: () => urText(type, toBytewords(cbor)) }
  const checksum = crc32(cbor)
  const length = Math.ceil(cbor.length / count)
  const fragments = Array.from({ length: count }, (_, i) => {
    const padded = new Uint8Array(length)
    padded.set(cbor.subarray(i * length, (i + 1) * length))
    return padded
  })
  return {
    count,
    at(i) {
      const number = i + 1
      const data = new Uint8Array(length)
      for (const index of fragmentsOf(number, count, checksum)) {
        for (const [k, byte] of (fragments[index] ?? data).entries()) data[k] = (data[k] ?? 0) ^ byte
      }
      const head = [
        cborHead('list', 5),
        ...[number, count, cbor.length, checksum].map((each) => cborHead('integer', each)),
      ]
      return urText(type, `${number}-${count}/${toBytewords(concatBytes(...head, cborBytes(data)))}`)
    },
  }
}
