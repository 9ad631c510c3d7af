import type { Secret } from '../secret.ts'

/** N, 2048 bits. Γ = N + 1 (WIRE 4.6). */
export interface PaillierPublicKey {
  readonly n: bigint
}

export interface PaillierPrivateKey extends PaillierPublicKey {
  /** The two safe primes, N = p·q. */
  readonly primes: Secret<readonly [p: bigint, q: bigint]>
}

/** A party's auxiliary modulus and bases, under which others commit to it (WIRE 4.8). */
export interface RingPedersen {
  readonly nTilde: bigint
  readonly h1: bigint
  readonly h2: bigint
}

export interface RingPedersenPrivate extends RingPedersen {
  /** Sophie Germain halves: Ñ = (2p̂+1)(2q̂+1); saved as top-level P and Q by tss-lib. */
  readonly halves: Secret<readonly [p: bigint, q: bigint]>
  /** h2 = h1^alpha, h1 = h2^beta */
  readonly alpha: Secret<bigint>
  readonly beta: Secret<bigint>
}

/** Made ahead of time, used for one key (WIRE 4.8). */
export interface PreParameters {
  readonly paillier: PaillierPrivateKey
  readonly ringPedersen: RingPedersenPrivate
}

export function secretsOfPreParameters({ paillier, ringPedersen }: PreParameters): readonly Secret<unknown>[] {
  return [paillier.primes, ringPedersen.halves, ringPedersen.alpha, ringPedersen.beta]
}
