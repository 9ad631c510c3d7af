/** The representative of x in [0, m), m > 0. */
export function mod(x: bigint, m: bigint): bigint {
  const remainder = x % m
  return remainder < 0n ? remainder + m : remainder
}

/** Never negative; gcd(0, 0) = 0. */
export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/**
 * x^-1 modulo m, in [1, m), m > 1.
 * @throws RangeError if x and m share a factor
 */
export function inverse(x: bigint, m: bigint): bigint {
  let [r0, r1] = [m, mod(x, m)]
  let [s0, s1] = [0n, 1n]
  while (r1 !== 0n) {
    const quotient = r0 / r1
    ;[r0, r1] = [r1, r0 - quotient * r1]
    ;[s0, s1] = [s1, s0 - quotient * s1]
  }
  if (r0 !== 1n) throw new RangeError('not invertible')
  return mod(s0, m)
}

/**
 * The inverses of all of them modulo m for the price of one, and of three products each (Montgomery's trick).
 * @throws RangeError if any shares a factor with m
 */
export function inverses(values: readonly bigint[], m: bigint): bigint[] {
  const before: bigint[] = []
  let product = 1n
  for (const value of values) {
    before.push(product)
    product = mod(product * value, m)
  }
  let rest = inverse(product, m)
  const found = new Array<bigint>(values.length)
  for (let i = values.length - 1; i >= 0; i -= 1) {
    found[i] = mod(rest * (before[i] ?? 1n), m)
    rest = mod(rest * (values[i] ?? 1n), m)
  }
  return found
}

/**
 * The Jacobi symbol (x / n).
 * @throws RangeError unless n is odd and positive
 */
export function jacobi(x: bigint, n: bigint): -1 | 0 | 1 {
  if (n <= 0n || n % 2n === 0n) throw new RangeError('jacobi needs an odd positive modulus')
  let [a, m] = [mod(x, n), n]
  let negative = false
  while (a !== 0n) {
    const twos = trailingZeros(a)
    a >>= BigInt(twos)
    const m8 = m & 7n
    if (twos % 2 === 1 && (m8 === 3n || m8 === 5n)) negative = !negative // (2/m)
    if ((a & m & 3n) === 3n) negative = !negative // reciprocity
    ;[a, m] = [m % a, a]
  }
  if (m !== 1n) return 0
  return negative ? -1 : 1
}

/** How often 2 divides x, x != 0. */
export function trailingZeros(x: bigint): number {
  let count = 0
  for (let rest = x; ; rest >>= 32n) {
    const low = Number(rest & 0xffffffffn)
    if (low !== 0) return count + 31 - Math.clz32(low & -low)
    count += 32
  }
}

/** Length of |x| in bits; 0 for 0. */
export function bitLength(x: bigint): number {
  if (x === 0n) return 0
  const hex = (x < 0n ? -x : x).toString(16)
  return 4 * (hex.length - 1) + 32 - Math.clz32(parseInt(hex.charAt(0), 16))
}

/** The largest r with r^2 <= x, x >= 0. Newton's iteration from above. */
export function floorSqrt(x: bigint): bigint {
  if (x < 0n) throw new RangeError('square root of a negative integer')
  if (x < 2n) return x
  let root = 1n << BigInt((bitLength(x) + 1) >> 1)
  for (;;) {
    const next = (root + x / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** Odd and of exactly 2048 bits: what N and Ñ of every party must be before anything is computed modulo them. */
export function isModulus2048(n: bigint): boolean {
  return n % 2n === 1n && n > 0n && bitLength(n) === 2048
}
