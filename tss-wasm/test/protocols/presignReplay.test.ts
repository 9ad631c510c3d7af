import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inverseScalar, reduceScalar } from '../../curve/scalar.ts'
import { bytesToHex, hexToBytes } from '../../integers/bytes.ts'
import type { PartyId } from '../../partyId.ts'
import { entry, from, membersOf } from '../../protocols/members.ts'
import { misfitOf, nonceShareHolds, productsFor, productsHold, rangesHold } from '../../protocols/presignChecks.ts'
import type { Encrypted, Multiplied, ProductProofs, PresignShares } from '../../protocols/presignMessages.ts'
import { PresignatureBatch } from '../../protocols/presignature.ts'
import { openSession, type PresignPeer } from '../../protocols/presignSession.ts'
import { encryptNonces, invertibleK, multiply, sumOfShares, type Nonces } from '../../protocols/presignSlot.ts'
import { hidden } from '../../proofs/presigning.ts'
import { signOnline } from '../../protocols/signOnline.ts'
import { sumPoints } from '../../curve/point.ts'
import { Secret } from '../../secret.ts'
import { seats } from '../network.ts'
import {
  affineGroup,
  encElGamal,
  fixture,
  integer,
  logElGamal,
  point,
  type VectorProof,
} from '../proofs/presigningVectors.ts'
import { sharedArithmetic as arithmetic, results, simulate } from '../simulate.ts'
import { onlineSetting, presignSetting } from './presignSettings.ts'

// CGGMP24 13: one slot of three seats, every secret and every message, made by another implementation.

type Flat = Readonly<Record<string, string>>
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

const recorded = fixture('session') as Recorded
const own = [0, 1, 2].map((seat) => secretsOf(seat))
const encrypted = [0, 1, 2].map((seat) => encryptedOf(slotOf(`round1.seat${seat}.broadcast`)))
const multiplied = [0, 1, 2].map((seat) => multipliedOf(seat, slotOf(`round2.seat${seat}.broadcast`)))
const shares = [0, 1, 2].map((seat) => sharesOf(slotOf(`round3.seat${seat}.broadcast`)))
const Γ = sumPoints(multiplied.map((said) => said.Γ))
const sessions = [0, 1, 2].map((seat) => {
  const { inputs } = presignSetting([0, 1, 2], 1, { run: hexToBytes(recorded.run) })
  const id = (seat + 1) as PartyId
  const input = from(inputs, id)
  const peers = seats(3).filter((other) => other !== id)
  return openSession(input, membersOf({ id, peers }, input.signers))
})

describe('a recorded session of another implementation', () => {
  for (const [seat, session] of sessions.entries()) {
    const peers = [...session.peers.values()]

    it(`has our session id, and our ciphertexts of its secrets, at seat ${seat}`, async () => {
      assert.equal(bytesToHex(session.sid), recorded.sid)
      assert.deepEqual(
        session.key.additivePublicShares.map((share) => share.toHex(true)),
        recorded.weighted_shares,
      )
      const { nonces } = entry(own, seat)
      const { Y, ...theirs } = entry(encrypted, seat)
      const { K, G, A1, B1 } = await encryptNonces(session, nonces, arithmetic)
      const A2 = hidden(nonces.k.reveal(), nonces.a.reveal(), Y)
      const B2 = hidden(nonces.γ.reveal(), nonces.b.reveal(), Y)
      assert.deepEqual(hexOf({ K, G, A1, A2, B1, B2 }), hexOf(theirs))
    })

    it(`has round 1 pass our checks at seat ${seat}`, async () => {
      for (const peer of peers) {
        const { psi0, psi1 } = proofsTo(`round1.seat${peer.seat}.to`, seat)[0] as Record<string, VectorProof>
        assert.ok(psi0 && psi1)
        const proofs = { ofK: encElGamal.proof(psi0), ofG: encElGamal.proof(psi1) }
        const verdict = await rangesHold(session, 0, peer, entry(encrypted, peer.seat), proofs, arithmetic)
        assert.deepEqual(verdict, { passed: true })
      }
    })

    it(`has our products of its secrets at seat ${seat}, and round 2 pass our checks`, async () => {
      for (const peer of peers) {
        const made = await productsOf(seat, peer)
        const { D, F, hatD, hatF } = productsFor(entry(multiplied, seat), seat, peer.seat)
        assert.deepEqual([made.gamma.D, made.gamma.F, made.x.D, made.x.F], [D, F, hatD, hatF])
        const said = {
          K: entry(encrypted, seat).K,
          encrypted: entry(encrypted, peer.seat),
          multiplied: entry(multiplied, peer.seat),
          proofs: productProofsOf(proofsTo(`round2.seat${peer.seat}.to`, seat)),
        }
        assert.deepEqual(await productsHold(session, 0, peer, said, arithmetic), { passed: true })
      }
    })

    it(`has our δ, χ and presignature of its secrets at seat ${seat}`, async () => {
      const { k, γ } = entry(own, seat).nonces
      const made = await Promise.all(peers.map((peer) => productsOf(seat, peer)))
      const forUs = peers.map((peer) => productsFor(entry(multiplied, peer.seat), peer.seat, seat))
      const sum = (of: 'gamma' | 'x') =>
        sumOfShares(
          session,
          forUs.map(({ D, hatD }) => (of === 'gamma' ? D : hatD)),
          made.map((product) => product[of]),
          arithmetic,
        )
      const δ = reduceScalar(k.reveal() * γ.reveal() + (await sum('gamma')))
      const χ = reduceScalar(k.reveal() * session.key.additiveShare.reveal() + (await sum('x')))
      assert.equal(δ, entry(shares, seat).δ)
      assert.equal(χ, entry(own, seat).χ)
      for (const peer of peers) {
        const [said, share] = [entry(encrypted, peer.seat), entry(shares, peer.seat)]
        assert.deepEqual(nonceShareHolds(session, 0, peer, said, share, Γ), { passed: true })
      }
      assert.equal(misfitOf([shares], session.key.publicKey), undefined)
      const inverse = inverseScalar(shares.reduce((total, share) => total + share.δ, 0n))
      const expected = recorded.presignatures[`seat${seat}`]
      assert.equal(reduceScalar(k.reveal() * inverse), integer(expected?.['k']))
      assert.equal(reduceScalar(χ * inverse), integer(expected?.['chi']))
      assert.equal(Γ.toHex(true), expected?.['Gamma'])
    })
  }

  it('ends with its σ and its signature', async () => {
    const { inputs } = presignSetting([0, 1, 2], 1)
    const batches = [0, 1, 2].map((seat) => {
      const { sid, key } = entry(sessions, seat)
      const signers = from(inputs, (seat + 1) as PartyId).signers
      const { nonces, χ } = entry(own, seat)
      const inverseOfδ = inverseScalar(shares.reduce((total, { δ }) => total + δ, 0n))
      const presignature = {
        ...{ Γ, k: new Secret(nonces.k.reveal()), χ: new Secret(χ), inverseOfδ },
        ...{ Δ: shares.map(({ Δ }) => Δ), S: shares.map(({ S }) => S) },
      }
      return new PresignatureBatch({ sid, publicKey: key.publicKey, signers }, [presignature])
    })
    const said: bigint[] = []
    const digest = hexToBytes(recorded.message)
    const setting = onlineSetting(batches, [0, 1, 2], [{ digest, origin: 'content' }])
    const signed = results(
      await simulate(signOnline, {
        ...setting,
        cheat: (mail) => ({
          ...mail,
          broadcast(round, message) {
            said.push(...(message as { readonly σ: readonly bigint[] }).σ)
            return mail.broadcast(round, message)
          },
        }),
      }),
    )
    assert.deepEqual(said, recorded.sigma.map(integer))
    const { r, s, v } = recorded.signature
    for (const signatures of signed) {
      assert.deepEqual(signatures, [{ r: integer(r), s: integer(s), recovery: Number(integer(v)) }])
    }
  })
})

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

async function productsOf(seat: number, peer: PresignPeer) {
  const session = entry(sessions, seat)
  const K = invertibleK(peer, entry(encrypted, peer.seat).K)
  const product = (name: 'gamma' | 'x') => {
    const made = entry(own, seat).mta[`${peer.seat}.${name}`]
    assert.ok(made)
    const secret = (field: string) => new Secret(integer(made[field]))
    const mask = { y: secret('neg_beta'), s: secret('nonce_D'), r: secret('nonce_F') }
    return multiply(session, peer, secret('x'), K, mask, arithmetic)
  }
  return { gamma: await product('gamma'), x: await product('x') }
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

function productProofsOf(proofs: readonly unknown[]): ProductProofs {
  const [withγ, withX] = proofs as [number, string, VectorProof][]
  assert.ok(withγ?.[1] === 'gamma' && withX?.[1] === 'x')
  return { withγ: affineGroup.proof(withγ[2]), withX: affineGroup.proof(withX[2]) }
}

function sharesOf(said: Record<string, never>): PresignShares {
  return {
    ...{ δ: integer(said['delta']), S: point(said['S']), Δ: point(said['Delta']) },
    proof: logElGamal.proof(said['elog'] as unknown as VectorProof),
  }
}

function hexOf(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values as Record<string, bigint | { toHex(compressed: boolean): string }>).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? value.toString(16) : value.toHex(true),
    ]),
  )
}
