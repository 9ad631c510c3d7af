import { decryptSigned, gammaPower, invertibleCiphertext, modulusNSquared, nthPower } from '../crypto/paillier.ts'
import { generator, multiplySecret, order, type Point } from '../curve/point.ts'
import { randomScalar } from '../curve/scalar.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { mod } from '../integers/numberTheory.ts'
import { randomSigned, randomUnit } from '../integers/sampling.ts'
import { type Invertible, secretSignedPower } from '../integers/signed.ts'
import { type AffineGroupStatement, type AffineGroupWitness, proveAffineGroup } from '../proofs/affineGroup.ts'
import { proveEncElGamal } from '../proofs/encElGamal.ts'
import { bits, hidden, limitOf } from '../proofs/presigning.ts'
import type { Tools } from '../proofs/proof.ts'
import type { RandomSource } from '../random.ts'
import { type HeldSecrets, Secret } from '../secret.ts'
import type { Encrypted, RangeProofs } from './presignMessages.ts'
import type { PresignPeer, PresignSession, ProofName } from './presignSession.ts'

/** What a party draws for one slot. */
export interface Nonces {
  readonly k: Secret<bigint>
  readonly γ: Secret<bigint>
  readonly a: Secret<bigint>
  readonly b: Secret<bigint>
  /** Y_i = y·G */
  readonly y: Secret<bigint>
  /** Of K_i and of G_i. */
  readonly ρ: Secret<bigint>
  readonly ν: Secret<bigint>
}

export function drawNonces({ own }: PresignSession, random: RandomSource, held: HeldSecrets): Nonces {
  const scalar = () => new Secret(randomScalar(random))
  const unit = () => new Secret(randomUnit(random, own.paillier.n))
  const nonces = { k: scalar(), γ: scalar(), a: scalar(), b: scalar(), y: scalar(), ρ: unit(), ν: unit() }
  held.add(...Object.values(nonces))
  return nonces
}

/** c(x): the representative in ±(q-1)/2 (CGGMP24 2). */
export function centered(x: bigint): bigint {
  return x - order * BigInt(x > order / 2n)
}

/** K_i, G_i and the two ElGamal ciphertexts under Y_i (CGGMP24 3, round 1). */
export async function encryptNonces(
  { own: { paillier } }: PresignSession,
  { k, γ, a, b, y, ρ, ν }: Nonces,
  arithmetic: Arithmetic,
): Promise<Encrypted> {
  const [ρN = 0n, νN = 0n] = await arithmetic.products(modulusNSquared(paillier), [
    [nthPower(paillier, ρ.reveal())],
    [nthPower(paillier, ν.reveal())],
  ])
  const encrypted = (m: bigint, power: bigint) => mod(gammaPower(paillier, centered(m)) * power, paillier.n ** 2n)
  const Y = multiplySecret(generator, y.reveal())
  return {
    K: encrypted(k.reveal(), ρN),
    G: encrypted(γ.reveal(), νN),
    Y,
    A1: multiplySecret(generator, a.reveal()),
    A2: hidden(k.reveal(), a.reveal(), Y, y.reveal()),
    B1: multiplySecret(generator, b.reveal()),
    B2: hidden(γ.reveal(), b.reveal(), Y, y.reveal()),
  }
}

/** ψ0 and ψ1 for one peer. */
export async function proveRanges(
  session: PresignSession,
  slot: number,
  { k, γ, a, b, y, ρ, ν }: Nonces,
  { K, G, Y, A1, A2, B1, B2 }: Encrypted,
  { seat, ring }: PresignPeer,
  tools: Tools,
): Promise<RangeProofs> {
  const shared = { prover: session.own.paillier, A: Y, verifier: ring, uses: session.uses }
  const state = (proof: ProofName) => session.state(slot, proof, session.seat, seat)
  const [ofK, ofG] = await Promise.all([
    proveEncElGamal(
      { ...shared, C: K, B: A1, X: A2, state: state('enc-k') },
      { x: centered(k.reveal()), ρ: ρ.reveal(), b: a.reveal(), logOfA: y.reveal() },
      tools,
    ),
    proveEncElGamal(
      { ...shared, C: G, B: B1, X: B2, state: state('enc-gamma') },
      { x: centered(γ.reveal()), ρ: ν.reveal(), b: b.reveal(), logOfA: y.reveal() },
      tools,
    ),
  ])
  return { ofK, ofG }
}

/** What multiplies a peer's K_j: γ_i, shown as Γ_i, or x'_i, shown as X'_i. */
export interface Factor {
  readonly name: 'gamma' | 'x'
  readonly value: Secret<bigint>
  readonly point: Point
}

/** What masks a product; β = -y stays here. */
export interface ProductMask {
  readonly y: Secret<bigint>
  /** Nonces of D and of F. */
  readonly s: Secret<bigint>
  readonly r: Secret<bigint>
}

export function drawMask(
  { own }: PresignSession,
  { paillier }: PresignPeer,
  random: RandomSource,
  held: HeldSecrets,
): ProductMask {
  const mask = {
    y: new Secret(randomSigned(random, limitOf(bits.lPrime))),
    s: new Secret(randomUnit(random, paillier.n)),
    r: new Secret(randomUnit(random, own.paillier.n)),
  }
  held.add(...Object.values(mask))
  return mask
}

/** A product made for a peer, and what it was made of. */
export interface OwnProduct {
  readonly D: bigint
  readonly F: bigint
  readonly K: Invertible
  readonly mask: ProductMask
}

/** D = K_j^x·enc_j(y; s), F = enc_i(y; r) (CGGMP24 3, round 2). */
export async function multiply(
  { own }: PresignSession,
  { paillier }: PresignPeer,
  factor: Secret<bigint>,
  K: Invertible,
  mask: ProductMask,
  arithmetic: Arithmetic,
): Promise<OwnProduct> {
  const y = mask.y.reveal()
  const xK = secretSignedPower(K, centered(factor.reveal()), bits.l)
  const [[product = 0n], [rN = 0n]] = await Promise.all([
    arithmetic.products(modulusNSquared(paillier), [[xK, nthPower(paillier, mask.s.reveal())]]),
    arithmetic.products(modulusNSquared(own.paillier), [[nthPower(own.paillier, mask.r.reveal())]]),
  ])
  return {
    D: mod(gammaPower(paillier, y) * product, paillier.n ** 2n),
    F: mod(gammaPower(own.paillier, y) * rN, own.paillier.n ** 2n),
    K,
    mask,
  }
}

export function invertibleK({ paillier }: PresignPeer, K: bigint): Invertible {
  return invertibleCiphertext(paillier, K)
}

/** Statement and witness of the product, without a verifier: aff-g adds one, aff-g* does not. */
export function productStatement(
  session: PresignSession,
  { paillier }: PresignPeer,
  factor: Factor,
  { D, F, K, mask }: OwnProduct,
): { readonly statement: Omit<AffineGroupStatement, 'verifier' | 'state'>; readonly witness: AffineGroupWitness } {
  return {
    statement: {
      receiver: paillier,
      prover: session.own.paillier,
      C: K.value,
      inverseOfC: K.inverse,
      D,
      Y: F,
      X: factor.point,
    },
    witness: {
      x: centered(factor.value.reveal()),
      y: mask.y.reveal(),
      ρ: mask.s.reveal(),
      ρ_y: mask.r.reveal(),
    },
  }
}

/** ψ or ψ̂ for one peer. */
export async function proveProduct(
  session: PresignSession,
  slot: number,
  peer: PresignPeer,
  factor: Factor,
  product: OwnProduct,
  tools: Tools,
) {
  const { statement, witness } = productStatement(session, peer, factor, product)
  const state = session.state(slot, `aff-${factor.name}`, session.seat, peer.seat)
  return proveAffineGroup({ ...statement, verifier: peer.ring, uses: session.uses, state }, witness, tools)
}

/** Σ(α + β) over the peers: what D of each of them decrypts to, less what masks our products for them. */
export async function sumOfShares(
  { own }: PresignSession,
  received: readonly bigint[],
  made: readonly OwnProduct[],
  arithmetic: Arithmetic,
): Promise<bigint> {
  const α = await Promise.all(received.map((D) => decryptSigned(own.paillier, D, arithmetic)))
  const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n)
  return sum(α) - sum(made.map(({ mask }) => mask.y.reveal()))
}
