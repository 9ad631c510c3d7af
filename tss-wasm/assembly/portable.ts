/**
 * The same Montgomery arithmetic as fma.ts for engines without relaxed SIMD: limbs of 28 bits in u32, one residue at a time,
 * the products of four neighbouring columns side by side and summed in u64. A column holds at most 148 products below
 * 2^56, so it cannot overflow.
 *
 * The modulus in use is N' = k * N = -1 mod 2^28 and M = (N' + 1) / 2^28, with 2^(28 * limbs) >= 16 N'; see fma.ts.
 */
const mask: u64 = (1 << 28) - 1

export const lanes: i32 = 1
export const limbBits: i32 = 28
export const limbBytes: i32 = 4
export const limbsAtOnce: i32 = 4

/** Four columns of a product. */
const sums = memory.data(32, 16)
/** Zeros on either side of `padded`, in bytes: the four columns reach up to three limbs beyond a number's ends. */
const margin: usize = 16

let n: i32 = 0
let M: usize = 0
let columns: usize = 0
let quotients: usize = 0
/** The factor or modulus that is walked backwards, between margins. */
let padded: usize = 0
/** Elements are pairs; see `enter`. */
let isPair: bool = false

/**
 * Chooses the modulus: `limbs` is a multiple of 4, `m` points to M, `scratch` to room for 5 * limbs + 8 u32. Pairs are those
 * of fma.ts.
 */
export function enter(limbs: i32, m: usize, scratch: usize, pair: bool): void {
  n = limbs
  isPair = pair
  M = m
  columns = scratch
  quotients = scratch + ((<usize>limbs) << 3)
  padded = quotients + ((<usize>limbs) << 3) + margin
}

// @ts-ignore: decorator
@inline
function at(element: usize, limb: i32): usize {
  return element + ((<usize>limb) << 2)
}

// @ts-ignore: decorator
@inline
function elementBytes(): usize {
  return at(0, isPair ? n + n : n)
}

/** Splits a little-endian integer of any length up to the element's. Needs 8 readable bytes beyond it. */
export function unpack(out: usize, bytes: usize, lane: i32): void {
  for (let i = 0; i < n; i++) {
    const bit = i * 28
    store<u32>(at(out, i), <u32>((load<u64>(bytes + (<usize>(bit >> 3))) >> (bit & 7)) & mask))
  }
}

/** The inverse of `unpack`: writes ceil(28 * limbs / 8) bytes, and zeros up to 8 bytes beyond. */
export function pack(bytes: usize, x: usize, lane: i32): void {
  memory.fill(bytes, 0, ((<usize>n * 28) >> 3) + 9)
  for (let i = 0; i < n; i++) {
    const bit = i * 28
    const to = bytes + (<usize>(bit >> 3))
    store<u64>(to, load<u64>(to) | ((<u64>load<u32>(at(x, i))) << (bit & 7)))
  }
}

/** Copies a number to `padded`. */
function pad(y: usize): void {
  memory.fill(padded - margin, 0, margin)
  memory.copy(padded, y, at(0, n))
  memory.fill(at(padded, n), 0, margin)
}

/** A limb of `padded`. */
// @ts-ignore: decorator
@inline
function limb(i: i32): u64 {
  return load<u32>(at(padded, i))
}

/** sums[c] = x[0] * y[c] + x[1] * y[c - 1] + ..: `count` products for each c from 0 to 3; y points into `padded`. */
function multiplyFour(x: usize, y: usize, count: i32): void {
  let low = i64x2.splat(0)
  let high = i64x2.splat(0)
  const end = at(x, count)
  while (x < end) {
    const a = v128.load_splat<u32>(x)
    const b = v128.load(y)
    low = i64x2.add(low, i64x2.extmul_low_i32x4_u(a, b))
    high = i64x2.add(high, i64x2.extmul_high_i32x4_u(a, b))
    x += 4
    y -= 4
  }
  v128.store(sums, low)
  v128.store(sums, high, 16)
}

// @ts-ignore: decorator
@inline
function sum(c: usize): u64 {
  return load<u64>(sums + (c << 3))
}

/** columns[0..2n) = x * y in digits of 28 bits, or that added to them. */
function multiplyColumns(x: usize, y: usize, onto: bool): void {
  pad(y)
  let carry: u64 = 0
  for (let k = 0; k < n + n; k += 4) {
    const first = max(0, k + 1 - n)
    multiplyFour(at(x, first), at(padded, k - first), min(k + 4, n) - first)
    for (let c = 0; c < 4; c++) {
      const column = at(columns, k + c)
      carry += sum(c)
      if (onto) carry += load<u32>(column)
      store<u32>(column, <u32>(carry & mask))
      carry >>= 28
    }
  }
}

/** columns[0..2n) = x * x: the products off the diagonal once, doubled. */
function squareColumns(x: usize): void {
  pad(x)
  let carry: u64 = 0
  for (let k = 0; k < n + n; k += 4) {
    const first = max(0, k + 1 - n)
    const half = k >> 1
    multiplyFour(at(x, first), at(padded, k - first), half - first)
    const a = limb(half)
    const b = limb(half + 1)
    const d = limb(half + 2)
    const column = at(columns, k)
    carry += (sum(0) << 1) + a * a
    store<u32>(column, <u32>(carry & mask))
    carry = (carry >> 28) + ((sum(1) + a * b) << 1)
    store<u32>(column, <u32>(carry & mask), 4)
    carry = (carry >> 28) + ((sum(2) + a * d) << 1) + b * b
    store<u32>(column, <u32>(carry & mask), 8)
    carry = (carry >> 28) + ((sum(3) + a * limb(half + 3) + b * d) << 1)
    store<u32>(column, <u32>(carry & mask), 12)
    carry >>= 28
  }
}

/** out = columns / 2^(28 n) mod N', below 2N' for columns below 16N'^2. */
function reduce(out: usize): void {
  pad(M)
  const m0 = limb(0)
  const m1 = limb(1)
  let carry: u64 = 0
  for (let k = 0; k < n; k += 4) {
    multiplyFour(quotients, at(padded, k - 1), k)
    const column = at(columns, k)
    const quotient = at(quotients, k)
    carry += sum(0) + load<u32>(column)
    const q0 = carry & mask
    carry = (carry >> 28) + sum(1) + load<u32>(column, 4) + q0 * m0
    const q1 = carry & mask
    carry = (carry >> 28) + sum(2) + load<u32>(column, 8) + q0 * m1 + q1 * m0
    const q2 = carry & mask
    carry = (carry >> 28) + sum(3) + load<u32>(column, 12) + q0 * limb(2) + q1 * m1 + q2 * m0
    store<u32>(quotient, <u32>q0)
    store<u32>(quotient, <u32>q1, 4)
    store<u32>(quotient, <u32>q2, 8)
    store<u32>(quotient, <u32>(carry & mask), 12)
    carry >>= 28
  }
  for (let k = 0; k < n; k += 4) {
    multiplyFour(at(quotients, k), at(padded, n - 1), n - k)
    for (let c = 0; c < 4; c++) {
      carry += sum(c) + load<u32>(at(columns, n + k + c))
      store<u32>(at(out, k + c), <u32>(carry & mask))
      carry >>= 28
    }
  }
}

/** columns = (columns << shift) + the quotient digits of the last reduction. */
function addQuotients(shift: i32): void {
  for (let k = 0; k < n + n; k++) {
    const q = k < n ? load<u32>(at(quotients, k)) : 0
    store<u32>(at(columns, k), (load<u32>(at(columns, k)) << shift) + q)
  }
}

/**
 * out = x * y / 2^(28 n) for pairs: with a * a' + q * N' = 2^(28 n) * A the product of a - b * N' and a' - b' * N' is
 * 2^(28 n) * A - (a * b' + a' * b + q) * N' modulo N'^2. Five eighths of the work of one modulus twice as long.
 */
function multiplyPairs(out: usize, x: usize, y: usize): void {
  const second = at(0, n)
  const A = quotients + second
  multiplyColumns(x, y, false)
  reduce(A)
  multiplyColumns(x, y + second, false)
  multiplyColumns(x + second, y, true)
  addQuotients(0)
  reduce(out + second)
  memory.copy(out, A, second)
}

/** The same for x * x, with three and a half products in place of five. */
function squarePair(x: usize): void {
  const second = at(0, n)
  const A = quotients + second
  squareColumns(x)
  reduce(A)
  multiplyColumns(x, x + second, false)
  addQuotients(1)
  reduce(x + second)
  memory.copy(x, A, second)
}

/** out = x * y / 2^(28 n). Any of the three may be the same element. */
export function multiply(out: usize, x: usize, y: usize): void {
  if (isPair) {
    multiplyPairs(out, x, y)
  } else {
    multiplyColumns(x, y, false)
    reduce(out)
  }
}

/** Squares x in place, `times` times. */
export function square(x: usize, times: i32): void {
  for (let i = 0; i < times; i++) {
    if (isPair) {
      squarePair(x)
    } else {
      squareColumns(x)
      reduce(x)
    }
  }
}

/** out = table[digit], reading every entry. */
function lookUpAll(out: usize, table: usize, entries: i32, digit: u32): void {
  const size = elementBytes()
  for (let i: usize = 0; i < size; i += 4) {
    let found: u32 = 0
    let entry = table + i
    for (let e: u32 = 0; e < <u32>entries; e++) {
      // (difference - 1) >> 31 is 1 for difference 0 only: digits are far below 2^31.
      found |= load<u32>(entry) & (0 - (((e ^ digit) - 1) >> 31))
      entry += size
    }
    store<u32>(out + i, found)
  }
}

/** Follows a schedule; see fma.ts. The fifth word of a step belongs to a second lane and is not read here. */
export function run(x: usize, steps: usize, count: i32, picked: usize, secret: bool): void {
  for (let i = 0; i < count; i++) {
    const step = steps + <usize>i * 20
    const target = i == 0 ? x : picked
    if (i != 0) square(x, load<i32>(step))
    const table = <usize>load<u32>(step, 4)
    const digit = load<u32>(step, 12)
    if (secret) lookUpAll(target, table, load<i32>(step, 8), digit)
    else memory.copy(target, table + <usize>digit * elementBytes(), elementBytes())
    if (i != 0) multiply(x, x, picked)
  }
}

/** Raises 2 to the exponent whose bits are the bytes at `bits`, highest first. x must be 1 and may grow to 4N'. */
export function powerOfTwo(x: usize, bits: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const bit = load<u8>(bits + <usize>i)
    square(x, 1)
    let carry: u32 = 0
    for (let j = 0; j < n; j++) {
      const digit = (load<u32>(at(x, j)) << bit) + carry
      store<u32>(at(x, j), digit & <u32>mask)
      carry = digit >> 28
    }
  }
}
