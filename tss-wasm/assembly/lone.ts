/**
 * The arithmetic of fma.ts for one residue by itself: limbs in a row, and the lanes hold neighbouring columns of the same
 * product instead of two products. Faster than leaving a lane idle, slower per residue than two side by side.
 */
const c1: f64 = reinterpret<f64>(0x4668000000000000)
const c2: f64 = reinterpret<f64>(0x4338000000000000)
const c1Bits: i64 = 0x4668000000000000
const c2Bits: i64 = 0x4338000000000000
const mask: i64 = (1 << 51) - 1
const twoTo52: i64 = 0x4330000000000000
/** See fma.ts. */
const constants = memory.data<f64>([c1, c1, c1 + c2, c1 + c2], 16)

export const loneLanes: i32 = 1
export const loneLimbBits: i32 = 51
export const loneLimbBytes: i32 = 8
export const loneLimbsAtOnce: i32 = 2

let n: i32 = 0
let M: usize = 0
let columns: usize = 0
let quotients: usize = 0
let isPair: bool = false

export function loneEnter(limbs: i32, m: usize, scratch: usize, pair: bool): void {
  n = limbs
  isPair = pair
  M = m
  columns = scratch
  quotients = scratch + ((<usize>limbs) << 4)
}

// @ts-ignore: decorator
@inline
function at(element: usize, limb: i32): usize {
  return element + ((<usize>limb) << 3)
}

// @ts-ignore: decorator
@inline
function elementBytes(): usize {
  return at(0, isPair ? n + n : n)
}

// @ts-ignore: decorator
@inline
function toLimb(digit: i64): f64 {
  return reinterpret<f64>(digit | twoTo52) - reinterpret<f64>(twoTo52)
}

export function loneUnpack(out: usize, bytes: usize, lane: i32): void {
  for (let i = 0; i < n; i++) {
    const bit = i * 51
    store<f64>(at(out, i), <f64>((load<i64>(bytes + (<usize>(bit >> 3))) >> (bit & 7)) & mask))
  }
}

export function lonePack(bytes: usize, x: usize, lane: i32): void {
  memory.fill(bytes, 0, ((<usize>n * 51) >> 3) + 9)
  for (let i = 0; i < n; i++) {
    const bit = i * 51
    const to = bytes + (<usize>(bit >> 3))
    store<i64>(to, load<i64>(to) | ((<i64>load<f64>(at(x, i))) << (bit & 7)))
  }
}

/** (0, the limb at p) */
// @ts-ignore: decorator
@inline
function upper(p: usize): v128 {
  return v128.load64_lane(p, i64x2.splat(0), 1)
}

/** The high halves of a pair of columns belong one column higher: (what the pair before left, this pair's first). */
// @ts-ignore: decorator
@inline
function shifted(before: v128, high: v128): v128 {
  return v128.shuffle<i64>(before, high, 1, 2)
}

function multiplyColumns(x: usize, y: usize, onto: bool): void {
  const C1 = v128.load(constants)
  const C12 = v128.load(constants, 16)
  let before = i64x2.splat(0)
  for (let k = 0; k < n + n; k += 2) {
    const first = max(0, k + 2 - n)
    const last = min(k, n - 1)
    // One more product in one of the two columns: x[k + 1] * y[0], or x[k + 1 - n] * y[n - 1].
    const a0 = v128.load64_splat(k < n ? at(x, k + 1) : at(x, k + 1 - n))
    const b0 = k < n ? upper(y) : v128.load64_zero(at(y, n - 1))
    let high = f64x2.relaxed_madd(a0, b0, C1)
    let low = f64x2.relaxed_madd(a0, b0, f64x2.sub(C12, high))
    let px = at(x, first)
    const end = at(x, last)
    let py = at(y, k - first)
    while (px <= end) {
      const a = v128.load64_splat(px)
      const b = v128.load(py)
      const h = f64x2.relaxed_madd(a, b, C1)
      low = i64x2.add(low, f64x2.relaxed_madd(a, b, f64x2.sub(C12, h)))
      high = i64x2.add(high, h)
      px += 8
      py -= 8
    }
    const count = <i64>max(0, last - first + 1) + 1
    high = i64x2.sub(high, i64x2.splat(count * c1Bits))
    low = i64x2.sub(low, i64x2.splat(count * c2Bits))
    low = i64x2.add(low, shifted(before, high))
    v128.store(at(columns, k), onto ? i64x2.add(low, v128.load(at(columns, k))) : low)
    before = high
  }
}

function squareColumns(x: usize): void {
  const C1 = v128.load(constants)
  const C12 = v128.load(constants, 16)
  const second = i64x2.replace_lane(i64x2.splat(0), 1, -1)
  let before = i64x2.splat(0)
  for (let k = 0; k < n + n; k += 2) {
    const half = k >> 1
    const first = max(0, k + 2 - n)
    const isLast = k + 2 == n + n
    let low = i64x2.splat(0)
    let high = i64x2.splat(0)
    let count: i64 = 0
    if (k >= n && !isLast) {
      const a = v128.load64_splat(at(x, k + 1 - n))
      const b = v128.load64_zero(at(x, n - 1))
      high = f64x2.relaxed_madd(a, b, C1)
      low = f64x2.relaxed_madd(a, b, f64x2.sub(C12, high))
      count = 1
    }
    let px = at(x, first)
    const end = at(x, half)
    let py = at(x, k - first)
    while (px < end) {
      const a = v128.load64_splat(px)
      const b = v128.load(py)
      const h = f64x2.relaxed_madd(a, b, C1)
      low = i64x2.add(low, f64x2.relaxed_madd(a, b, f64x2.sub(C12, h)))
      high = i64x2.add(high, h)
      px += 8
      py -= 8
    }
    count += <i64>max(0, half - first)
    high = i64x2.shl(i64x2.sub(high, i64x2.splat(count * c1Bits)), 1)
    low = i64x2.shl(i64x2.sub(low, i64x2.splat(count * c2Bits)), 1)
    // x[half]^2 counts once, x[half] * x[half + 1] twice.
    const a = v128.load64_splat(end)
    const b = isLast ? v128.load64_zero(end) : v128.load(end)
    const h = f64x2.relaxed_madd(a, b, C1)
    const l = i64x2.sub(f64x2.relaxed_madd(a, b, f64x2.sub(C12, h)), i64x2.splat(c2Bits))
    const hi = i64x2.sub(h, i64x2.splat(c1Bits))
    high = i64x2.add(high, i64x2.add(hi, v128.and(hi, second)))
    low = i64x2.add(low, i64x2.add(l, v128.and(l, second)))
    v128.store(at(columns, k), i64x2.add(low, shifted(before, high)))
    before = high
  }
}

function reduce(out: usize): void {
  const C1 = v128.load(constants)
  const C12 = v128.load(constants, 16)
  const M0 = v128.load64_splat(M)
  let before = i64x2.splat(0)
  let carry: i64 = 0
  for (let k = 0; k < n + n; k += 2) {
    let low = v128.load(at(columns, k))
    let high = i64x2.splat(0)
    const first = max(0, k + 1 - n)
    const last = min(k, n)
    let px = at(quotients, first)
    const end = at(quotients, last)
    let py = at(M, k - 1 - first)
    while (px < end) {
      const a = v128.load64_splat(px)
      const b = v128.load(py)
      const h = f64x2.relaxed_madd(a, b, C1)
      low = i64x2.add(low, f64x2.relaxed_madd(a, b, f64x2.sub(C12, h)))
      high = i64x2.add(high, h)
      px += 8
      py -= 8
    }
    const count = <i64>(last - first)
    high = i64x2.sub(high, i64x2.splat(count * c1Bits))
    low = i64x2.add(i64x2.sub(low, i64x2.splat(count * c2Bits)), shifted(before, high))
    const column0 = i64x2.extract_lane(low, 0) + carry
    let column1 = i64x2.extract_lane(low, 1) + (column0 >> 51)
    if (k < n) {
      const q = toLimb(column0 & mask)
      const a = f64x2.splat(q)
      const h = f64x2.relaxed_madd(a, M0, C1)
      const l = f64x2.relaxed_madd(a, M0, f64x2.sub(C12, h))
      column1 += i64x2.extract_lane(l, 0) - c2Bits
      store<f64>(at(quotients, k), q)
      store<f64>(at(quotients, k), toLimb(column1 & mask), 8)
      high = i64x2.add(high, i64x2.sub(h, i64x2.splat(c1Bits)))
    } else {
      store<f64>(at(out, k - n), toLimb(column0 & mask))
      store<f64>(at(out, k - n), toLimb(column1 & mask), 8)
    }
    carry = column1 >> 51
    before = high
  }
}

function addQuotients(shift: i32): void {
  for (let k = 0; k < n + n; k++) {
    const column = load<i64>(at(columns, k)) << shift
    const q = k < n ? <i64>load<f64>(at(quotients, k)) : 0
    store<i64>(at(columns, k), column + q)
  }
}

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

export function loneMultiply(out: usize, x: usize, y: usize): void {
  if (isPair) {
    multiplyPairs(out, x, y)
  } else {
    multiplyColumns(x, y, false)
    reduce(out)
  }
}

export function loneSquare(x: usize, times: i32): void {
  for (let i = 0; i < times; i++) {
    if (isPair) {
      squarePair(x)
    } else {
      squareColumns(x)
      reduce(x)
    }
  }
}

function lookUpAll(out: usize, table: usize, entries: i32, digit: i64): void {
  const wanted = i64x2.splat(digit)
  const size = elementBytes()
  for (let i: usize = 0; i < size; i += 16) {
    let found = i64x2.splat(0)
    let index = i64x2.splat(0)
    let entry = table + i
    for (let e = 0; e < entries; e++) {
      found = v128.or(found, v128.and(v128.load(entry), i64x2.eq(index, wanted)))
      index = i64x2.add(index, i64x2.splat(1))
      entry += size
    }
    v128.store(out + i, found)
  }
}

/** Follows a schedule; see fma.ts. The fifth word of a step belongs to a second lane and is not read here. */
export function loneRun(x: usize, steps: usize, count: i32, picked: usize, secret: bool): void {
  for (let i = 0; i < count; i++) {
    const step = steps + <usize>i * 20
    const target = i == 0 ? x : picked
    if (i != 0) loneSquare(x, load<i32>(step))
    const table = <usize>load<u32>(step, 4)
    const digit = load<u32>(step, 12)
    if (secret) lookUpAll(target, table, load<i32>(step, 8), digit)
    else memory.copy(target, table + <usize>digit * elementBytes(), elementBytes())
    if (i != 0) loneMultiply(x, x, picked)
  }
}
