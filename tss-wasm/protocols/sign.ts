import { commit } from '../crypto/commitment.ts'
import { proofContext } from '../crypto/hash.ts'
import { coordinates, flattenPoints, generator, multiplyPublic, multiplySecret, sumPoints } from '../curve/point.ts'
import { inverseScalar, randomScalar, reduceScalar } from '../curve/scalar.ts'
import type { KeyShare } from '../keyShare/keyShare.ts'
import { verifyAliceRange } from '../proofs/aliceRange.ts'
import { answerMta, answerMtaChecked, finishMta, finishMtaChecked, offerMta, type MtaResult } from '../proofs/mta.ts'
import { encodeSchnorr, proveSchnorr } from '../proofs/schnorr.ts'
import { encodeSchnorrV, proveSchnorrV } from '../proofs/schnorrV.ts'
import type { PartyId } from '../partyId.ts'
import { Secret } from '../secret.ts'
import { allPassed, firstFailed, forEveryone, mustHold, type Verdict } from './checks.ts'
import { from, membersOf } from './members.ts'
import { signRounds as rounds } from './messages.ts'
import type { Protocol } from './protocol.ts'
import { digestToScalar, signatureFrom, verifies, type EcdsaSignature } from './signature.ts'
import { openedBlinds, openedCheckValues, openedNoncePoint, signatureShareInRange, thetaInRange } from './signChecks.ts'
import { positionsOf, prepareSigning } from './signingPreparation.ts'
import { signingSsid } from './ssid.ts'

export interface SignInput {
  readonly share: KeyShare
  /** The party keys of everybody who signs in this run, own included: at least `share.threshold` of the wallet's. */
  readonly signers: ReadonlyMap<PartyId, bigint>
  /** 32 bytes. Everybody has to have derived the same one: it is in no message before the last. */
  readonly digest: Uint8Array
  /** δ of a child key (`deriveChild`); without it the wallet's own key signs. */
  readonly tweak?: bigint
}

/** The stages in their order, for progress views. Once the last one has begun, the others may hold a signature. */
export const signStages = [
  'Encrypt a share of the nonce',
  'Multiply with the shares of the others',
  'Check the products',
  'Reveal the nonce',
  'Blind the signature share',
  'Check the blinded shares',
  'Check that all shares fit together',
  'Put the signature together',
] as const

/**
 * Threshold signing, WIRE 6.4. `share` is not changed. Nothing survives a run that fails: sign again from the start.
 * @throws ProtocolAbort naming who broke which check, or for whom we wait; RangeError for an input out of range
 */
export const sign: Protocol<SignInput, EcdsaSignature> = async (me, { share, signers, digest, tweak }) => {
  const { mail, arithmetic, random } = me
  const members = membersOf(me, signers)
  const key = prepareSigning(share, positionsOf(share, members.keys), tweak)
  if (key.position !== members.position) throw new RangeError('this seat holds another share')
  const m = digestToScalar(digest)
  const ssid = signingSsid(key.signers)
  const contextOf = (id: PartyId): Uint8Array => proofContext(ssid, members.positionOf(id))
  const own = share.preParameters
  const context = contextOf(me.id)
  const stage = (index: number): void => {
    me.stage(signStages[index] ?? '')
  }
  const peers = new Map(me.peers.map((id) => [id, members.of(key.signers, id)]))

  // Round 1: Gam_i = γ_i·G; to each j an encryption of κ_i of its own
  stage(0)
  const κ = new Secret(randomScalar(random))
  const γ = new Secret(randomScalar(random))
  const Gam = multiplySecret(generator, γ.reveal())
  const nonce = commit(coordinates(Gam), random)
  const offers = await forEveryone(peers, ({ ringPedersen }) =>
    offerMta({ alice: own.paillier, bob: ringPedersen, a: κ.reveal() }, me),
  )
  const offered = forEveryone(offers, ({ ciphertext, proof }, j) =>
    mail.sendTo(j, rounds.encryptedNonce, { c: ciphertext, rangeProof: proof }),
  )
  await Promise.all([offered, mail.broadcast(rounds.nonceCommitment, { commitment: nonce.commitment })])
  const [theirOffers, nonceCommitments] = await Promise.all([
    mail.collect(rounds.encryptedNonce),
    mail.collect(rounds.nonceCommitment),
  ])

  // Round 2: κ_j·γ_i and κ_j·w_i, on j's ciphertext; W_i shows that the w_i is the right one
  stage(1)
  allPassed(
    await forEveryone(theirOffers, async ({ c, rangeProof }, j) => {
      const statement = { alice: { n: from(peers, j).paillierN }, ciphertext: c, verifier: own.ringPedersen }
      const flaw = await verifyAliceRange(statement, rangeProof, arithmetic)
      return firstFailed({ "Alice's range proof": flaw === undefined }) ?? { passed: true }
    }),
  )
  const answers = await forEveryone(theirOffers, async ({ c }, j) => {
    const { paillierN, ringPedersen } = from(peers, j)
    const exchange = { alice: { n: paillierN }, verifier: ringPedersen, offered: c, context }
    const point = members.of(key.additivePublicShares, me.id)
    const [withγ, withw] = await Promise.all([
      answerMta(exchange, γ.reveal(), me),
      answerMtaChecked({ ...exchange, point }, key.additiveShare.reveal(), me),
    ])
    const proofs = { bobProof: withγ.proof, bobProofWithCheck: withw.proof }
    await mail.sendTo(j, rounds.products, { c1: withγ.ciphertext, c2: withw.ciphertext, ...proofs })
    return { β: withγ.share, ν: withw.share }
  })
  const products = await mail.collect(rounds.products)

  // Round 3: θ_i = κ_i·γ_i + Σ(α_ij + β_ij); σ_i = κ_i·w_i + Σ(μ_ij + ν_ij)
  stage(2)
  const decrypted = allPassed(
    await forEveryone(products, async ({ c1, c2, bobProof, bobProofWithCheck }, j): Promise<Verdict<Products>> => {
      const { ciphertext } = from(offers, j)
      const exchange = { alice: own.paillier, verifier: own.ringPedersen, offered: ciphertext, context: contextOf(j) }
      const point = members.of(key.additivePublicShares, j)
      const [α, μ] = await Promise.all([
        finishMta(exchange, { ciphertext: c1, proof: bobProof }, arithmetic),
        finishMtaChecked({ ...exchange, point }, { ciphertext: c2, proof: bobProofWithCheck }, arithmetic),
      ])
      return bothFinished(α, μ)
    }),
  )
  const sumOverPeers = (of: (j: PartyId) => bigint): bigint => me.peers.reduce((sum, j) => sum + of(j), 0n)
  const θ_i = reduceScalar(κ.reveal() * γ.reveal() + sumOverPeers((j) => from(decrypted, j).α + from(answers, j).β))
  const σ = new Secret(
    reduceScalar(
      κ.reveal() * key.additiveShare.reveal() + sumOverPeers((j) => from(decrypted, j).μ + from(answers, j).ν),
    ),
  )
  key.additiveShare.erase()
  await mail.broadcast(rounds.theta, { theta: θ_i })
  const thetas = allPassed(await forEveryone(await mail.collect(rounds.theta), thetaInRange))

  // Round 4: θ = Σθ_j = κ·γ; open Gam_i
  stage(3)
  const θ = reduceScalar(θ_i + sumOverPeers((j) => from(thetas, j)))
  mustHold('theta is invertible', θ !== 0n)
  const nonceProof = encodeSchnorr(proveSchnorr({ point: Gam, context }, { x: γ.reveal() }, me))
  γ.erase()
  await mail.broadcast(rounds.nonceOpening, { opening: nonce.opening, ...schnorrFields(nonceProof) })
  const nonceOpenings = await mail.collect(rounds.nonceOpening)

  // Round 5: R = θ^-1·ΣGam_j; s_i = m·κ_i + r·σ_i; V_i = s_i·R + l_i·G, A_i = ρ_i·G committed to
  stage(4)
  const noncePoints = allPassed(
    await forEveryone(nonceOpenings, (said, j) =>
      openedNoncePoint(from(nonceCommitments, j).commitment, said, contextOf(j)),
    ),
  )
  const R = multiplyPublic(sumPoints([Gam, ...noncePoints.values()]), inverseScalar(θ))
  mustHold('nonce points combine to a nonce', !R.is0())
  const r = coordinates(R)[0]
  const s_i = new Secret(reduceScalar(m * κ.reveal() + r * σ.reveal()))
  κ.erase()
  σ.erase()
  const l = new Secret(randomScalar(random))
  const ρ = new Secret(randomScalar(random))
  const V_i = multiplySecret(R, s_i.reveal()).add(multiplySecret(generator, l.reveal()))
  const A_i = multiplySecret(generator, ρ.reveal())
  const blind = commit(flattenPoints([V_i, A_i]), random)
  await mail.broadcast(rounds.blindCommitment, { commitment: blind.commitment })
  const blindCommitments = await mail.collect(rounds.blindCommitment)

  // Round 6: open V_i and A_i, and prove them
  const proofOfA = encodeSchnorr(proveSchnorr({ point: A_i, context }, { x: ρ.reveal() }, me))
  const witnessOfV = { s: s_i.reveal(), l: l.reveal() }
  const proofOfV = encodeSchnorrV(proveSchnorrV({ point: V_i, base: R, context }, witnessOfV, me))
  await mail.broadcast(rounds.blindOpening, {
    opening: blind.opening,
    ...schnorrFields(proofOfA),
    ...{ vProofAlphaX: proofOfV[0], vProofAlphaY: proofOfV[1], vProofT: proofOfV[2], vProofU: proofOfV[3] },
  })
  const blindOpenings = await mail.collect(rounds.blindOpening)

  // Round 7: V = ΣV_j - m·G - r·Y, which is (Σl_j)·G if the s_j are right; U_i = ρ_i·V, T_i = l_i·A
  stage(5)
  const blinds = allPassed(
    await forEveryone(blindOpenings, (said, j) =>
      openedBlinds(from(blindCommitments, j).commitment, said, { context: contextOf(j), R }),
    ),
  )
  const V = sumPoints([V_i, ...[...blinds.values()].map(({ V }) => V)])
    .subtract(multiplyPublic(generator, m))
    .subtract(multiplyPublic(key.publicKey, r))
  const A = sumPoints([A_i, ...[...blinds.values()].map(({ A }) => A)])
  mustHold('U = T', !V.is0() && !A.is0())
  const U_i = multiplySecret(V, ρ.reveal())
  const T_i = multiplySecret(A, l.reveal())
  ρ.erase()
  l.erase()
  const check = commit(flattenPoints([U_i, T_i]), random)
  await mail.broadcast(rounds.checkCommitment, { commitment: check.commitment })
  const checkCommitments = await mail.collect(rounds.checkCommitment)

  // Round 8: open U_i and T_i
  await mail.broadcast(rounds.checkOpening, { opening: check.opening })
  const checkOpenings = await mail.collect(rounds.checkOpening)

  // Round 9: ΣU_j = ΣT_j or no s_i is sent, ever. This equality is what protects it.
  stage(6)
  const checkValues = allPassed(
    await forEveryone(checkOpenings, (said, j) => openedCheckValues(from(checkCommitments, j).commitment, said)),
  )
  const U = sumPoints([U_i, ...[...checkValues.values()].map(({ U }) => U)])
  const T = sumPoints([T_i, ...[...checkValues.values()].map(({ T }) => T)])
  mustHold('U = T', U.equals(T))
  stage(7) // before it leaves: from here on the others may hold a signature, whatever happens to us
  await mail.broadcast(rounds.signatureShare, { s: s_i.reveal() })
  const signatureShares = allPassed(await forEveryone(await mail.collect(rounds.signatureShare), signatureShareInRange))

  // End: s = Σs_j
  const s = reduceScalar(s_i.reveal() + sumOverPeers((j) => from(signatureShares, j)))
  const signature = signatureFrom(R, s)
  const isValid = verifies(signature, digest, key.publicKey)
  if (!isValid) await mail.compare(rounds.signatureShare) // who told two stories is to blame, and is named
  mustHold('signature verifies', isValid)
  return signature
}

interface Products {
  readonly α: bigint
  readonly μ: bigint
}

function bothFinished(α: MtaResult, μ: MtaResult): Verdict<Products> {
  if ('flaw' in α) return { failed: "Bob's proof" }
  if ('flaw' in μ) return { failed: "Bob's proof with check" }
  return { passed: { α: α.share, μ: μ.share } }
}

function schnorrFields([proofAlphaX, proofAlphaY, proofT]: readonly [bigint, bigint, bigint]) {
  return { proofAlphaX, proofAlphaY, proofT }
}
