import type { RandomSource } from '../random.ts'
import { bytesToInteger } from './bytes.ts'
import type { Kernel } from './kernel.ts'
import { Machine } from './machine.ts'
import { isProbablePrime } from './primality.ts'
import { wasmArithmetic } from './wasm.ts'

export interface SafePrimeSearch {
  /** Length of the prime, 64 to 2048. Its two top bits are set, so that a product of two has exactly twice the length. */
  readonly bits: number
  readonly kernel: Kernel
  readonly random: RandomSource
  readonly onProgress?: (progress: SearchProgress) => void
  /** Asked several times a second. */
  readonly shouldStop?: () => boolean
}

/** A search has no memory: after any number of tests, 1 / chancePerTest more are expected. */
export interface SearchProgress {
  /** Candidates that survived the sieve and were tested. */
  readonly tested: number
  readonly perSecond: number
  /** That one tested candidate ends the search, by the conjectured density of such primes. */
  readonly chancePerTest: number
}

/** Candidates per random start. About one safe prime of 1024 bits is expected in so many. */
const windowLength = 65_536
/** Candidates are 5 mod 6: odd, and neither they nor twice them plus one divisible by 3. */
const spacing = 6
/** Sieving further costs more than the tests it saves, at 1024 bits. */
const sieveLimit = 1 << 20
/** Each passes a composite with probability below 1/4; every prime gets them after it was proven or nearly so. */
const finalRounds = 30
/** Leaves the event loop alone for this long at most, about. */
const sliceMs = 40

/**
 * A safe prime p = 2q + 1 (WIRE 4.8). Windows of candidates with random starts are sieved for q and p together;
 * survivors q take a Fermat test to the base 2; then 2^(2q) = 1 mod p proves p prime if q is (Pocklington, as 3 does
 * not divide p), and both take `finalRounds` rounds of Miller-Rabin with random bases.
 *
 * Within a window a candidate is the likelier the larger the gap below it: of no use to anybody, as tss-lib's own
 * stepping has the same property and windows cover a 2^-1000th part of the range.
 * @throws RangeError on a length out of range
 * @throws DOMException named AbortError once `shouldStop` says so
 */
export async function findSafePrime(search: SafePrimeSearch): Promise<bigint> {
  const { bits, kernel, random } = search
  if (!Number.isInteger(bits) || bits < 64 || bits > 2048) throw new RangeError('safe primes have 64 to 2048 bits')
  const machine = new Machine(kernel)
  const arithmetic = wasmArithmetic(kernel)
  const sieve = sieveFor(bits)
  const pause = pacer(search, sieve.chancePerTest)
  try {
    for (;;) {
      const start = windowStart(bits, random)
      const survivors = survivorsOf(start, sieve.primes)
      for (let at = 0; at < survivors.length; at += machine.lanes) {
        const candidates = survivors.slice(at, at + machine.lanes).map((index) => start + BigInt(spacing * index))
        await pause(candidates.length)
        for (const q of passing(machine, candidates, (n) => n - 1n)) {
          const p = 2n * q + 1n
          if (p >> BigInt(bits) !== 0n || passing(machine, [p], (n) => n - 1n).length === 0) continue
          if (await isProbablePrime(q, finalRounds, { arithmetic, random })) {
            if (await isProbablePrime(p, finalRounds, { arithmetic, random })) return p
          }
        }
      }
    }
  } finally {
    machine.erase()
    arithmetic.erase()
  }
}

/** The candidates n with 2^(n-1) = 1 mod n. At most one per lane; idle lanes repeat the first. */
function passing(machine: Machine, candidates: readonly bigint[], exponent: (n: bigint) => bigint): bigint[] {
  const moduli = Array.from({ length: machine.lanes }, (_, lane) => candidates[lane] ?? candidates[0] ?? 3n)
  return machine.scoped(() => {
    const context = machine.context(moduli)
    const bits = Math.max(...moduli.map((modulus) => modulus.toString(2).length))
    const powers = machine.powerOfTwo(context, moduli.map(exponent), bits)
    return candidates.filter((_, lane) => powers[lane] === 1n)
  })
}

/** Random, of bits - 1 bits with the two top bits set, 5 mod 6. */
function windowStart(bits: number, random: RandomSource): bigint {
  const bytes = random(Math.ceil(bits / 8))
  const drawn = BigInt.asUintN(bits - 3, bytesToInteger(bytes)) + (3n << BigInt(bits - 3))
  bytes.fill(0)
  return drawn + ((11n - (drawn % 6n)) % 6n)
}

/** Indices of the candidates q = start + 6 i of a window where neither q nor 2q + 1 has a factor among the primes. */
function survivorsOf(start: bigint, primes: Uint32Array): number[] {
  const struck = new Uint8Array(windowLength)
  const limbs = limbsOf(start)
  for (const r of primes) {
    const remainder = remainderOf(limbs, r)
    // 1/6 mod r: r = 6k + 1 gives -k, r = 6k + 5 gives k + 1.
    const sixth = r % 6 === 1 ? r - (r - 1) / 6 : (r + 1) / 6
    const q0 = ((r - remainder) * sixth) % r
    const p0 = (((r - 1) / 2 + r - remainder) * sixth) % r
    for (let i = q0; i < windowLength; i += r) struck[i] = 1
    for (let i = p0; i < windowLength; i += r) struck[i] = 1
  }
  limbs.fill(0)
  const survivors: number[] = []
  struck.forEach((isStruck, index) => {
    if (isStruck === 0) survivors.push(index)
  })
  return survivors
}

const limbBits = 24

/** Digits of 24 bits, most significant first. */
function limbsOf(x: bigint): Float64Array {
  const digits: number[] = []
  for (let rest = x; rest > 0n; rest >>= BigInt(limbBits)) digits.push(Number(BigInt.asUintN(limbBits, rest)))
  return new Float64Array(digits.reverse())
}

/** x mod r for r below 2^24: every intermediate value is an exact double. */
function remainderOf(limbs: Float64Array, r: number): number {
  const inverse = 1 / r
  let remainder = 0
  for (const limb of limbs) {
    const value = remainder * 2 ** limbBits + limb
    remainder = value - Math.floor(value * inverse) * r
    if (remainder < 0) remainder += r
    else if (remainder >= r) remainder -= r
  }
  return remainder
}

interface Sieve {
  readonly primes: Uint32Array
  readonly chancePerTest: number
}

function sieveFor(bits: number): Sieve {
  const primes = primesFrom5(sieveLimit)
  const surviving = primes.reduce((fraction, r) => fraction * (1 - 2 / r), 1)
  // Hardy and Littlewood: q and 2q + 1 are both prime for about 1.32 / (ln q ln 2q) of all integers q.
  const density = 1.320323632 / (bits * Math.LN2) ** 2
  return { primes, chancePerTest: Math.min(1, (density * spacing) / surviving) }
}

let knownPrimes: Uint32Array | undefined

function primesFrom5(limit: number): Uint32Array {
  if (knownPrimes !== undefined) return knownPrimes
  const composite = new Uint8Array(limit)
  for (let r = 2; r * r < limit; r++) {
    if (composite[r] === 0) for (let multiple = r * r; multiple < limit; multiple += r) composite[multiple] = 1
  }
  knownPrimes = new Uint32Array(Array.from(composite.keys()).filter((r) => r >= 5 && composite[r] === 0))
  return knownPrimes
}

/** Counts tests; now and then reports, lets other work run, and stops when told to. */
function pacer({ onProgress, shouldStop }: SafePrimeSearch, chancePerTest: number): (tests: number) => Promise<void> {
  const begun = performance.now()
  let last = begun
  let tested = 0
  return async (tests) => {
    tested += tests
    const now = performance.now()
    if (now - last < sliceMs) return
    onProgress?.({ tested, perSecond: (1000 * tested) / (now - begun), chancePerTest })
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (shouldStop?.() === true) throw new DOMException('the search was stopped', 'AbortError')
    last = performance.now()
  }
}
