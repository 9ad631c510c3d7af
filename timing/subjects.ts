import { createHash } from 'node:crypto'
import { parseApiKeys } from '../coordinator-stub/rest/apiKeys.ts'
import { createTokens } from '../coordinator-stub/sessions/tokens.ts'
import { sameBytes } from '../tss-wasm/bytes.ts'
import type { Arithmetic, Modulus, Term } from '../tss-wasm/integers/arithmetic.ts'
import { bytesToInteger, integerToFixedBytes } from '../tss-wasm/integers/bytes.ts'
import { invertibleCiphertext } from '../tss-wasm/crypto/paillier.ts'
import { signedCommitments } from '../tss-wasm/crypto/ringPedersen.ts'
import { secretSignedPower } from '../tss-wasm/integers/signed.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import type { PreParameters } from '../tss-wasm/crypto/types.ts'
import type { Kind, Subject } from './rig.ts'

const exponentBytes = 64
const base = 3n ** 1200n

/** Exponents that a leaking exponentiation would treat most unlike random ones, of 512 bits unless they are to be short. */
const unlike = {
  'one bit set': 1n << 511n,
  'all bits set': (1n << 512n) - 1n,
  'the number 3': 3n,
} as const

/** Every way in which a kernel raises to a secret exponent. The modulus is of 2048 bits. */
export function exponentiations(
  kernel: string,
  arithmetic: Arithmetic,
  { paillier }: PreParameters,
  random: RandomSource,
): Subject<bigint>[] {
  const modulus = { value: paillier.n }
  const power = (
    name: string,
    under: Modulus,
    fixed: keyof typeof unlike,
    more: Partial<Term> = {},
  ): Subject<bigint> => ({
    name: `${kernel}: ${name}`,
    fixed,
    prepare: exponents(unlike[fixed], random),
    run: (exponent) => arithmetic.products(under, [[{ base, exponent, secretBits: 8 * exponentBytes, ...more }]]),
  })
  return [
    power('power', modulus, 'one bit set'),
    power('power', modulus, 'all bits set'),
    power('power', modulus, 'the number 3'),
    power('power with a table', modulus, 'one bit set', { uses: 1000 }),
    power(
      'power modulo own primes',
      { ...modulus, factors: { primes: paillier.primes.reveal(), power: 1 } },
      'one bit set',
    ),
  ]
}

/** Both classes as fresh integers from fresh bytes: one that has been used before is nearer to the processor. */
function exponents(fixed: bigint, random: RandomSource): (kind: Kind) => bigint {
  return (kind) => {
    const any = random(exponentBytes)
    any[0] = (any[0] ?? 0) | 0x80
    const chosen = integerToFixedBytes(fixed, exponentBytes)
    return bytesToInteger(kind === 'fixed' ? chosen : any)
  }
}

/** What presigning does with secrets of either sign, and with own keys: a secret of one sign and size against any. */
export function presigning(
  kernel: string,
  arithmetic: Arithmetic,
  { paillier, ringPedersen }: PreParameters,
  random: RandomSource,
): Subject<bigint>[] {
  const limit = 1n << 255n
  const signed = (fixed: bigint) => (kind: Kind) => {
    const any = bytesToInteger(random(32)) - limit
    return kind === 'fixed' ? fixed : any
  }
  const { nTilde, h1, h2 } = ringPedersen
  const others = { nTilde, h1, h2 }
  const b = { value: bytesToInteger(random(256)), limit: limit * nTilde }
  const key = { n: paillier.n }
  const invertible = invertibleCiphertext(key, base)
  const subject = (name: string, fixed: string, value: bigint, run: (x: bigint) => unknown): Subject<bigint> => ({
    name: `${kernel}: ${name}`,
    fixed,
    prepare: signed(value),
    run,
  })
  return [
    subject('commitment to a signed secret', 'minus one', -1n, (value) =>
      signedCommitments(others, [{ a: { value, limit }, b }], arithmetic),
    ),
    subject('commitment to a signed secret', 'the largest', limit - 1n, (value) =>
      signedCommitments(others, [{ a: { value, limit }, b }], arithmetic),
    ),
    subject('ciphertext times a signed secret', 'minus one', -1n, (value) =>
      arithmetic.products({ value: key.n * key.n, root: key.n }, [[secretSignedPower(invertible, value, 256)]]),
    ),
    subject('ciphertext times a signed secret', 'one', 1n, (value) =>
      arithmetic.products({ value: key.n * key.n, root: key.n }, [[secretSignedPower(invertible, value, 256)]]),
    ),
  ]
}

/** Square and multiply, as nobody should: a step more for every bit that is set. */
export function leakingPower(random: RandomSource): Subject<bigint> {
  const modulus = (1n << 521n) - 1n
  return {
    name: 'control: square and multiply',
    fixed: 'one bit set',
    isControl: true,
    prepare: exponents(unlike['one bit set'], random),
    run(exponent) {
      let result = 1n
      for (const bit of exponent.toString(2)) {
        result = (result * result) % modulus
        if (bit === '1') result = (result * base) % modulus
      }
      return result
    },
  }
}

/** One comparison is too short for the clock. */
const times = 50

/** What compares something secret with something that a stranger sends: almost right against random. */
export async function comparisons(random: RandomSource): Promise<Subject<string | Uint8Array>[]> {
  const secret = random(64)
  const almost = secret.slice()
  almost[63] = (almost[63] ?? 0) ^ 1
  const guesses = (kind: Kind): Uint8Array => {
    const any = random(64)
    return kind === 'fixed' ? almost.slice() : any
  }
  const repeated = (compare: (guess: Uint8Array) => unknown) => (guess: string | Uint8Array) => {
    let found = 0
    for (let i = 0; i < times; i += 1) if (compare(guess as Uint8Array) === true) found += 1
    return found
  }
  const key = `qk_${Buffer.from(random(32)).toString('base64url')}`
  const keys = parseApiKeys(`one:${createHash('sha256').update(key).digest('hex')}`, '')
  const tokens = createTokens(random(32))
  const claims = { sessionId: Buffer.from(random(16)).toString('hex'), seat: 2, generation: 0 }
  const now = Date.now()
  const token = await tokens.issue(claims, now + 3_600_000)
  const head = token.slice(0, token.lastIndexOf('.') + 1)
  const mac = Buffer.from(token.slice(head.length), 'base64url')
  mac[31] = (mac[31] ?? 0) ^ 1
  return [
    {
      name: 'control: comparison that stops early',
      fixed: 'wrong in the last byte',
      isControl: true,
      prepare: guesses,
      run: repeated((guess) => secret.every((byte, i) => byte === guess[i])),
    },
    {
      name: 'sameBytes (seat MACs, hashes)',
      fixed: 'wrong in the last byte',
      prepare: guesses,
      run: repeated((guess) => sameBytes(secret, guess)),
    },
    {
      name: 'API key of REST',
      fixed: 'wrong in the last character',
      prepare(kind) {
        const any = `qk_${Buffer.from(random(32)).toString('base64url')}`
        // Put together from parts, a string would be copied when it is first read: in the time that is measured.
        return Buffer.from(kind === 'fixed' ? `${key.slice(0, -1)}#` : any).toString()
      },
      run: (guess) => refusedBy(() => keys.nameOf(guess as string)),
    },
    {
      name: 'join token',
      fixed: 'signature wrong in the last byte',
      prepare(kind) {
        const any = Buffer.from(random(32))
        return Buffer.from(head + (kind === 'fixed' ? mac : any).toString('base64url')).toString()
      },
      run: (guess) => tokens.verify(guess as string, now).catch(() => 'refused'),
    },
  ]
}

function refusedBy(check: () => unknown): boolean {
  try {
    check()
    return false
  } catch {
    return true
  }
}
