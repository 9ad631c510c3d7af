import type { RandomSource } from '../random.ts'
import { bytesToInteger } from './bytes.ts'
import { bitLength, gcd } from './numberTheory.ts'

/** Each draw succeeds with probability over 1/2 (over 1/5 for units), so only a broken source gets here. */
const mostDraws = 1000

/** rand[0, m) of WIRE 4.1: uniform, zero included, m >= 1. */
export function randomBelow(random: RandomSource, m: bigint): bigint {
  if (m < 1n) throw new RangeError('empty range')
  return drawUntil(random, m, (x) => x < m)
}

/** rand*(m) of WIRE 4.1: uniform among the x in 1..m-1 with gcd(x, m) = 1, m >= 2. */
export function randomUnit(random: RandomSource, m: bigint): bigint {
  if (m < 2n) throw new RangeError('empty range')
  return drawUntil(random, m, (x) => x !== 0n && x < m && gcd(x, m) === 1n)
}

/** Uniform in [1, m), m >= 2. For scalars, where zero would encode as infinity. */
export function randomNonZero(random: RandomSource, m: bigint): bigint {
  return 1n + randomBelow(random, m - 1n)
}

/** Uniform in the closed interval ±limit, limit >= 0. */
export function randomSigned(random: RandomSource, limit: bigint): bigint {
  return randomBelow(random, 2n * limit + 1n) - limit
}

/** Rejection from the smallest power of two that covers [0, m): exactly uniform, no bias to correct for. */
function drawUntil(random: RandomSource, m: bigint, accept: (x: bigint) => boolean): bigint {
  const bits = bitLength(m - 1n)
  const bytes = Math.ceil(bits / 8)
  for (let draw = 0; draw < mostDraws; draw++) {
    const drawn = random(bytes)
    const x = bytesToInteger(drawn) >> BigInt(bytes * 8 - bits)
    drawn.fill(0)
    if (accept(x)) return x
  }
  throw new Error('the random source does not look random')
}
