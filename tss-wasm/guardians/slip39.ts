import { hmac } from '@noble/hashes/hmac.js'
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import type { RandomSource } from '../random.ts'
import { interpolated } from './field256.ts'
import { words } from './words.ts'

/**
 * SLIP-39 with one group: a secret in pieces of words, of which any k give it back and fewer say nothing. Hardware wallets and
 * other programs read the same words; each piece has a checksum, and the secret has one of its own.
 */

/** A piece as its words say it. */
interface Piece {
  /** 15 bits, the same in all pieces of one secret. */
  readonly identifier: number
  readonly isExtendable: boolean
  /** PBKDF2 takes 10,000·2^e steps. */
  readonly exponent: number
  /** k: how many give the secret. */
  readonly threshold: number
  /** 0 to 15. */
  readonly index: number
  readonly value: Uint8Array<ArrayBuffer>
}

/** What is wrong with pieces that somebody has typed in. */
export type PieceFault =
  /** No word of the list; `at` counts from 1. */
  | { readonly kind: 'word'; readonly word: string; readonly at: number }
  | { readonly kind: 'length'; readonly words: number }
  /** Some word is another one, or two have changed places. */
  | { readonly kind: 'checksum' }
  /** Pieces of groups, of an unknown form, or made to be slow. */
  | { readonly kind: 'form' }
  | { readonly kind: 'other-secret' }
  | { readonly kind: 'twice'; readonly index: number }
  | { readonly kind: 'too-few'; readonly needed: number; readonly given: number }
  /** They do not fit together, though each is well written. */
  | { readonly kind: 'misfit' }

/** Its message has no word of a piece in it but one that is no word at all. */
export class PieceError extends Error {
  readonly fault: PieceFault

  constructor(fault: PieceFault) {
    super(`pieces: ${fault.kind}`)
    this.fault = fault
  }
}

const mostPieces = 16
const digestIndex = 254
const secretIndex = 255
const digestLength = 4
const rounds = 4
const baseSteps = 10_000
/** 160,000 steps: more than that would let one piece stop the page that reads it. */
const mostExponent = 4
const headWords = 4
const checksumWords = 3
const shortestWords = headWords + 13 + checksumWords
const longestWords = headWords + 52 + checksumWords

/**
 * @param secret 16 to 64 bytes, an even number
 * @param k 2 to n; n at most 16
 * @returns n pieces of words
 */
export function splitSecret(
  secret: Uint8Array,
  { k, n, passphrase = '' }: { readonly k: number; readonly n: number; readonly passphrase?: string },
  random: RandomSource,
): readonly string[] {
  if (k < 2 || k > n || n > mostPieces) throw new Error('pieces are 2 of 2 to 16 of 16')
  if (secret.length < 16 || secret.length > 64 || secret.length % 2 !== 0) throw new Error('a secret is 16 to 64 bytes')
  const [high = 0, low = 0] = random(2)
  const common = { identifier: ((high << 8) | low) >> 1, isExtendable: true, exponent: 0, threshold: k }
  const sealed = enciphered(secret, passphrase, common, [0, 1, 2, 3])
  const salt = random(secret.length - digestLength)
  const digest = concatBytes(digestOf(salt, sealed), salt)
  const drawn = Array.from({ length: k - 2 }, (_, x) => ({ x, y: random(secret.length) }))
  const basis = [...drawn, { x: digestIndex, y: digest }, { x: secretIndex, y: sealed }]
  const values = Array.from({ length: n }, (_, x) => drawn[x]?.y ?? interpolated(basis, x))
  const pieces = values.map((value, index) => writePiece({ ...common, index, value: new Uint8Array(value) }))
  for (const bytes of [sealed, digest, ...values]) bytes.fill(0)
  return pieces
}

/** @throws PieceError */
export function joinPieces(texts: readonly string[], passphrase = ''): Uint8Array<ArrayBuffer> {
  const pieces = texts.map(readPiece)
  const [first] = pieces
  if (first === undefined) throw new PieceError({ kind: 'too-few', needed: 2, given: 0 })
  const seen = new Set<number>()
  for (const piece of pieces) {
    if (!isOfOne(piece, first)) throw new PieceError({ kind: 'other-secret' })
    if (seen.has(piece.index)) throw new PieceError({ kind: 'twice', index: piece.index })
    seen.add(piece.index)
  }
  const { threshold } = first
  if (pieces.length < threshold) throw new PieceError({ kind: 'too-few', needed: threshold, given: pieces.length })
  const points = pieces.slice(0, threshold).map(({ index, value }) => ({ x: index, y: value }))
  const sealed = threshold === 1 ? first.value : interpolated(points, secretIndex)
  if (threshold > 1) {
    const digest = interpolated(points, digestIndex)
    if (!sameBytes(digest.subarray(0, digestLength), digestOf(digest.subarray(digestLength), sealed)))
      throw new PieceError({ kind: 'misfit' })
  }
  const secret = enciphered(sealed, passphrase, first, [3, 2, 1, 0])
  for (const bytes of [sealed, ...pieces.map(({ value }) => value)]) bytes.fill(0)
  return secret
}

function isOfOne(piece: Piece, first: Piece): boolean {
  return (
    piece.identifier === first.identifier &&
    piece.isExtendable === first.isExtendable &&
    piece.exponent === first.exponent &&
    piece.threshold === first.threshold &&
    piece.value.length === first.value.length
  )
}

/** Upper case and any white space are read too; of a long word its first four letters are enough. @throws PieceError */
export function readPiece(text: string): Piece {
  const typed = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .slice(0, longestWords + 1)
  const indices = typed.map((word, i) => {
    const index = words.findIndex((known) => known === word || (word.length >= 4 && known.startsWith(word)))
    if (index < 0) throw new PieceError({ kind: 'word', word: word.slice(0, 20), at: i + 1 })
    return index
  })
  if (indices.length < shortestWords || indices.length > longestWords)
    throw new PieceError({ kind: 'length', words: indices.length })
  const [one = 0, two = 0, three = 0, four = 0] = indices
  const head = one * 2 ** 30 + two * 2 ** 20 + three * 2 ** 10 + four
  const bits = (from: number, count: number) => Math.floor(head / 2 ** (40 - from - count)) % 2 ** count
  const isExtendable = bits(15, 1) === 1
  if (checksumOf([...customization(isExtendable), ...indices]) !== 1) throw new PieceError({ kind: 'checksum' })
  const [groupIndex, groupThreshold, groupCount] = [bits(20, 4), bits(24, 4) + 1, bits(28, 4) + 1]
  const exponent = bits(16, 4)
  if (groupIndex !== 0 || groupThreshold !== 1 || groupCount !== 1 || exponent > mostExponent)
    throw new PieceError({ kind: 'form' })
  return {
    ...{ identifier: bits(0, 15), isExtendable, exponent },
    ...{ threshold: bits(36, 4) + 1, index: bits(32, 4) },
    value: valueOf(indices.slice(headWords, -checksumWords)),
  }
}

function writePiece({ identifier, isExtendable, exponent, threshold, index, value }: Piece): string {
  const first = (identifier << 5) | (Number(isExtendable) << 4) | exponent
  const second = (index << 4) | (threshold - 1)
  const head = [first >> 10, first & 1023, second >> 10, second & 1023]
  const indices = [...head, ...wordsOf(value)]
  const checksum = checksumOf([...customization(isExtendable), ...indices, 0, 0, 0]) ^ 1
  const all = [...indices, (checksum >> 20) & 1023, (checksum >> 10) & 1023, checksum & 1023]
  return all.map((each) => words[each] ?? '').join(' ')
}

/** Ten bits a word, padded with zeros in front. */
function wordsOf(value: Uint8Array): readonly number[] {
  const count = Math.ceil((8 * value.length) / 10)
  const padding = 10 * count - 8 * value.length
  return Array.from({ length: count }, (_, word) =>
    Array.from({ length: 10 }, (_, bit) => 10 * word + bit - padding).reduce(
      (sum, at) => (sum << 1) | (at < 0 ? 0 : ((value[at >> 3] ?? 0) >> (7 - (at & 7))) & 1),
      0,
    ),
  )
}

function valueOf(indices: readonly number[]): Uint8Array<ArrayBuffer> {
  const length = 2 * Math.floor((10 * indices.length) / 16)
  const padding = 10 * indices.length - 8 * length
  if (padding > 8) throw new PieceError({ kind: 'length', words: indices.length + headWords + checksumWords })
  const value = new Uint8Array(length)
  for (let at = -padding; at < 8 * length; at += 1) {
    const [word, bit] = [Math.floor((at + padding) / 10), (at + padding) % 10]
    const isSet = ((indices[word] ?? 0) >> (9 - bit)) & 1
    if (at >= 0) value[at >> 3] = (value[at >> 3] ?? 0) | (isSet << (7 - (at & 7)))
    else if (isSet === 1) throw new PieceError({ kind: 'form' })
  }
  return value
}

/** A Feistel network of four rounds; backwards with its rounds in reverse. */
function enciphered(
  secret: Uint8Array,
  passphrase: string,
  { identifier, isExtendable, exponent }: Pick<Piece, 'identifier' | 'isExtendable' | 'exponent'>,
  order: readonly number[],
): Uint8Array<ArrayBuffer> {
  const half = secret.length / 2
  const salt = isExtendable
    ? new Uint8Array()
    : concatBytes(utf8ToBytes('shamir'), Uint8Array.of(identifier >> 8, identifier & 0xff))
  let [left, right] = [secret.slice(0, half), secret.slice(half)]
  for (const round of order) {
    const password = concatBytes(Uint8Array.of(round), utf8ToBytes(passphrase))
    const options = { c: (baseSteps * 2 ** exponent) / rounds, dkLen: half }
    const mask = pbkdf2(sha256, password, concatBytes(salt, right), options)
    for (const [i, byte] of mask.entries()) left[i] = (left[i] ?? 0) ^ byte
    ;[left, right] = [right, left]
  }
  return new Uint8Array(concatBytes(right, left))
}

function digestOf(salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return hmac(sha256, salt, secret).subarray(0, digestLength)
}

function customization(isExtendable: boolean): readonly number[] {
  return [...utf8ToBytes(isExtendable ? 'shamir_extendable' : 'shamir')]
}

const generators = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
]

/** RS1024: three wrong words are always noticed. */
function checksumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const top = sum >> 20
    const next = ((sum & 0xfffff) << 10) ^ value
    return generators.reduce((all, generator, i) => all ^ (((top >> i) & 1) === 1 ? generator : 0), next)
  }, 1)
}
