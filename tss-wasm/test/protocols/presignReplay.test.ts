import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inverseScalar, reduceScalar } from '../../curve/scalar.ts'
import { bytesToHex, hexToBytes } from '../../integers/bytes.ts'
import type { PartyId } from '../../partyId.ts'
import { entry, from, membersOf } from '../../protocols/members.ts'
import { misfitOf, nonceShareHolds, productsFor, productsHold, rangesHold } from '../../protocols/presignChecks.ts'
import { PresignatureBatch } from '../../protocols/presignature.ts'
import { openSession, type PresignPeer } from '../../protocols/presignSession.ts'
import { encryptNonces, invertibleK, multiply, sumOfShares } from '../../protocols/presignSlot.ts'
import { hidden } from '../../proofs/presigning.ts'
import { signOnline } from '../../protocols/signOnline.ts'
import { Secret } from '../../secret.ts'
import { seats } from '../network.ts'
import { integer } from '../proofs/presigningVectors.ts'
import { encrypted, multiplied, own, productProofsTo, rangeProofsTo, recorded, shares, Γ } from './recordedSession.ts'
import { sharedArithmetic as arithmetic, results, simulate } from '../simulate.ts'
import { onlineSetting, presignSetting } from './presignSettings.ts'

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
        const proofs = rangeProofsTo(peer.seat, seat)
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
          proofs: productProofsTo(peer.seat, seat),
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

function hexOf(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values as Record<string, bigint | { toHex(compressed: boolean): string }>).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? value.toString(16) : value.toHex(true),
    ]),
  )
}
