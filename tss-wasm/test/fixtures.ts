import { readFileSync } from 'node:fs'
import type { PaillierPrivateKey, RingPedersenPrivate } from '../crypto/types.ts'
import { Secret } from '../secret.ts'

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

/** The fixture's Paillier key, with its primes. */
export function paillierKey({ PaillierSK: { N, P, Q } }: SaveData): PaillierPrivateKey {
  return { n: N, primes: new Secret([P, Q] as const) }
}

/** The fixture's Ñ, h1, h2, with what only their owner knows. */
export function ringPedersen({ NTildei, H1i, H2i, P, Q, Alpha, Beta }: SaveData): RingPedersenPrivate {
  return {
    nTilde: NTildei,
    h1: H1i,
    h2: H2i,
    halves: new Secret([P, Q] as const),
    alpha: new Secret(Alpha),
    beta: new Secret(Beta),
  }
}
