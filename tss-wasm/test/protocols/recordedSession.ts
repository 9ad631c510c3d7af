import assert from 'node:assert/strict'
import { sumPoints } from '../../curve/point.ts'
import type {
  Encrypted,
  Multiplied,
  PresignShares,
  ProductProofs,
  RangeProofs,
} from '../../protocols/presignMessages.ts'
import type { Nonces } from '../../protocols/presignSlot.ts'
import { Secret } from '../../secret.ts'
import {
  affineGroup,
  encElGamal,
  fixture,
  integer,
  logElGamal,
  point,
  type VectorProof,
} from '../proofs/presigningVectors.ts'

// CGGMP24 13: one slot of three seats, every secret and every message, made by another implementation.

export type Flat = Readonly<Record<string, string>>
interface SeatSecrets extends Flat {
  readonly mta: never
}
interface Recorded {
  readonly run: string
  readonly sid: string
  readonly weighted_shares: readonly string[]
  readonly secrets: Readonly<Record<string, SeatSecrets>>
  readonly messages: Readonly<Record<string, unknown>>
  readonly presignatures: Readonly<Record<string, Flat & { readonly Delta: never }>>
  readonly message: string
  readonly sigma: readonly string[]
  readonly signature: Flat
}

export const recorded = fixture('session') as Recorded
export const own = [0, 1, 2].map((seat) => secretsOf(seat))
export const encrypted = [0, 1, 2].map((seat) => encryptedOf(slotOf(`round1.seat${seat}.broadcast`)))
export const multiplied = [0, 1, 2].map((seat) => multipliedOf(seat, slotOf(`round2.seat${seat}.broadcast`)))
export const shares = [0, 1, 2].map((seat) => sharesOf(slotOf(`round3.seat${seat}.broadcast`)))
export const Γ = sumPoints(multiplied.map((said) => said.Γ))

/** ψ0 and ψ1 of one seat for another. */
export function rangeProofsTo(from: number, to: number): RangeProofs {
  const { psi0, psi1 } = proofsTo(`round1.seat${from}.to`, to)[0] as Record<string, VectorProof>
  assert.ok(psi0 && psi1)
  return { ofK: encElGamal.proof(psi0), ofG: encElGamal.proof(psi1) }
}

/** ψ and ψ̂ of one seat for another. */
export function productProofsTo(from: number, to: number): ProductProofs {
  const [withγ, withX] = proofsTo(`round2.seat${from}.to`, to) as [number, string, VectorProof][]
  assert.ok(withγ?.[1] === 'gamma' && withX?.[1] === 'x')
  return { withγ: affineGroup.proof(withγ[2]), withX: affineGroup.proof(withX[2]) }
}

function slotOf(name: string): Record<string, never> {
  const [slot] = recorded.messages[name] as Record<string, never>[]
  assert.ok(slot, name)
  return slot
}

function proofsTo(name: string, seat: number): readonly unknown[] {
  return (recorded.messages[name] as Record<string, unknown[]>)[String(seat)] ?? []
}

function secretsOf(seat: number): { readonly nonces: Nonces; readonly χ: bigint; readonly mta: Record<string, Flat> } {
  const secrets = recorded.secrets[`seat${seat}`]
  assert.ok(secrets)
  const secret = (name: string) => new Secret(integer(secrets[name]))
  return {
    nonces: {
      ...{ k: secret('k'), γ: secret('gamma'), a: secret('a'), b: secret('b') },
      ...{ ρ: secret('rho'), ν: secret('nu') },
      y: new Secret(1n), // dropped there: Y is taken as it was recorded
    },
    χ: integer(secrets['chi']),
    mta: secrets.mta,
  }
}

function encryptedOf(said: Flat): Encrypted {
  return {
    ...{ K: integer(said['K']), G: integer(said['G']), Y: point(said['Y']) },
    ...{ A1: point(said['A1']), A2: point(said['A2']), B1: point(said['B1']), B2: point(said['B2']) },
  }
}

function multipliedOf(seat: number, said: Record<string, never>): Multiplied {
  const made = (to: number, name: string) =>
    (said['cts'] as Record<string, [string, string]> | undefined)?.[`${to}|${name}`]
  return {
    Γ: point(said['Gamma']),
    proof: logElGamal.proof(said['elog'] as unknown as VectorProof),
    products: [0, 1, 2]
      .filter((to) => to !== seat)
      .map((to) => {
        const [[D, F] = [], [hatD, hatF] = []] = [made(to, 'gamma'), made(to, 'x')]
        return { D: integer(D), F: integer(F), hatD: integer(hatD), hatF: integer(hatF) }
      }),
  }
}

function sharesOf(said: Record<string, never>): PresignShares {
  return {
    ...{ δ: integer(said['delta']), S: point(said['S']), Δ: point(said['Delta']) },
    proof: logElGamal.proof(said['elog'] as unknown as VectorProof),
  }
}
