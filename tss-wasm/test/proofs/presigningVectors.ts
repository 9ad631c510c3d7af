import { readFileSync } from 'node:fs'
import type { AffineGroupProof, AffineGroupStatement } from '../../proofs/affineGroup.ts'
import type { AffineGroupOpenProof, AffineGroupOpenStatement } from '../../proofs/affineGroupOpen.ts'
import type { DecryptExponentProof, DecryptExponentStatement } from '../../proofs/decryptExponent.ts'
import type { EncElGamalProof, EncElGamalStatement } from '../../proofs/encElGamal.ts'
import type { LogElGamalProof, LogElGamalStatement } from '../../proofs/logElGamal.ts'
import type { Encoded } from '../../crypto/transcript.ts'
import { Point } from '../../curve/point.ts'
import { hexToBytes } from '../../integers/bytes.ts'

/** A vector file (CGGMP24 13): hex throughout, "-" before negative integers, points compressed. */
export interface Vectors {
  readonly state: string
  readonly aux: Flat
  readonly statement: Flat
  readonly witness: Flat
  readonly masks: Flat
  readonly challenge: string
  readonly bits: readonly string[]
  readonly t: string
  readonly proof: VectorProof
}

export interface VectorProof {
  readonly commitment: Flat
  readonly proof: Flat
}

/** Of a proof with repetitions. */
interface VectorProofs {
  readonly commitment: readonly Flat[]
  readonly proof: readonly Flat[]
}

type Flat = Readonly<Record<string, string>>

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/cggmp24/${name}.json`, import.meta.url), 'utf8'))
}

export function vectors(name: string): Vectors {
  return fixture(name) as Vectors
}

export function integer(hex = ''): bigint {
  if (hex === '') return 0n
  return hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`)
}

export const point = (hex = ''): Point => Point.fromHex(hex)
export const encoded = (hex: string): Encoded => hexToBytes(hex) as Encoded

const ring = ({ n, s, t }: Flat) => ({ nTilde: integer(n), h1: integer(s), h2: integer(t) })

export const logElGamal = {
  statement: ({ statement: s, state }: Vectors): LogElGamalStatement => ({
    L: point(s['l']),
    M: point(s['m']),
    X: point(s['x']),
    Y: point(s['y']),
    h: point(s['h']),
    state: encoded(state),
  }),
  proof: ({ commitment: c, proof: p }: VectorProof): LogElGamalProof => ({
    ...{ A: point(c['a']), N: point(c['n']), B: point(c['b']) },
    ...{ z: integer(p['z']), u: integer(p['u']) },
  }),
}

export const encElGamal = {
  statement: ({ statement: s, aux, state }: Vectors): EncElGamalStatement => ({
    prover: { n: integer(s['pk']) },
    C: integer(s['C']),
    ...{ A: point(s['A']), B: point(s['B']), X: point(s['X']) },
    verifier: ring(aux),
    state: encoded(state),
  }),
  proof: ({ commitment: c, proof: p }: VectorProof): EncElGamalProof => ({
    ...{ S: integer(c['s']), T: integer(c['t']), D: integer(c['d']), Y: point(c['y']), Z: point(c['z']) },
    ...{ z1: integer(p['z1']), z2: integer(p['z2']), z3: integer(p['z3']), w: integer(p['w']) },
  }),
}

export const affineGroup = {
  statement: ({ statement: s, aux, state }: Vectors): AffineGroupStatement => ({
    receiver: { n: integer(s['pk0']) },
    prover: { n: integer(s['pk1']) },
    ...{ C: integer(s['C']), D: integer(s['D']), Y: integer(s['Y']), X: point(s['X']) },
    verifier: ring(aux),
    state: encoded(state),
  }),
  proof: ({ commitment: c, proof: p }: VectorProof): AffineGroupProof => ({
    ...{ A: integer(c['a']), B_x: point(c['b_x']), B_y: integer(c['b_y']) },
    ...{ E: integer(c['e']), S: integer(c['s']), F: integer(c['f']), T: integer(c['t']) },
    ...{ z1: integer(p['z1']), z2: integer(p['z2']), z3: integer(p['z3']), z4: integer(p['z4']) },
    ...{ w: integer(p['w']), w_y: integer(p['w_y']) },
  }),
}

export const affineGroupOpen = {
  statement: ({ statement: s, state }: Vectors): AffineGroupOpenStatement => ({
    receiver: { n: integer(s['pk0']) },
    prover: { n: integer(s['pk1']) },
    ...{ C: integer(s['C']), D: integer(s['D']), Y: integer(s['Y']), X: point(s['X']) },
    state: encoded(state),
  }),
  proof(given: unknown): AffineGroupOpenProof {
    const { commitment, proof } = given as VectorProofs
    return {
      commitment: commitment.map((c) => ({ A: integer(c['a']), R: point(c['r']), B: integer(c['b']) })),
      answers: proof.map((p) => ({
        ...{ z: integer(p['z']), zPrime: integer(p['zp']), w: integer(p['w']), λ: integer(p['lam']) },
      })),
    }
  },
}

export const decryptExponent = {
  statement: ({ statement: s, state, t }: Vectors): DecryptExponentStatement => ({
    prover: { n: integer(s['pk']) },
    ...{ K: integer(s['K']), D: integer(s['D']), X: point(s['X']), S: point(s['S']), H: point(s['H']) },
    signers: Number(integer(t)),
    state: encoded(state),
  }),
  proof(given: unknown): DecryptExponentProof {
    const { commitment, proof } = given as VectorProofs
    return {
      commitment: commitment.map((c) => ({ A: integer(c['a']), B: point(c['b']), C: point(c['c']) })),
      answers: proof.map((p) => ({ z: integer(p['z']), w: integer(p['w']), ν: integer(p['nu']) })),
    }
  },
}
