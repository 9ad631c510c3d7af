import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { uint32 } from '../../bytes.ts'

/**
 * BCR-2024-001: which fragments of a message are mixed in a part. The first parts are the fragments themselves; every later one
 * is some of them, added bit by bit, so that it does not matter which frames a camera misses. The draw is no secret: it
 * follows from the number of the part and the checksum of the message, for whoever shows and whoever reads.
 * @param part from 1
 * @param count of fragments
 */
export function fragmentsOf(part: number, count: number, checksum: number): readonly number[] {
  if (part <= count) return [part - 1]
  const draw = drawFrom(concatBytes(uint32(part), uint32(checksum)))
  const degree = 1 + degreeBy(draw, count)
  const left = Array.from({ length: count }, (_, i) => i)
  return Array.from({ length: degree }, () => left.splice(Math.floor(draw() * left.length), 1)[0] ?? 0)
}

/** Numbers from 0 to below 1: xoshiro256**, begun with SHA-256 of the seed. */
function drawFrom(seed: Uint8Array): () => number {
  const digest = bytesToHex(sha256(seed))
  const state = [0, 1, 2, 3].map((i) => BigInt(`0x${digest.slice(16 * i, 16 * i + 16)}`))
  const low = (value: bigint) => BigInt.asUintN(64, value)
  const turned = (value: bigint, by: bigint) => low((value << by) | (value >> (64n - by)))
  return () => {
    let [a = 0n, b = 0n, c = 0n, d = 0n] = state
    const result = low(turned(low(b * 5n), 7n) * 9n)
    const shifted = low(b << 17n)
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = turned(d, 45n)
    state.splice(0, 4, a, b, c, d)
    return Number(result) / 2 ** 64
  }
}

/** 0 to count - 1, where i has the weight 1 / (i + 1): Walker's alias method, in the order that the standard fixes. */
function degreeBy(draw: () => number, count: number): number {
  const { chances, aliases } = tableOf(count)
  const [one, two] = [draw(), draw()]
  const at = Math.floor(count * one)
  return two < (chances[at] ?? 0) ? at : (aliases[at] ?? 0)
}

interface Table {
  readonly chances: readonly number[]
  readonly aliases: readonly number[]
}

let latest: (Table & { readonly count: number }) | undefined

function tableOf(count: number): Table {
  if (latest?.count === count) return latest
  const weights = Array.from({ length: count }, (_, i) => 1 / (i + 1))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const scaled = weights.map((weight) => (weight * count) / sum)
  const [chances, aliases] = [Array<number>(count).fill(0), Array<number>(count).fill(0)]
  const order = Array.from({ length: count }, (_, i) => count - 1 - i)
  const small = order.filter((i) => (scaled[i] ?? 0) < 1)
  const large = order.filter((i) => (scaled[i] ?? 0) >= 1)
  while (small.length > 0 && large.length > 0) {
    const [little = 0, much = 0] = [small.pop(), large.pop()]
    chances[little] = scaled[little] ?? 0
    aliases[little] = much
    scaled[much] = (scaled[much] ?? 0) + (scaled[little] ?? 0) - 1
    if (scaled[much] < 1) small.push(much)
    else large.push(much)
  }
  for (const i of [...large, ...small]) chances[i] = 1
  latest = { count, chances, aliases }
  return latest
}
