import { readFileSync } from 'node:fs'
import type { Arithmetic, Modulus, Product } from '../integers/arithmetic.ts'

/** Square and multiply on BigInt, nothing else: what the proofs' own tests count with. */
export const plainArithmetic: Arithmetic = {
  products: (modulus: Modulus, batch: readonly Product[]) =>
    Promise.resolve(
      batch.map((product) =>
        product.reduce(
          (value, { base, exponent }) => (value * power(base, exponent, modulus.value)) % modulus.value,
          1n,
        ),
      ),
    ),
  erase: () => undefined,
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (exponent < 0n) throw new RangeError('negative exponent')
  let result = 1n
  let square = ((base % modulus) + modulus) % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

export interface SaveData {
  readonly PaillierSK: {
    readonly N: bigint
    readonly LambdaN: bigint
    readonly PhiN: bigint
    readonly P: bigint
    readonly Q: bigint
  }
  readonly NTildei: bigint
  readonly H1i: bigint
  readonly H2i: bigint
  readonly Alpha: bigint
  readonly Beta: bigint
  readonly P: bigint
  readonly Q: bigint
  readonly Xi: bigint
  readonly ShareID: bigint
  readonly Ks: readonly bigint[]
  readonly NTildej: readonly bigint[]
  readonly H1j: readonly bigint[]
  readonly H2j: readonly bigint[]
  readonly BigXj: readonly { readonly Coords: readonly [bigint, bigint] }[]
  readonly PaillierPKs: readonly { readonly N: bigint }[]
  readonly ECDSAPub: { readonly Coords: readonly [bigint, bigint] }
}

/** tss-lib's own fixture of party `index` (0..4), its bare 617-digit numbers kept whole. Independent of the product's parser. */
export function saveData(index: number): SaveData {
  const text = readFileSync(new URL(`fixtures/tss-lib/keygen_data_${index}.json`, import.meta.url), 'utf8')
  const quoted = text.replace(/(?<=[[:,\s])\d+(?=[\],}\s])/g, '"$&"')
  return JSON.parse(quoted, (_, value: unknown) =>
    typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value,
  ) as SaveData
}
