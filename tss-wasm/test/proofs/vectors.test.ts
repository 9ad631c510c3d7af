import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decrypt, encrypt, gammaPower } from '../../crypto/paillier.ts'
import { coordinates, generator, multiplyPublic, order as q, pointFromCoordinates } from '../../curve/point.ts'
import { mod } from '../../integers/numberTheory.ts'
import { referenceArithmetic } from '../../integers/reference.ts'
import { encodeAliceRange, proveAliceRangeWith, verifyAliceRange } from '../../proofs/aliceRange.ts'
import {
  encodeBobMta,
  encodeBobMtaChecked,
  proveBobMtaCheckedWith,
  proveBobMtaWith,
  verifyBobMta,
  verifyBobMtaChecked,
} from '../../proofs/bobMta.ts'
import { proveDlnWith, swapBases, verifyDln } from '../../proofs/dln.ts'
import { encodeMod, proveModWith, verifyMod } from '../../proofs/mod.ts'
import { encodeNoSmallFactor, proveNoSmallFactorWith, verifyNoSmallFactor } from '../../proofs/noSmallFactor.ts'
import { paillierRootChallenges, provePaillierRoot, verifyPaillierRoot } from '../../proofs/paillierRoot.ts'
import { proveSchnorrWith, verifySchnorr } from '../../proofs/schnorr.ts'
import { proveSchnorrVWith, verifySchnorrV } from '../../proofs/schnorrV.ts'
import {
  arithmetic as wasm,
  assertHolds,
  context,
  digest,
  fixture0,
  paillier0,
  publicPaillier,
  publicRing,
  ring0,
  ring1,
} from './setting.ts'

// WIRE 12.3. tss-lib accepted every one of these proofs.

const hex = (x: bigint) => x.toString(16).padStart(64, '0')
const G = (k: bigint) => multiplyPublic(generator, k)

const witnessA = { m: 2n, r: 3n }
const cA = await encrypt(paillier0, { m: 2n, x: 3n }, wasm)

for (const [engine, arithmetic] of Object.entries({ wasm, reference: referenceArithmetic })) {
  describe(`on ${engine}`, () => {
    test('DLN proofs', async () => {
      const a = Array.from({ length: 128 }, (_, i) => BigInt(i + 1))
      const halves = ring0.halves.reveal()
      const h1ToH2 = await proveDlnWith(ring0, { x: ring0.alpha.reveal(), halves }, { a }, arithmetic)
      const c1 = 0x817a608a0de0e807d33ae124dd0fb560817d69a8a83e696150f59ba3d8359979n
      const t = (c: bigint, x: bigint) =>
        a.map((a_i, i) => mod(a_i + ((c >> BigInt(i)) & 1n) * x, halves[0] * halves[1]))
      assert.deepEqual(h1ToH2.t, t(c1, ring0.alpha.reveal()))
      await assertHolds(verifyDln(publicRing(ring0), h1ToH2, arithmetic))
      const swapped = swapBases(ring0)
      const h2ToH1 = await proveDlnWith(swapped, { x: ring0.beta.reveal(), halves }, { a }, arithmetic)
      assert.deepEqual(
        h2ToH1.t,
        t(0xcd3a66d8045d8f3cc06e74736da8dd549ea313783499da4229c81a8901280061n, ring0.beta.reveal()),
      )
      await assertHolds(verifyDln(swapped, h2ToH1, arithmetic))
    })

    test('mod proof', async () => {
      const statement = { n: paillier0.n, context }
      const proof = await proveModWith(statement, { primes: paillier0.primes.reveal() }, { W: 2n }, arithmetic)
      assert.equal(proof.A, 0x1633eaae8e9c7d2c16671n)
      assert.equal(proof.B, 0x1598da7fdb6e750256831n)
      assert.equal(encodeMod(proof).length, 163)
      assert.equal(digest(encodeMod(proof)), '1482dab35238c05dd76634b861a48f4228541e94a1259f38875c4113afe7e55d')
      await assertHolds(verifyMod(statement, proof, arithmetic))
    })

    test('no-small-factor proof', async () => {
      const statement = { n0: paillier0.n, verifier: publicRing(ring1), context }
      const nonces = {
        α: q + 3n,
        β: q + 5n,
        μ: q + 7n,
        ν: q + 11n,
        σ: q * paillier0.n + 13n,
        r: q + 17n,
        x: q + 19n,
        y: q + 23n,
      }
      const primes = paillier0.primes.reveal()
      const proof = await proveNoSmallFactorWith(statement, { primes }, nonces, arithmetic)
      assert.equal(
        hex((proof.z1 - nonces.α) / primes[0]),
        '2ed46670ffc17a13239bd50871281925c0848632b05090ca4bbd57917bccc53a',
      )
      assert.equal(
        digest(encodeNoSmallFactor(proof)),
        'a092eea3707568269ac59e335644b97125d24d76e213fcdde2a272b81898fb8c',
      )
      await assertHolds(verifyNoSmallFactor(statement, proof, arithmetic))
      await assertHolds(verifyNoSmallFactor({ ...statement, verifier: ring1 }, proof, arithmetic))
    })

    test('Alice: ciphertext and range proof', async () => {
      assert.equal(digest([cA]), '2f0c6fcc1b35554655a83b447959e1533f6ce4e1dd4d91701ea30d54ea7d5879')
      const statement = { alice: paillier0, ciphertext: cA, verifier: publicRing(ring1) }
      const nonces = { α: q + 5n, β: 7n, γ: q + 11n, ρ: q + 13n }
      const proof = await proveAliceRangeWith(statement, witnessA, nonces, arithmetic)
      assert.equal(hex((proof.s1 - nonces.α) / 2n), 'fdfc6c2cffffb5c51e546619d8254823b19aa2b4119491a00acaef7d04347aa7')
      assert.equal(digest(encodeAliceRange(proof)), 'c0124649959ff02c67162e28de32f00d528bc364119b4fdbe768e4de07e42e42')
      const toBob = { alice: publicPaillier(paillier0), ciphertext: cA, verifier: ring1 }
      await assertHolds(verifyAliceRange(toBob, proof, arithmetic))
    })

    test('Bob: both answers on cA', async () => {
      const y = q + 29n
      const nonces = { α: q + 2n, ρ: q + 4n, σ: q + 6n, τ: q + 8n, ρPrime: q + 10n, β: 37n, γ: q + 12n }
      const N2 = paillier0.n ** 2n
      const answer = async (x: bigint) => {
        const [cAx = 0n, rN = 0n] = await arithmetic.products({ value: N2 }, [
          [{ base: cA, exponent: x }],
          [{ base: 31n, exponent: paillier0.n }],
        ])
        return (cAx * rN * gammaPower(paillier0, y)) % N2
      }
      const toBob = { alice: publicPaillier(paillier0), verifier: publicRing(ring0), c1: cA, context }
      const toAlice = { alice: paillier0, verifier: ring0 }

      const plain = { ...toBob, c2: await answer(41n) }
      assert.equal(digest([plain.c2]), 'f689931753b662e197839a0ffa7ddf521819bb5ee9b459d50686aebc5bd4a570')
      const proof = await proveBobMtaWith(plain, { x: 41n, y, r: 31n }, nonces, arithmetic)
      assert.equal(hex((proof.s1 - nonces.α) / 41n), 'cb85d46816ce237df4fd0ba35ef6f9e4f6b4a69f7d5ffe5680be3717f5002fb7')
      assert.equal(digest(encodeBobMta(proof)), '95d181b5a9631796b889c0d441142cf345eab400f2c7b8072ce665e124f3a9a7')
      await assertHolds(verifyBobMta({ ...plain, ...toAlice }, proof, arithmetic))
      assert.equal(mod(await decrypt(paillier0, plain.c2, arithmetic), q), 0x6fn)

      const checked = { ...toBob, c2: await answer(43n), point: G(43n) }
      assert.equal(digest([checked.c2]), 'aab9715fa5813aa14916612abaed2ca8851152164b35178a43a0baeb3909f6dd')
      const withU = await proveBobMtaCheckedWith(checked, { x: 43n, y, r: 31n }, nonces, arithmetic)
      assert.equal(hex((withU.s1 - nonces.α) / 43n), '61b0d0e86ffdd6c9c839051cc438ac34d0daf15e36c051cbf18622cc373e9949')
      assert.equal(
        digest(encodeBobMtaChecked(withU)),
        'ec7a4fbd0ac0c6026fc134b0f175b63324d616ac380dd9dae0dee705036ba330',
      )
      await assertHolds(verifyBobMtaChecked({ ...checked, ...toAlice }, withU, arithmetic))
      assert.equal(mod(await decrypt(paillier0, checked.c2, arithmetic), q), 0x73n)
    })

    test('Paillier N-th-root proof', async () => {
      const publicKey = pointFromCoordinates(...fixture0.ECDSAPub.Coords)
      assert.ok(publicKey)
      const statement = { n: paillier0.n, partyKey: fixture0.Ks[0] ?? 0n, publicKey }
      const x = paillierRootChallenges(statement)
      assert.equal(digest(x), 'e6668abff904be3025f9ab8f079ae7d4a983ad480fcfe57bfde9fed007fcd70d')
      assert.ok(hex(x[0] ?? 0n).startsWith('28c33c627d9cbc822d22133d201ac21a'))
      const proof = await provePaillierRoot(statement, { primes: paillier0.primes.reveal() }, { arithmetic })
      assert.equal(digest(proof), '054ddc9757837e82846fe6d984cc119a9cffd2a53819b6c002c51080a5a51755')
      await assertHolds(verifyPaillierRoot(statement, proof, arithmetic))
    })
  })
}

test('Schnorr', async () => {
  const statement = { point: G(2n), context }
  const proof = proveSchnorrWith(statement, { x: 2n }, { a: 3n })
  assert.deepEqual(coordinates(proof.α), coordinates(G(3n)))
  assert.equal(hex(proof.τ), '223cafa59b79c178ee9015f7f4c09f5c6fdeb09a9b08556048518873055b151b')
  await assertHolds(verifySchnorr(statement, proof))
})

test('ZKV', async () => {
  const statement = { point: G(13n), base: G(5n), context }
  const proof = proveSchnorrVWith(statement, { s: 2n, l: 3n }, { a: 7n, b: 11n })
  assert.equal(hex(proof.τ), '7d32b4d222df0d50e8c1a65d31b6abe8c0322bee8216c51235fe1a658d1f5668')
  assert.equal(hex(proof.u), '3bcc0f3b344e93f95d22798bca9201ddc2f3d3726b7dd77d7113f851eb93e0fc')
  await assertHolds(verifySchnorrV(statement, proof))
})
