import { decodeAliceRange, encodeAliceRange } from '../proofs/aliceRange.ts'
import { decodeBobMta, decodeBobMtaChecked, encodeBobMta, encodeBobMtaChecked } from '../proofs/bobMta.ts'
import { decodeDln, encodeDln } from '../proofs/dln.ts'
import { decodeMod, encodeMod } from '../proofs/mod.ts'
import { decodeNoSmallFactor, encodeNoSmallFactor } from '../proofs/noSmallFactor.ts'
import { decodePaillierRoot, encodePaillierRoot } from '../proofs/paillierRoot.ts'
import type { Broadcast, Private } from '../round/mailbox.ts'
import { integer, integers, message, proof } from './wire.ts'

/**
 * Every message of keygen, signing and resharing (WIRE 2.2), as tables: field, number, the most bytes an honest party's
 * integer can have, and how often. A round is a message with the way it travels; the arrays at the end are the
 * protocols' tables of contents for `openMailbox`.
 */

const mostSigners = 20

/** Mod N or Ñ. */
const modulus = 256
/** Mod N^2. */
const ciphertext = 512
/** Hashes, scalars, coordinates. */
const scalar = 32
/** 81 bits: the marks of the mod proof. */
const marks = 11

// Bounds of proof 4.11, σ < q·N·Ñ; z < q^3·sqrt(N); w < 2·q^3·Ñ; v < 2·q^3·N·Ñ, and of 4.13/4.14, s1 <= q^3;
// s2 < 2·q^3·Ñ; t1 <= q^7.
const sigma = 544
const z = 224
const w = 353
const v = 609
const s1 = 96
const s2 = 353
const t1 = 224

const times = (count: number, limit: number): readonly number[] => Array<number>(count).fill(limit)

const dln = [1, ...times(128, modulus), 1, ...times(128, modulus)] // 128, α_i, 128, t_i
const noSmallFactor = [...times(5, modulus), sigma, z, z, w, w, v] // P, Q, A, B, T, σ, z1, z2, w1, w2, v
const mod = [modulus, ...times(80, modulus), marks, marks, ...times(80, modulus)] // W, X_i, A, B, Z_i
const aliceRange = [modulus, ciphertext, modulus, modulus, s1, s2] // z, u, w, s, s1, s2
const bobMta = [modulus, modulus, modulus, ciphertext, modulus, modulus, s1, s2, t1, s2] // z, z', t, v, w, s, s1, s2, t1, t2
const bobMtaChecked = [...bobMta, scalar, scalar] // .., U.x, U.y
const paillierRoot = times(13, modulus)
const opening = (points: number): readonly number[] => times(1 + 2 * points, scalar) // r, x_i, y_i
const schnorrFields = (first: number) => ({
  proofAlphaX: integer(first, scalar),
  proofAlphaY: integer(first + 1, scalar),
  proofT: integer(first + 2, scalar),
})

const keygenMessage = 'binance.tsslib.ecdsa.keygen'
const signMessage = 'binance.tsslib.ecdsa.signing'
const reshareMessage = 'binance.tsslib.ecdsa.resharing'

/** WIRE 5. Every broadcast is echoed: whoever tells two stories of one is named by all. */
export const keygenRounds = {
  commitment: broadcast(
    'keygen 1: commitment and moduli',
    message(`${keygenMessage}.KGRound1Message`, {
      commitment: integer(1, scalar),
      paillierN: integer(2, modulus),
      nTilde: integer(3, modulus),
      h1: integer(4, modulus),
      h2: integer(5, modulus),
      dlnProof1: proof(6, dln, encodeDln, decodeDln),
      dlnProof2: proof(7, dln, encodeDln, decodeDln),
    }),
    { echoed: true },
  ),
  share: toOne(
    'keygen 2: share',
    message(`${keygenMessage}.KGRound2Message1`, {
      share: integer(1, scalar),
      noSmallFactorProof: proof(2, noSmallFactor, encodeNoSmallFactor, decodeNoSmallFactor),
    }),
  ),
  opening: broadcast(
    'keygen 2: opening',
    message(`${keygenMessage}.KGRound2Message2`, {
      // How many exactly depends on the threshold; keygen checks it by name.
      opening: integers(1, opening(mostSigners), 1),
      modProof: proof(2, mod, encodeMod, decodeMod),
    }),
    { echoed: true },
  ),
  paillierProof: broadcast(
    'keygen 3: Paillier proof',
    message(`${keygenMessage}.KGRound3Message`, {
      paillierProof: proof(1, paillierRoot, encodePaillierRoot, decodePaillierRoot),
    }),
    { echoed: true },
  ),
} as const

/**
 * WIRE 6.4. Theta and the openings are echoed, and the commitments before them ride along: nobody's s_i is sent
 * (round 9) before everybody has shown the same of everything to everybody. Whoever has another R than we do proves its V_j
 * for that one, and whoever has another commitment cannot match an opening with it: without the echoes an honest party would
 * stand there as a cheater. The s_i are echoed late: a signature that verifies needs no comparing.
 */
export const signRounds = {
  encryptedNonce: toOne(
    'sign 1: encrypted nonce share',
    message(`${signMessage}.SignRound1Message1`, {
      c: integer(1, ciphertext),
      rangeProof: proof(2, aliceRange, encodeAliceRange, decodeAliceRange),
    }),
  ),
  nonceCommitment: broadcast(
    'sign 1: commitment to the nonce point',
    message(`${signMessage}.SignRound1Message2`, { commitment: integer(1, scalar) }),
  ),
  products: toOne(
    'sign 2: shares of products',
    message(`${signMessage}.SignRound2Message`, {
      c1: integer(1, ciphertext),
      c2: integer(2, ciphertext),
      bobProof: proof(3, bobMta, encodeBobMta, decodeBobMta),
      bobProofWithCheck: proof(4, bobMtaChecked, encodeBobMtaChecked, decodeBobMtaChecked),
    }),
  ),
  theta: broadcast('sign 3: theta', message(`${signMessage}.SignRound3Message`, { theta: integer(1, scalar) }), {
    echoed: true,
  }),
  nonceOpening: broadcast(
    'sign 4: nonce point',
    message(`${signMessage}.SignRound4Message`, { opening: integers(1, opening(1)), ...schnorrFields(2) }),
    { echoed: true },
  ),
  blindCommitment: broadcast(
    'sign 5: commitment to V and A',
    message(`${signMessage}.SignRound5Message`, { commitment: integer(1, scalar) }),
  ),
  blindOpening: broadcast(
    'sign 6: V and A',
    message(`${signMessage}.SignRound6Message`, {
      opening: integers(1, opening(2)),
      ...schnorrFields(2),
      vProofAlphaX: integer(5, scalar),
      vProofAlphaY: integer(6, scalar),
      vProofT: integer(7, scalar),
      vProofU: integer(8, scalar),
    }),
    { echoed: true },
  ),
  checkCommitment: broadcast(
    'sign 7: commitment to U and T',
    message(`${signMessage}.SignRound7Message`, { commitment: integer(1, scalar) }),
  ),
  checkOpening: broadcast(
    'sign 8: U and T',
    message(`${signMessage}.SignRound8Message`, { opening: integers(1, opening(2)) }),
    { echoed: true },
  ),
  signatureShare: broadcast('sign 9: s', message(`${signMessage}.SignRound9Message`, { s: integer(1, scalar) }), {
    echoed: 'late',
  }),
} as const

const fromOld = { from: 'old', to: 'new' } as const
const amongNew = { from: 'new', to: 'new' } as const

/**
 * RESHARING 2, in the order in which new members need them. What decides the new shares is echoed among the new members:
 * the commitments, and through them the openings, and the moduli.
 */
export const reshareRounds = {
  commitment: broadcast(
    'reshare 1: commitment',
    message(`${reshareMessage}.DGRound1Message`, {
      publicKeyX: integer(1, scalar),
      publicKeyY: integer(2, scalar),
      commitment: integer(3, scalar),
      ssid: integer(4, scalar),
    }),
    { echoed: true, route: fromOld },
  ),
  ready: broadcast('reshare 2: ready', message(`${reshareMessage}.DGRound2Message2`, {}), {
    route: { from: 'new', to: 'old' },
  }),
  moduli: broadcast(
    'reshare 2: moduli',
    message(`${reshareMessage}.DGRound2Message1`, {
      paillierN: integer(1, modulus),
      modProof: proof(2, mod, encodeMod, decodeMod),
      nTilde: integer(3, modulus),
      h1: integer(4, modulus),
      h2: integer(5, modulus),
      dlnProof1: proof(6, dln, encodeDln, decodeDln),
      dlnProof2: proof(7, dln, encodeDln, decodeDln),
    }),
    { echoed: true, route: amongNew },
  ),
  share: toOne('reshare 3: share', message(`${reshareMessage}.DGRound3Message1`, { share: integer(1, scalar) }), {
    route: fromOld,
  }),
  opening: broadcast(
    'reshare 3: opening',
    // How many exactly depends on the new threshold; the new members check it by name.
    message(`${reshareMessage}.DGRound3Message2`, { opening: integers(1, opening(mostSigners), 1) }),
    { route: fromOld },
  ),
  noSmallFactor: toOne(
    'reshare 4: no-small-factor proof',
    message(`${reshareMessage}.DGRound4Message1`, {
      noSmallFactorProof: proof(1, noSmallFactor, encodeNoSmallFactor, decodeNoSmallFactor),
    }),
    { route: amongNew },
  ),
  stored: broadcast('reshare 4: share is stored', message(`${reshareMessage}.DGRound4Message2`, {}), {
    route: { from: 'new', to: 'both' },
    isReceipt: true,
  }),
} as const

export const keygenTable = Object.values(keygenRounds)
export const signTable = Object.values(signRounds)
export const reshareTable = Object.values(reshareRounds)

function broadcast<T>(
  name: string,
  codec: Broadcast<T>['codec'],
  ways: Pick<Broadcast<T>, 'echoed' | 'route' | 'isReceipt'> = {},
): Broadcast<T> {
  return { kind: 'broadcast', name, codec, ...ways }
}

function toOne<T>(name: string, codec: Private<T>['codec'], ways: Pick<Private<T>, 'route'> = {}): Private<T> {
  return { kind: 'private', name, codec, ...ways }
}

type Said<R> = R extends Broadcast<infer T> | Private<infer T> ? T : never
/** What is said in each round of keygen. */
export type KeygenSays = { readonly [K in keyof typeof keygenRounds]: Said<(typeof keygenRounds)[K]> }
/** What is said in each round of resharing. */
export type ReshareSays = { readonly [K in keyof typeof reshareRounds]: Said<(typeof reshareRounds)[K]> }
/** What is said in each round of signing. */
export type SignSays = { readonly [K in keyof typeof signRounds]: Said<(typeof signRounds)[K]> }
