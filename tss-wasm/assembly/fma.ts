/**
 * Montgomery arithmetic for CPUs with fused multiply-add, two independent residues at a time.
 *
 * An element is `limbs` v128 values, least significant first; lane 0 belongs to one residue, lane 1 to another, and each
 * lane has its own modulus. A limb is an integer in [0, 2^51) held in an f64. The product of two limbs comes out exact
 * in two halves, with c1 = 1.5 * 2^103 and c2 = 1.5 * 2^52:
 *
 *     high = a * b + c1                  bits(high) = bits(c1) + round(a * b / 2^51)
 *     low  = a * b + (c1 + c2 - high)    bits(low)  = bits(c2) + a * b - 2^51 * round(a * b / 2^51)
 *
 * so columns are summed exactly by adding bits as 64-bit integers; the constants are taken away once per column.
 *
 * The modulus in use is N' = k * N = -1 mod 2^51, so that a Montgomery quotient digit is the low digit of its column as
 * it stands and t + q * N' = (t - q) + q * 2^51 * M with M = (N' + 1) / 2^51. With 2^(51 * limbs) >= 16 N', factors below
 * 2N' (one of them below 4N') give products below 2N': there is no final subtraction, and no branch on data anywhere.
 */
const c1: f64 = reinterpret<f64>(0x4668000000000000)
const c2: f64 = reinterpret<f64>(0x4338000000000000)
const c1Bits: i64 = 0x4668000000000000
const c2Bits: i64 = 0x4338000000000000
const mask: i64 = (1 << 51) - 1
/** Bits of 2^52: a 51-bit integer below them is that integer plus 2^52 as an f64. */
const twoTo52: i64 = 0x4330000000000000

/**
 * The two constants of the inner loops, read from memory: engines materialise a v128 constant again at every use, which
 * costs as much as the product itself, but keep a loaded value in a register.
 */
const constants = memory.data<f64>([c1, c1, c1 + c2, c1 + c2], 16)

/** All ones in a lane whose next reduction shall also double the result; set by `powerOfTwo` only. */
const doubled = memory.data(16, 16)

/** Added to a signed column before an unsigned shift (engines have no cheap signed one), so a carry is this / 2^51 high. */
const bias: i64 = 1 << 62
const carryBias: i64 = bias >> 51

export const lanes: i32 = 2
export const limbBits: i32 = 51
/** Bytes of one limb, both lanes of it. */
export const limbBytes: i32 = 16
export const limbsAtOnce: i32 = 2

let n: i32 = 0
let M: usize = 0
let columns: usize = 0
let quotients: usize = 0
/** Elements are pairs; see `enter`. */
let isPair: bool = false

/**
 * Chooses the modulus: `limbs` is even, `m` points to M, `scratch` to room for 4 * limbs v128 values. With `pair` residues
 * are those modulo N'^2, and an element is two in a row, a and b, that stand for a - b * N'.
 */
export function enter(limbs: i32, m: usize, scratch: usize, pair: bool): void {
  n = limbs
  isPair = pair
  M = m
  columns = scratch
  quotients = scratch + ((<usize>limbs) << 5)
}

/** a * b + c, rounded once. The host compares it with an unfused result before it trusts this module. */
export function fused(a: f64, b: f64, c: f64): f64 {
  return f64x2.extract_lane(f64x2.relaxed_madd(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0)
}

// @ts-ignore: decorator
@inline
function at(element: usize, limb: i32): usize {
  return element + ((<usize>limb) << 4)
}

// @ts-ignore: decorator
@inline
function elementBytes(): usize {
  return at(0, isPair ? n + n : n)
}

// @ts-ignore: decorator
@inline
function toLimb(digit: v128): v128 {
  const exponent = i64x2.splat(twoTo52)
  return f64x2.sub(v128.or(digit, exponent), exponent)
}

/** Splits a little-endian integer of any length up to the element's into one lane. Needs 8 readable bytes beyond it. */
export function unpack(out: usize, bytes: usize, lane: i32): void {
  const to = out + ((<usize>lane) << 3)
  for (let i = 0; i < n; i++) {
    const bit = i * 51
    const digit = (load<i64>(bytes + (<usize>(bit >> 3))) >> (bit & 7)) & mask
    store<f64>(at(to, i), <f64>digit)
  }
}

/** The inverse of `unpack`: writes ceil(51 * limbs / 8) bytes, and zeros up to 8 bytes beyond. */
export function pack(bytes: usize, x: usize, lane: i32): void {
  const from = x + ((<usize>lane) << 3)
  memory.fill(bytes, 0, ((<usize>n * 51) >> 3) + 9)
  for (let i = 0; i < n; i++) {
    const bit = i * 51
    const to = bytes + (<usize>(bit >> 3))
    store<i64>(to, load<i64>(to) | ((<i64>load<f64>(at(from, i))) << (bit & 7)))
  }
}

/** columns[0..2n) = x * y, unreduced, or that added to them. Two columns at a time, so that every limb of y is loaded once for two products. */
function multiplyColumns(x: usize, y: usize, onto: bool): void {
  const C1 = v128.load(constants)
  const C12 = v128.load(constants, 16)
  let next = i64x2.splat(0)
  for (let k = 0; k < n + n; k += 2) {
    const first = max(0, k + 2 - n)
    const last = min(k, n - 1)
    let low = next
    let middle = i64x2.splat(0)
    let high = i64x2.splat(0)
    let px = at(x, first)
    const end = at(x, last)
    let py = at(y, k - first)
    let b1 = v128.load(py, 16)
    if (k < n) {
      // The column k + 1 has one product more: x[k + 1] * y[0].
      const a = v128.load(end, 16)
      const b = v128.load(y)
      const h = f64x2.relaxed_madd(a, b, C1)
      middle = f64x2.relaxed_madd(a, b, f64x2.sub(C12, h))
      high = h
    } else {
      // The column k has one product more: x[k + 1 - n] * y[n - 1].
      const a = v128.load(at(x, k + 1 - n))
      const b = v128.load(at(y, n - 1))
      const h = f64x2.relaxed_madd(a, b, C1)
      low = i64x2.add(low, f64x2.relaxed_madd(a, b, f64x2.sub(C12, h)))
      middle = h
    }
    while (px <= end) {
      const a = v128.load(px)
      const b0 = v128.load(py)
      const h0 = f64x2.relaxed_madd(a, b0, C1)
      const h1 = f64x2.relaxed_madd(a, b1, C1)
      const l0 = f64x2.relaxed_madd(a, b0, f64x2.sub(C12, h0))
      const l1 = f64x2.relaxed_madd(a, b1, f64x2.sub(C12, h1))
      low = i64x2.add(low, l0)
      middle = i64x2.add(middle, i64x2.add(h0, l1))
      high = i64x2.add(high, h1)
      b1 = b0
      px += 16
      py -= 16
    }
    const both = <i64>max(0, last - first + 1)
    const inLow = both + (k < n ? 0 : 1)
    const inMiddle = both + (k < n ? 1 : 0)
    low = i64x2.sub(low, i64x2.splat(inLow * c2Bits))
    middle = i64x2.sub(middle, i64x2.splat(inLow * c1Bits + inMiddle * c2Bits))
    if (onto) {
      low = i64x2.add(low, v128.load(at(columns, k)))
      middle = i64x2.add(middle, v128.load(at(columns, k), 16))
    }
    v128.store(at(columns, k), low)
    v128.store(at(columns, k), middle, 16)
    next = i64x2.sub(high, i64x2.splat(inMiddle * c1Bits))
  }
}

/** columns[0..2n) = x * x: the products off the diagonal once, doubled. */
function squareColumns(x: usize): void {
  const C1 = v128.load(constants)
  const C12 = v128.load(constants, 16)
  let next = i64x2.splat(0)
  for (let k = 0; k < n + n; k += 2) {
    const half = k >> 1
    const first = max(0, k + 2 - n)
    let low = i64x2.splat(0)
    let middle = i64x2.splat(0)
    let high = i64x2.splat(0)
    let inLow: i64 = 0
    let inMiddle: i64 = 0
    if (k < n) {
      const a = v128.load(at(x, half))
      const b = v128.load(at(x, half), 16)
      const h = f64x2.relaxed_madd(a, b, C1)
      middle = f64x2.relaxed_madd(a, b, f64x2.sub(C12, h))
      high = h
      inMiddle = 1
    } else if (k + 2 < n + n) {
      const a = v128.load(at(x, k + 1 - n))
      const b = v128.load(at(x, n - 1))
      const h = f64x2.relaxed_madd(a, b, C1)
      low = f64x2.relaxed_madd(a, b, f64x2.sub(C12, h))
      middle = h
      inLow = 1
      // x[half] * x[half + 1] lies in the column k + 1.
      const a1 = v128.load(at(x, half))
      const b1 = v128.load(at(x, half), 16)
      const h1 = f64x2.relaxed_madd(a1, b1, C1)
      middle = i64x2.add(middle, f64x2.relaxed_madd(a1, b1, f64x2.sub(C12, h1)))
      high = h1
      inMiddle = 1
    }
    let px = at(x, first)
    const end = at(x, half)
    let py = at(x, k - first)
    let b1 = v128.load(py, 16)
    while (px < end) {
      const a = v128.load(px)
      const b0 = v128.load(py)
      const h0 = f64x2.relaxed_madd(a, b0, C1)
      const h1 = f64x2.relaxed_madd(a, b1, C1)
      const l0 = f64x2.relaxed_madd(a, b0, f64x2.sub(C12, h0))
      const l1 = f64x2.relaxed_madd(a, b1, f64x2.sub(C12, h1))
      low = i64x2.add(low, l0)
      middle = i64x2.add(middle, i64x2.add(h0, l1))
      high = i64x2.add(high, h1)
      b1 = b0
      px += 16
      py -= 16
    }
    const both = <i64>max(0, half - first)
    inLow += both
    inMiddle += both
    const d = v128.load(end)
    const hd = f64x2.relaxed_madd(d, d, C1)
    const ld = f64x2.relaxed_madd(d, d, f64x2.sub(C12, hd))
    low = i64x2.shl(i64x2.sub(low, i64x2.splat(inLow * c2Bits)), 1)
    middle = i64x2.shl(i64x2.sub(middle, i64x2.splat(inLow * c1Bits + inMiddle * c2Bits)), 1)
    low = i64x2.add(low, i64x2.add(next, i64x2.sub(ld, i64x2.splat(c2Bits))))
    middle = i64x2.add(middle, i64x2.sub(hd, i64x2.splat(c1Bits)))
    v128.store(at(columns, k), low)
    v128.store(at(columns, k), middle, 16)
    next = i64x2.shl(i64x2.sub(high, i64x2.splat(inMiddle * c1Bits)), 1)
  }
}

/** out = columns / 2^(51 n) mod N', below 2N' for columns below 16N'^2; twice that in lanes to be doubled. */
function reduce(out: usize): void {
  const C1 = v128.load(constants)
  const C12 = v128.load(constants, 16)
  const digits = i64x2.splat(mask)
  const M0 = v128.load(M)
  let next = i64x2.splat(0)
  for (let k = 0; k < n; k += 2) {
    let low = i64x2.add(next, v128.load(at(columns, k)))
    let middle = v128.load(at(columns, k), 16)
    let high = i64x2.splat(0)
    let px = quotients
    const end = at(quotients, k)
    let py = at(M, k - 1)
    let b1 = v128.load(py, 16)
    while (px < end) {
      const a = v128.load(px)
      const b0 = v128.load(py)
      const h0 = f64x2.relaxed_madd(a, b0, C1)
      const h1 = f64x2.relaxed_madd(a, b1, C1)
      const l0 = f64x2.relaxed_madd(a, b0, f64x2.sub(C12, h0))
      const l1 = f64x2.relaxed_madd(a, b1, f64x2.sub(C12, h1))
      low = i64x2.add(low, l0)
      middle = i64x2.add(middle, i64x2.add(h0, l1))
      high = i64x2.add(high, h1)
      b1 = b0
      px += 16
      py -= 16
    }
    const count = <i64>k
    low = i64x2.sub(low, i64x2.splat(count * c2Bits - bias))
    const q0 = toLimb(v128.and(low, digits))
    v128.store(end, q0)
    const h = f64x2.relaxed_madd(q0, M0, C1)
    const l = f64x2.relaxed_madd(q0, M0, f64x2.sub(C12, h))
    middle = i64x2.sub(middle, i64x2.splat(count * c1Bits + (count + 1) * c2Bits + carryBias - bias))
    middle = i64x2.add(i64x2.add(middle, l), i64x2.shr_u(low, 51))
    v128.store(end, toLimb(v128.and(middle, digits)), 16)
    next = i64x2.sub(i64x2.add(high, h), i64x2.splat((count + 1) * c1Bits + carryBias))
    next = i64x2.add(next, i64x2.shr_u(middle, 51))
  }
  const D = v128.load(doubled)
  let carry = i64x2.splat(carryBias)
  for (let k = n; k < n + n; k += 2) {
    const first = k + 2 - n
    let low = i64x2.add(next, v128.load(at(columns, k)))
    let middle = v128.load(at(columns, k), 16)
    let high = i64x2.splat(0)
    const a0 = v128.load(at(quotients, first - 1))
    let b1 = v128.load(at(M, n - 2))
    const h = f64x2.relaxed_madd(a0, b1, C1)
    low = i64x2.add(low, f64x2.relaxed_madd(a0, b1, f64x2.sub(C12, h)))
    middle = i64x2.add(middle, h)
    let px = at(quotients, first)
    const end = at(quotients, n)
    let py = at(M, n - 3)
    while (px < end) {
      const a = v128.load(px)
      const b0 = v128.load(py)
      const h0 = f64x2.relaxed_madd(a, b0, C1)
      const h1 = f64x2.relaxed_madd(a, b1, C1)
      const l0 = f64x2.relaxed_madd(a, b0, f64x2.sub(C12, h0))
      const l1 = f64x2.relaxed_madd(a, b1, f64x2.sub(C12, h1))
      low = i64x2.add(low, l0)
      middle = i64x2.add(middle, i64x2.add(h0, l1))
      high = i64x2.add(high, h1)
      b1 = b0
      px += 16
      py -= 16
    }
    const count = <i64>(n - first)
    low = i64x2.sub(low, i64x2.splat((count + 1) * c2Bits))
    middle = i64x2.sub(middle, i64x2.splat((count + 1) * c1Bits + count * c2Bits))
    next = i64x2.sub(high, i64x2.splat(count * c1Bits))
    low = i64x2.add(i64x2.add(low, v128.and(low, D)), i64x2.add(carry, i64x2.splat(bias - carryBias)))
    middle = i64x2.add(i64x2.add(middle, v128.and(middle, D)), i64x2.splat(bias - carryBias))
    middle = i64x2.add(middle, i64x2.shr_u(low, 51))
    v128.store(at(out, k - n), toLimb(v128.and(low, digits)))
    v128.store(at(out, k - n), toLimb(v128.and(middle, digits)), 16)
    carry = i64x2.shr_u(middle, 51)
  }
}

/** columns = (columns << shift) + the quotient digits of the last reduction. */
function addQuotients(shift: i32): void {
  const exponent = i64x2.splat(twoTo52)
  for (let k = 0; k < n + n; k++) {
    let column = i64x2.shl(v128.load(at(columns, k)), shift)
    if (k < n) {
      const q = f64x2.add(v128.load(at(quotients, k)), exponent)
      column = i64x2.add(column, i64x2.sub(q, exponent))
    }
    v128.store(at(columns, k), column)
  }
}

/**
 * out = x * y / 2^(51 n) for pairs: with a * a' + q * N' = 2^(51 n) * A the product of a - b * N' and a' - b' * N' is
 * 2^(51 n) * A - (a * b' + a' * b + q) * N' modulo N'^2. Five eighths of the work of one modulus twice as long.
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

/** out = x * y / 2^(51 n) in both lanes. Any of the three may be the same element. */
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

/** The residue of one lane into both, for `limbs` limbs: elements in a row. out may be x where the lane is 0. */
export function spread(out: usize, x: usize, lane: i32, limbs: i32): void {
  const from = x + ((<usize>lane) << 3)
  for (let i = 0; i < limbs; i++) v128.store(at(out, i), v128.load64_splat(at(from, i)))
}

/** out = table[digit0] in lane 0, table[digit1] in lane 1, reading every entry; two limbs at a time share a comparison. */
function lookUpAll(out: usize, table: usize, entries: i32, digit0: i64, digit1: i64): void {
  const wanted = i64x2.replace_lane(i64x2.splat(digit0), 1, digit1)
  const size = elementBytes()
  for (let i: usize = 0; i < size; i += 32) {
    let limb0 = i64x2.splat(0)
    let limb1 = i64x2.splat(0)
    let index = i64x2.splat(0)
    let entry = table + i
    for (let e = 0; e < entries; e++) {
      const isWanted = i64x2.eq(index, wanted)
      limb0 = i64x2.relaxed_laneselect(v128.load(entry), limb0, isWanted)
      limb1 = i64x2.relaxed_laneselect(v128.load(entry, 16), limb1, isWanted)
      index = i64x2.add(index, i64x2.splat(1))
      entry += size
    }
    v128.store(out + i, limb0)
    v128.store(out + i, limb1, 16)
  }
}

/** The same for public digits: reads only what it needs. */
function lookUp(out: usize, table: usize, digit0: usize, digit1: usize): void {
  const size = elementBytes()
  const from0 = table + digit0 * size
  const from1 = table + digit1 * size + 8
  for (let i: usize = 0; i < size; i += 16) {
    store<f64>(out + i, load<f64>(from0 + i))
    store<f64>(out + i, load<f64>(from1 + i), 8)
  }
}

/**
 * Follows a schedule of `count` steps of five u32 each: squarings, table, entries, digit0, digit1. A step squares x that
 * often and multiplies it by the entry of the table; the first one sets x instead. `picked` is room for one element.
 * With `secret`, time and addresses depend on nothing but squarings, table and entries.
 */
export function run(x: usize, steps: usize, count: i32, picked: usize, secret: bool): void {
  for (let i = 0; i < count; i++) {
    const step = steps + <usize>i * 20
    const target = i == 0 ? x : picked
    if (i != 0) square(x, load<i32>(step))
    const table = <usize>load<u32>(step, 4)
    if (secret) lookUpAll(target, table, load<i32>(step, 8), load<u32>(step, 12), load<u32>(step, 16))
    else lookUp(target, table, load<u32>(step, 12), load<u32>(step, 16))
    if (i != 0) multiply(x, x, picked)
  }
}

/**
 * Raises 2 to the exponent whose bits, highest first, are bit 0 (lane 0) and bit 1 (lane 1) of the bytes at `bits`.
 * x must be 1 and may grow to 4N'.
 */
export function powerOfTwo(x: usize, bits: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const bit = <i64>load<u8>(bits + <usize>i)
    store<i64>(doubled, -(bit & 1))
    store<i64>(doubled, -(bit >> 1), 8)
    square(x, 1)
  }
  v128.store(doubled, i64x2.splat(0))
}

export {
  loneLanes,
  loneLimbBits,
  loneLimbBytes,
  loneEnter,
  loneUnpack,
  lonePack,
  loneMultiply,
  loneSquare,
  loneRun,
} from './lone'
