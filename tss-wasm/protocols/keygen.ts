import { commit } from '../crypto/commitment.ts'
import { deal, evaluateCommitments } from '../crypto/feldman.ts'
import { proofContext } from '../crypto/hash.ts'
import type { PreParameters } from '../crypto/types.ts'
import { flattenPoints, generator, multiplySecret, sumPoints } from '../curve/point.ts'
import { randomScalar, reduceScalar } from '../curve/scalar.ts'
import type { KeyShare } from '../keyShare/keyShare.ts'
import { proveDln, swapBases } from '../proofs/dln.ts'
import { proveMod } from '../proofs/mod.ts'
import { proveNoSmallFactor } from '../proofs/noSmallFactor.ts'
import { provePaillierRoot, verifyPaillierRoot } from '../proofs/paillierRoot.ts'
import type { PartyId } from '../partyId.ts'
import { Secret } from '../secret.ts'
import { allPassed, firstFailed, forEveryone, mustHold } from './checks.ts'
import { bothDlnProofs, dealtShare, refuseCopies, shapeOfModuli } from './keygenChecks.ts'
import { entry, from, membersOf } from './members.ts'
import { keygenRounds as rounds } from './messages.ts'
import type { Protocol } from './protocol.ts'
import { keygenSsid } from './ssid.ts'

export interface KeygenInput {
  /** t: how many parties sign, 2..n. */
  readonly threshold: number
  /** The Shamir x-coordinate of everybody, own included. */
  readonly partyKeys: ReadonlyMap<PartyId, bigint>
  /** Own, fresh: used for this key and for no other. */
  readonly preParameters: PreParameters
}

/** The stages in their order, for progress views. */
export const keygenStages = [
  'Commit to a part of the key',
  'Check the moduli of the others',
  'Deal shares',
  'Check the shares received',
  'Prove the encryption key',
  'Check the encryption keys of the others',
] as const

/**
 * Distributed key generation, WIRE 5. Everybody deals a random secret to everybody; the key is the sum, and nobody
 * ever holds it. The result is complete but not yet agreed on: it may be used only once all parties have confirmed.
 * @throws ProtocolAbort naming who broke which check, or for whom we wait; RangeError for an input out of range
 */
export const keygen: Protocol<KeygenInput, KeyShare> = async (me, { threshold, partyKeys, preParameters }) => {
  const { mail, arithmetic, random } = me
  const members = membersOf(me, partyKeys)
  const { keys, position } = members
  const { paillier, ringPedersen } = preParameters
  const { nTilde, h1, h2 } = ringPedersen
  if ('failed' in shapeOfModuli({ paillierN: paillier.n, nTilde, h1, h2 }))
    throw new RangeError('unusable pre-parameters')
  const primes = paillier.primes.reveal()
  const ownKey = members.of(keys, me.id)
  const ssid = keygenSsid(keys)
  const context = proofContext(ssid, position)
  const stage = (index: number): void => {
    me.stage(keygenStages[index] ?? '')
  }

  // Round 1: V_i,c = a_i,c·G committed to in C_i; s_i→j = f_i(k_j)
  stage(0)
  const dealing = deal(randomScalar(random), threshold, keys, random)
  const { commitment, opening } = commit(flattenPoints(dealing.commitments), random)
  const halves = ringPedersen.halves.reveal()
  const [dlnProof1, dlnProof2] = await Promise.all([
    proveDln(ringPedersen, { x: ringPedersen.alpha.reveal(), halves }, me),
    proveDln(swapBases(ringPedersen), { x: ringPedersen.beta.reveal(), halves }, me),
  ])
  const ours = { commitment, paillierN: paillier.n, nTilde, h1, h2, dlnProof1, dlnProof2 }
  await mail.broadcast(rounds.commitment, ours)
  const committed = await mail.collect(rounds.commitment)

  // Round 2: nothing is encrypted or committed to under moduli that were not checked
  stage(1)
  allPassed(await forEveryone(committed, shapeOfModuli))
  refuseCopies(new Map([[me.id, ours], ...committed]), me.id)
  allPassed(await forEveryone(committed, (theirs) => bothDlnProofs(theirs, arithmetic)))

  stage(2)
  const opened = proveMod({ n: paillier.n, context }, { primes }, me).then((modProof) =>
    mail.broadcast(rounds.opening, { opening, modProof }),
  )
  const dealtOut = forEveryone(committed, async ({ nTilde, h1, h2 }, j) => {
    const verifier = { nTilde, h1, h2 }
    const noSmallFactorProof = await proveNoSmallFactor({ n0: paillier.n, verifier, context }, { primes }, me)
    await mail.sendTo(j, rounds.share, { share: members.of(dealing.shares, j), noSmallFactorProof })
  })
  await Promise.all([opened, dealtOut])
  const [shares, openings] = await Promise.all([mail.collect(rounds.share), mail.collect(rounds.opening)])

  // Round 3: x_i = Σ s_j→i; V_c = Σ V_j,c; X_j = Σ_c k_j^c·V_c; Y = V_0
  stage(3)
  const received = allPassed(
    await forEveryone(committed, (theirs, j) => {
      const said = { ...from(shares, j), ...from(openings, j), committed: theirs }
      const theirContext = proofContext(ssid, members.positionOf(j))
      return dealtShare(said, { key: ownKey, threshold, ringPedersen, context: theirContext }, arithmetic)
    }),
  )
  const dealt = [...received.values(), { share: members.of(dealing.shares, me.id), points: dealing.commitments }]
  const secret = reduceScalar(dealt.reduce((sum, { share }) => sum + share, 0n))
  const coefficients = dealing.commitments.map((_, c) => sumPoints(dealt.map(({ points }) => entry(points, c))))
  const publicShares = keys.map((key) => evaluateCommitments(coefficients, key))
  const publicKey = entry(coefficients, 0)
  mustHold('shares combine to a key', secret !== 0n && ![publicKey, ...publicShares].some((point) => point.is0()))

  stage(4)
  const own = { n: paillier.n, partyKey: ownKey, publicKey }
  await mail.broadcast(rounds.paillierProof, { paillierProof: await provePaillierRoot(own, { primes }, me) })
  const paillierProofs = await mail.collect(rounds.paillierProof)

  // Round 4
  stage(5)
  allPassed(
    await forEveryone(paillierProofs, async ({ paillierProof }, j) => {
      const statement = { n: from(committed, j).paillierN, partyKey: members.of(keys, j), publicKey }
      const flaw = await verifyPaillierRoot(statement, paillierProof, arithmetic)
      return firstFailed({ 'Paillier proof': flaw === undefined }) ?? { passed: true }
    }),
  )
  if (!multiplySecret(generator, secret).equals(members.of(publicShares, me.id))) throw new Error('x_i·G is not X_i')
  return {
    threshold,
    index: position,
    secret: new Secret(secret),
    publicKey,
    preParameters,
    parties: members.ids.map((id) => {
      const { paillierN, nTilde, h1, h2 } = id === me.id ? ours : from(committed, id)
      return {
        key: members.of(keys, id),
        publicShare: members.of(publicShares, id),
        paillierN,
        ringPedersen: { nTilde, h1, h2 },
      }
    }),
  }
}
