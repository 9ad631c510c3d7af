/**
 * The same Montgomery arithmetic as fma.ts for every engine there is: limbs of 28 bits in u32, columns summed in u64,
 * one residue at a time. A column holds at most 148 products below 2^56, so it cannot overflow.
 *
 * The modulus in use is N' = k * N = -1 mod 2^28 and M = (N' + 1) / 2^28, with 2^(28 * limbs) >= 16 N'; see fma.ts.
 */
const mask: u64 = (1 << 28) - 1

export const lanes: i32 = 1
export const limbBits: i32 = 28
export const limbBytes: i32 = 4

let n: i32 = 0
let M: usize = 0
let columns: usize = 0
let quotients: usize = 0
/** Elements are pairs; see `enter`. */
let isPair: bool = false

/** Chooses the modulus: `limbs` is even, `m` points to M, `scratch` to room for 4 * limbs u32. Pairs are those of fma.ts. */
export function enter(limbs: i32, m: usize, scratch: usize, pair: bool): void {
  n = limbs
  isPair = pair
  M = m
  columns = scratch
  quotients = scratch + ((<usize>limbs) << 3)
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

// @ts-ignore: decorator
@inline
function limb(pointer: usize): u64 {
  return load<u32>(pointer)
}

/** columns[0..2n) = x * y in digits of 28 bits, or that added to them. */
function multiplyColumns(x: usize, y: usize, onto: bool): void {
  let carry: u64 = 0
  for (let k = 0; k < n + n; k += 2) {
    const first = max(0, k + 2 - n)
    let low: u64 = 0
    let high: u64 = 0
    let px = at(x, first)
    const end = at(x, min(k, n - 1))
    let py = at(y, k - first)
    let b1 = limb(py + 4)
    if (k < n) high = limb(end + 4) * limb(y)
    else low = limb(at(x, k + 1 - n)) * limb(at(y, n - 1))
    while (px <= end) {
      const a = limb(px)
      const b0 = limb(py)
      low += a * b0
      high += a * b1
      b1 = b0
      px += 4
      py -= 4
    }
    low += carry
    if (onto) {
      low += limb(at(columns, k))
      high += limb(at(columns, k + 1))
    }
    store<u32>(at(columns, k), <u32>(low & mask))
    high += low >> 28
    store<u32>(at(columns, k + 1), <u32>(high & mask))
    carry = high >> 28
  }
}

/** columns[0..2n) = x * x: the products off the diagonal once, doubled. */
function squareColumns(x: usize): void {
  let carry: u64 = 0
  for (let k = 0; k < n + n; k += 2) {
    const half = k >> 1
    const first = max(0, k + 2 - n)
    let low: u64 = 0
    let high: u64 = 0
    let px = at(x, first)
    const end = at(x, half)
    let py = at(x, k - first)
    let b1 = limb(py + 4)
    if (k + 2 < n + n) {
      high = limb(end) * limb(end + 4)
      if (k >= n) low = limb(at(x, k + 1 - n)) * limb(at(x, n - 1))
    }
    while (px < end) {
      const a = limb(px)
      const b0 = limb(py)
      low += a * b0
      high += a * b1
      b1 = b0
      px += 4
      py -= 4
    }
    const diagonal = limb(end)
    low = (low << 1) + diagonal * diagonal + carry
    store<u32>(at(columns, k), <u32>(low & mask))
    high = (high << 1) + (low >> 28)
    store<u32>(at(columns, k + 1), <u32>(high & mask))
    carry = high >> 28
  }
}

/** out = columns / 2^(28 n) mod N', below 2N' for columns below 16N'^2. */
function reduce(out: usize): void {
  let carry: u64 = 0
  for (let k = 0; k < n; k += 2) {
    let low = carry + limb(at(columns, k))
    let high = limb(at(columns, k + 1))
    let px = quotients
    const end = at(quotients, k)
    let py = at(M, k - 1)
    let b1 = limb(py + 4)
    while (px < end) {
      const a = limb(px)
      const b0 = limb(py)
      low += a * b0
      high += a * b1
      b1 = b0
      px += 4
      py -= 4
    }
    const q = low & mask
    store<u32>(end, <u32>q)
    high += q * limb(M) + (low >> 28)
    store<u32>(end + 4, <u32>(high & mask))
    carry = high >> 28
  }
  for (let k = n; k < n + n; k += 2) {
    const first = k + 2 - n
    let b1 = limb(at(M, n - 2))
    let low = carry + limb(at(columns, k)) + limb(at(quotients, first - 1)) * b1
    let high = limb(at(columns, k + 1))
    let px = at(quotients, first)
    const end = at(quotients, n)
    let py = at(M, n - 3)
    while (px < end) {
      const a = limb(px)
      const b0 = limb(py)
      low += a * b0
      high += a * b1
      b1 = b0
      px += 4
      py -= 4
    }
    store<u32>(at(out, k - n), <u32>(low & mask))
    high += low >> 28
    store<u32>(at(out, k + 1 - n), <u32>(high & mask))
    carry = high >> 28
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
