import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Arithmetic, Modulus, Product, Term } from '../../integers/arithmetic.ts'
import { bytesToInteger } from '../../integers/bytes.ts'
import { loadKernel } from '../../integers/load.node.ts'
import { referenceArithmetic } from '../../integers/reference.ts'
import { wasmArithmetic } from '../../integers/wasm.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'

const lengths = [2, 3, 8, 27, 28, 29, 50, 51, 52, 56, 64, 101, 102, 103, 256, 511, 1024, 2048, 4096]
/** Primes of 521 and 607 bits. */
const mersenne: readonly [bigint, bigint] = [(1n << 521n) - 1n, (1n << 607n) - 1n]

const kernels = [
  ['relaxed-simd', wasmArithmetic(await loadKernel('relaxed-simd'))],
  ['portable', wasmArithmetic(await loadKernel('portable'))],
] as const

for (const [name, arithmetic] of kernels) {
  describe(`${name} kernel against the reference`, () => {
    for (const bits of lengths) {
      test(`${bits} bits: random, extreme, secret and fixed terms`, async () => {
        const draw = drawing(`${name} ${bits}`)
        for (const value of moduli(bits, draw)) {
          const exponentBits = bits > 1000 ? 80 : 300
          const bases = extremes(value, draw)
          const single = bases.map((base) => [{ base, exponent: draw(exponentBits) }])
          const secret = bases.map((base) => [{ base, exponent: draw(100), secretBits: 100 }])
          const tiny = [0n, 1n, 2n, 3n, 31n, 32n, 33n].map((exponent) => [{ base: draw(bits), exponent }])
          await agree(arithmetic, { value }, [...single, ...secret, ...tiny, [], ...mixtures(bits, draw)])
        }
      })
    }

    for (const bits of lengths.filter((bits) => bits <= 2048)) {
      test(`the square of ${bits} bits: random, extreme, secret and fixed terms`, async () => {
        const draw = drawing(`${name} square ${bits}`)
        for (const root of moduli(bits, draw)) {
          const value = root * root
          const exponentBits = bits > 500 ? 80 : 300
          const ofRoot = [root, value - root, value - 1n, root * (root - 1n), root * draw(bits) + 1n, value - root - 1n]
          const bases = [...extremes(root, draw), ...ofRoot, draw(2 * bits)]
          const single = bases.map((base) => [{ base, exponent: draw(exponentBits) }])
          const secret = bases.map((base) => [{ base, exponent: draw(100), secretBits: 100, uses: 3 }])
          const alone: Product[] = [[{ base: draw(2 * bits), exponent: draw(exponentBits) }]]
          await agree(arithmetic, { value, root }, [...single, ...secret, [], ...mixtures(2 * bits, draw)])
          await agree(arithmetic, { value, root }, alone)
        }
      })
    }

    test('one public exponent for all, with zeros at its end and alone', async () => {
      const draw = drawing(`${name} same`)
      const value = draw(512) | (1n << 511n) | 1n
      for (const exponent of [0n, 1n, 6n, 1n << 300n, draw(400) << 9n, (1n << 400n) - 1n]) {
        const terms = Array.from({ length: 5 }, (): Product => [{ base: draw(512), exponent }])
        const pairs = terms.map((product): Product => [...product, { base: draw(512), exponent: exponent >> 3n }])
        await agree(arithmetic, { value }, [...terms, ...pairs])
      }
    })

    test('exponents far longer than the modulus', async () => {
      const draw = drawing(`${name} long`)
      const value = draw(256) | (1n << 255n) | 1n
      await agree(arithmetic, { value }, [
        [{ base: draw(256), exponent: draw(9000) }],
        [{ base: 5n, exponent: 1n << 4864n }],
      ])
    })

    test('known factors, to both powers, and bases that share one', async () => {
      const draw = drawing(`${name} factors`)
      for (const primes of [[3n, 5n], [7n, 3n], [65_537n, (1n << 61n) - 1n], mersenne] as const) {
        for (const power of [1, 2] as const) {
          const n = primes[0] * primes[1]
          const modulus: Modulus = { value: n ** BigInt(power), factors: { primes, power } }
          const bases = [0n, 1n, primes[0], primes[1] * 6n, n, n + 1n, modulus.value - 1n, draw(1300), draw(1300)]
          const exponents = [0n, 1n, 2n, primes[0], n, (primes[0] - 1n) * (primes[1] - 1n), draw(700)]
          const batch = bases.flatMap((base) =>
            exponents.flatMap((exponent): Product[] => [
              [{ base, exponent }],
              [
                { base, exponent, secretBits: 2300 },
                { base: 2n, exponent: 77n },
              ],
            ]),
          )
          await agree(arithmetic, modulus, batch)
        }
      }
    })

    test('one base in a large batch, public and secret, with and without factors', async () => {
      const draw = drawing(`${name} fixed`)
      const value = mersenne[0] * mersenne[1]
      const [g, h] = [draw(1128), draw(1128)]
      for (const modulus of [{ value }, { value, factors: { primes: mersenne, power: 1 } }] satisfies Modulus[]) {
        for (const secretBits of [undefined, 1500]) {
          const bound = secretBits === undefined ? {} : { secretBits }
          const batch = Array.from({ length: 40 }, (_, i): Product => {
            const first: Term = { base: g, exponent: i === 0 ? 0n : draw(i === 1 ? 1500 : 1128), uses: 20, ...bound }
            const second: Term = { base: h, exponent: draw(700), uses: 20, ...bound }
            const third: Term = { base: draw(1128), exponent: draw(256) }
            return [[first], [first, second], [first, second, third], [first, third]][i % 4] ?? []
          })
          await agree(arithmetic, modulus, batch)
          await agree(arithmetic, modulus, [[{ base: g, exponent: draw(2900), uses: 20 }]])
          await agree(arithmetic, modulus, [[{ base: primeMultiple(modulus), exponent: draw(900), uses: 20 }]])
        }
      }
    })

    test('results do not depend on how a batch is cut', async () => {
      const draw = drawing(`${name} cut`)
      const value = draw(512) | (1n << 511n) | 1n
      const batch = Array.from({ length: 7 }, () => mixtures(512, draw)).flat()
      const whole = await arithmetic.products({ value }, batch)
      const parts = await Promise.all(batch.map((entry) => arithmetic.products({ value }, [entry])))
      assert.deepEqual(parts.flat(), whole)
    })
  })

  test(`${name} kernel refuses what is outside the contract`, async () => {
    const one: Product[] = [[{ base: 2n, exponent: 1n }]]
    const refusals: [Modulus, readonly Product[]][] = [
      [{ value: 1n }, one],
      [{ value: 10n }, one],
      [{ value: -7n }, one],
      [{ value: (1n << 4096n) + 1n }, one],
      [{ value: 15n, root: 4n }, one],
      [{ value: 9n, root: -3n }, one],
      [{ value: 15n, factors: { primes: [3n, 7n], power: 1 } }, one],
      [{ value: 15n, factors: { primes: [3n, 5n], power: 2 } }, one],
      [{ value: 9n, factors: { primes: [3n, 3n], power: 1 } }, one],
      [{ value: 15n, factors: { primes: [1n, 15n], power: 1 } }, one],
      [{ value: 15n }, [[{ base: 2n, exponent: -1n }]]],
      [{ value: 15n }, [[{ base: 2n, exponent: 8n, secretBits: 3 }]]],
      [{ value: 15n }, [[{ base: 2n, exponent: 1n << 70_000n }]]],
    ]
    for (const [modulus, batch] of refusals) {
      await assert.rejects(arithmetic.products(modulus, batch), RangeError)
      await assert.rejects(referenceArithmetic.products(modulus, batch), RangeError)
    }
  })

  test(`${name} kernel counts right once it has dropped tables that took too much memory`, async () => {
    const draw = drawing(`${name} full`)
    const little = wasmArithmetic(await loadKernel(name), 2 ** 20)
    for (let at = 0; at < 4; at += 1) {
      const [base, value] = [draw(1024), draw(1024) | (1n << 1023n) | 1n]
      const fixed = Array.from({ length: 30 }, (): Product => [{ base, exponent: draw(200), uses: 1000 }])
      await agree(little, { value }, [...fixed, [{ base, exponent: draw(200), secretBits: 200 }]])
      await agree(little, { value: value * value, root: value }, [[{ base, exponent: draw(200) }]])
    }
  })

  test(`${name} kernel is of no use once erased`, async () => {
    const erased = wasmArithmetic(await loadKernel(name))
    erased.erase()
    await assert.rejects(erased.products({ value: 15n }, []), /erased/)
  })
}

async function agree(arithmetic: Arithmetic, modulus: Modulus, batch: readonly Product[]): Promise<void> {
  const [ours, expected] = await Promise.all([
    arithmetic.products(modulus, batch),
    referenceArithmetic.products(modulus, batch),
  ])
  ours.forEach((value, i) => {
    if (value !== expected[i]) assert.fail(`${describeEntry(batch[i] ?? [])} mod ${modulus.value} gave ${value}`)
  })
  assert.equal(ours.length, batch.length)
}

function describeEntry(terms: Product): string {
  return terms
    .map(({ base, exponent, secretBits }) => `${base}^${exponent}${secretBits === undefined ? '' : 's'}`)
    .join(' * ')
}

type Draw = (bits: number) => bigint

function drawing(label: string): Draw {
  const random = seededRandom(label)
  return (bits) => BigInt.asUintN(bits, bytesToInteger(random(Math.ceil(bits / 8))))
}

/** Of exactly so many bits: random, all ones, a single one at the top, alternating limbs. */
function moduli(bits: number, draw: Draw): bigint[] {
  const top = 1n << BigInt(bits - 1)
  return [draw(bits) | top | 1n, 2n * top - 1n, top | 1n, top | (top - (1n << BigInt(bits >> 1))) | 1n].filter(
    (m) => m >= 3n,
  )
}

function extremes(m: bigint, draw: Draw): bigint[] {
  const bits = m.toString(2).length
  const limbEdges = [28n, 51n, 52n].flatMap((edge) => [(1n << edge) - 1n, 1n << edge])
  return [
    0n,
    1n,
    2n,
    m - 1n,
    m,
    m + 1n,
    2n * m - 1n,
    2n * m,
    m >> 1n,
    m * m + 3n,
    draw(bits),
    draw(bits + 60),
    ...limbEdges,
  ]
}

/** Several terms of unlike lengths, some secret. */
function mixtures(bits: number, draw: Draw): Product[] {
  return [
    [
      { base: draw(bits), exponent: draw(90) },
      { base: draw(bits), exponent: draw(7), secretBits: 9 },
    ],
    [
      { base: draw(bits), exponent: draw(5) },
      { base: draw(bits), exponent: draw(120) },
      { base: draw(bits), exponent: 0n },
    ],
    [{ base: draw(bits), exponent: 0n, secretBits: 0 }],
    [
      { base: draw(bits), exponent: 0n, secretBits: 64 },
      { base: draw(bits), exponent: draw(64), uses: 20 },
    ],
  ]
}

function primeMultiple({ factors }: Modulus): bigint {
  return (factors?.primes[0] ?? 1n) * 12n
}
