import { decrypt, encrypt, gammaPower, isCiphertext, modulusNSquared, nthPower } from '../crypto/paillier.ts'
import type { PaillierPrivateKey, PaillierPublicKey, RingPedersen, RingPedersenPrivate } from '../crypto/types.ts'
import type { Point } from '../curve/point.ts'
import { order } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import { mod } from '../integers/numberTheory.ts'
import { randomBelow, randomUnit } from '../integers/sampling.ts'
import type { AliceRangeProof } from './aliceRange.ts'
import { proveAliceRange } from './aliceRange.ts'
import type { BobMtaCheckedProof, BobMtaProof } from './bobMta.ts'
import { proveBobMta, proveBobMtaChecked, verifyBobMta, verifyBobMtaChecked } from './bobMta.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import type { Flaw, Tools } from './proof.ts'

/**
 * Multiplicative to additive shares (WIRE 4.15): Alice has a, Bob has b; they end with α and β, α + β = a·b mod q.
 * Bob verifies Alice's proof (`verifyAliceRange`) once before he answers, however many answers he gives on one c_A.
 */
export interface AliceOffer {
  readonly ciphertext: bigint
  readonly proof: AliceRangeProof
}

/** Alice encrypts a afresh for each Bob, and shows under his Ñ that it is small. */
export async function offerMta(
  { alice, bob, a }: { readonly alice: PaillierPrivateKey; readonly bob: RingPedersen; readonly a: bigint },
  tools: Tools,
): Promise<AliceOffer> {
  const r = randomUnit(tools.random, alice.n)
  const ciphertext = await encrypt(alice, { m: a, x: r }, tools.arithmetic)
  const proof = await proveAliceRange({ alice, ciphertext, verifier: bob }, { m: a, r }, tools)
  return { ciphertext, proof }
}

/** What both know when Bob answers. */
export interface MtaExchange {
  readonly alice: PaillierPublicKey | PaillierPrivateKey
  /** Alice's Ñ, h1, h2 */
  readonly verifier: RingPedersen | RingPedersenPrivate
  /** c_A */
  readonly offered: bigint
  /** ctx(Bob) */
  readonly context: Uint8Array
}

export interface BobAnswer<Proof> {
  /** c_B */
  readonly ciphertext: bigint
  readonly proof: Proof
  /** β, Bob's own share. Secret, stays with him. */
  readonly share: bigint
}

/** Bob multiplies Alice's ciphertext by b and masks the product. Her proof must have been verified. */
export async function answerMta(exchange: MtaExchange, b: bigint, tools: Tools): Promise<BobAnswer<BobMtaProof>> {
  const { c2, witness } = await multiplyAndMask(exchange, b, tools)
  const proof = await proveBobMta({ ...exchange, c1: exchange.offered, c2 }, witness, tools)
  return { ciphertext: c2, proof, share: reduceScalar(-witness.y) }
}

/** The same, showing also that b is the discrete logarithm of `point`. */
export async function answerMtaChecked(
  exchange: MtaExchange & { readonly point: Point },
  b: bigint,
  tools: Tools,
): Promise<BobAnswer<BobMtaCheckedProof>> {
  const { c2, witness } = await multiplyAndMask(exchange, b, tools)
  const proof = await proveBobMtaChecked({ ...exchange, c1: exchange.offered, c2 }, witness, tools)
  return { ciphertext: c2, proof, share: reduceScalar(-witness.y) }
}

/** c_B = c_A^b·Γ^β'·x^N mod N^2 with β' = rand[0, q^5) */
async function multiplyAndMask({ alice, offered }: MtaExchange, b: bigint, { arithmetic, random }: Tools) {
  if (!isCiphertext(alice, offered)) throw new RangeError('not a ciphertext')
  const y = randomBelow(random, order ** 5n)
  const r = randomUnit(random, alice.n)
  const [power = 0n] = await arithmetic.products(modulusNSquared(alice), [
    [{ base: offered, exponent: b, secretBits: 256 }, nthPower(alice, r)],
  ])
  return { c2: mod(gammaPower(alice, y) * power, alice.n ** 2n), witness: { x: b, y, r } }
}

/** Alice's share, or what is wrong with Bob's answer. */
export type MtaResult = { readonly share: bigint } | { readonly flaw: string }

/** Alice verifies the answer under her own keys and the c_A she sent to this Bob, and decrypts her share α. */
export async function finishMta(
  exchange: MtaExchange & { readonly alice: PaillierPrivateKey },
  { ciphertext, proof }: Omit<BobAnswer<BobMtaProof>, 'share'>,
  arithmetic: Arithmetic,
): Promise<MtaResult> {
  const flaw = await verifyBobMta({ ...exchange, c1: exchange.offered, c2: ciphertext }, proof, arithmetic)
  return decryptUnless(flaw, exchange.alice, ciphertext, arithmetic)
}

export async function finishMtaChecked(
  exchange: MtaExchange & { readonly alice: PaillierPrivateKey; readonly point: Point },
  { ciphertext, proof }: Omit<BobAnswer<BobMtaCheckedProof>, 'share'>,
  arithmetic: Arithmetic,
): Promise<MtaResult> {
  const flaw = await verifyBobMtaChecked({ ...exchange, c1: exchange.offered, c2: ciphertext }, proof, arithmetic)
  return decryptUnless(flaw, exchange.alice, ciphertext, arithmetic)
}

async function decryptUnless(
  flaw: Flaw,
  alice: PaillierPrivateKey,
  ciphertext: bigint,
  arithmetic: Arithmetic,
): Promise<MtaResult> {
  return flaw === undefined ? { share: reduceScalar(await decrypt(alice, ciphertext, arithmetic)) } : { flaw }
}
