import { commit } from '../crypto/commitment.ts'
import { areUsableKeys, deal, evaluateCommitments } from '../crypto/feldman.ts'
import { proofContext } from '../crypto/hash.ts'
import type { PreParameters } from '../crypto/types.ts'
import { coordinates, flattenPoints, generator, multiplySecret, sumPoints } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import { bytesToInteger } from '../integers/bytes.ts'
import { additivePublicShares } from '../keyShare/additiveShares.ts'
import type { KeyShare, PublicShares } from '../keyShare/keyShare.ts'
import { flawOfSharing } from '../keyShare/validate.ts'
import { proveDln, swapBases } from '../proofs/dln.ts'
import { proveMod } from '../proofs/mod.ts'
import { proveNoSmallFactor, verifyNoSmallFactor } from '../proofs/noSmallFactor.ts'
import type { PartyId } from '../partyId.ts'
import { Secret } from '../secret.ts'
import { allPassed, firstFailed, forEveryone, mustHold } from './checks.ts'
import { refuseCopies, shapeOfModuli } from './keygenChecks.ts'
import { entry, from, holdersOf, type Holders } from './members.ts'
import { reshareRounds as rounds } from './messages.ts'
import type { Party, Protocol } from './protocol.ts'
import { dealtAgain, provenModuli, sameStart } from './reshareChecks.ts'
import { positionsOf, prepareSigning } from './signingPreparation.ts'
import { signingSsid } from './ssid.ts'

/**
 * Resharing (RESHARING 2): old members deal their shares of a key to new members, who need not be the same people, nor as
 * many, nor with the same threshold. The key stays, and so do its addresses; old shares and new ones do not fit together.
 * Two roles, two functions. A device in both committees runs both, as two parties of the run with two mailboxes.
 */
interface Handover {
  /** Old members that deal, at least t of them, with their party keys. */
  readonly dealers: ReadonlyMap<PartyId, bigint>
  /** New members and their new party keys, none of which the wallet has had before. No party is in both maps. */
  readonly receivers: ReadonlyMap<PartyId, bigint>
  /** t': how many of the new members sign, 2..n'. */
  readonly threshold: number
}

export interface ReshareOldInput extends Handover {
  readonly share: KeyShare
}

export interface ReshareNewInput extends Handover {
  /** The key as it is, from the proposal that its old members signed; of all of them, dealers or not (RESHARING 4.2). */
  readonly before: PublicShares
  /** Own, fresh: used for this share and for no other. */
  readonly preParameters: PreParameters
  /**
   * Makes the share durable. Only once it has resolved are the others told, and peers on tss-lib then erase their old
   * shares (RESHARING 1.6): whatever it rejects with ends the run before that.
   */
  readonly keep: (share: KeyShare) => Promise<void>
}

/** The stages of an old member in their order, for progress views. */
export const reshareOldStages = [
  'Commit to a new division of our share',
  'Deal it to the new members',
  'Wait until the new members have stored their shares',
] as const

/** The stages of a new member in their order, for progress views. */
export const reshareNewStages = [
  'Wait for the commitments of the old members',
  'Prove the moduli',
  'Check the moduli of the others',
  'Check the shares received',
  'Prove the encryption key',
  'Check the encryption keys of the others',
  'Store the share',
  'Wait until the others have stored theirs',
] as const

/**
 * The part of an old member. `share` is not changed, and stays good for signing: whether it is retired is decided by
 * the certificate of the new members (RESHARING 4.3), never here.
 * @throws ProtocolAbort naming for whom we wait, or who does not keep to the form; RangeError for an input out of range
 */
export const reshareOld: Protocol<ReshareOldInput, void> = async (me, { share, ...handover }) => {
  const { mail, random } = me
  const { dealers, receivers, threshold } = committeesOf(me, handover, share)
  const key = prepareSigning(share, positionsOf(share, dealers.keys))
  if (dealers.positionOf(me.id) !== key.position) throw new RangeError('this seat holds another share')
  const stage = (index: number): void => {
    me.stage(reshareOldStages[index] ?? '')
  }

  // Round 1: f_i(0) = w_i = λ_i·x_i, of degree t' - 1; V_i,c committed to in C_i
  stage(0)
  const dealing = deal(key.additiveShare.reveal(), threshold, receivers.keys, random)
  key.additiveShare.erase()
  const { commitment, opening } = commit(flattenPoints(dealing.commitments), random)
  const [publicKeyX, publicKeyY] = coordinates(share.publicKey)
  const ssid = bytesToInteger(signingSsid(key.signers))
  await mail.broadcast(rounds.commitment, { publicKeyX, publicKeyY, commitment, ssid })
  await mail.collect(rounds.ready)

  // Round 3: s_i→j = f_i(k'_j)
  stage(1)
  for (const j of receivers.ids) await mail.sendTo(j, rounds.share, { share: receivers.of(dealing.shares, j) })
  await mail.broadcast(rounds.opening, { opening })

  stage(2)
  await mail.collect(rounds.stored)
}

/**
 * The part of a new member. The share it returns is stored by `keep`, complete, and not yet agreed on: it may be used only
 * once all new members have confirmed (RESHARING 4.3).
 * @throws ProtocolAbort naming who broke which check, or for whom we wait; RangeError for an input out of range; whatever
 * `keep` rejects with
 */
export const reshareNew: Protocol<ReshareNewInput, KeyShare> = async (me, input) => {
  const { mail, arithmetic } = me
  const { before, preParameters, keep } = input
  const { dealers, receivers, threshold } = committeesOf(me, input, before)
  if (flawOfSharing(before) !== undefined) throw new RangeError('the old public shares are of no such key')
  const { paillier, ringPedersen } = preParameters
  const { nTilde, h1, h2 } = ringPedersen
  if ('failed' in shapeOfModuli({ paillierN: paillier.n, nTilde, h1, h2 }))
    throw new RangeError('unusable pre-parameters')
  const primes = paillier.primes.reveal()
  const { publicKey } = before
  const dealing = positionsOf(before, dealers.keys).map((position) => entry(before.parties, position))
  const dealt = additivePublicShares(dealing) // λ_i·X_i
  const ssid = signingSsid(dealing)
  const contextOf = (id: PartyId): Uint8Array => proofContext(ssid, receivers.positionOf(id))
  const ownKey = receivers.of(receivers.keys, me.id)
  const stage = (index: number): void => {
    me.stage(reshareNewStages[index] ?? '')
  }

  // Round 1
  stage(0)
  const committed = await mail.collect(rounds.commitment)
  allPassed(await forEveryone(committed, (said) => sameStart(said, { publicKey, ssid })))

  // Round 2
  stage(1)
  await mail.broadcast(rounds.ready, {})
  const halves = ringPedersen.halves.reveal()
  const [dlnProof1, dlnProof2, modProof] = await Promise.all([
    proveDln(ringPedersen, { x: ringPedersen.alpha.reveal(), halves }, me),
    proveDln(swapBases(ringPedersen), { x: ringPedersen.beta.reveal(), halves }, me),
    proveMod({ n: paillier.n, context: contextOf(me.id) }, { primes }, me),
  ])
  const ours = { paillierN: paillier.n, nTilde, h1, h2, modProof, dlnProof1, dlnProof2 }
  await mail.broadcast(rounds.moduli, ours)
  const moduli = await mail.collect(rounds.moduli)

  // Round 4: nothing is committed to under moduli that were not checked
  stage(2)
  allPassed(await forEveryone(moduli, shapeOfModuli))
  refuseCopies(new Map([[me.id, ours], ...moduli]), me.id)
  allPassed(await forEveryone(moduli, (theirs, j) => provenModuli(theirs, contextOf(j), arithmetic)))

  // x'_j = Σ s_i→j; V_c = Σ V_i,c; X'_k = Σ_c k'_k^c·V_c; ΣV_i,0 = Y, since each is λ_i·X_i
  const [shares, openings] = await Promise.all([mail.collect(rounds.share), mail.collect(rounds.opening)])
  stage(3)
  const received = allPassed(
    await forEveryone(committed, ({ commitment }, i) => {
      const said = { ...from(shares, i), ...from(openings, i), commitment }
      return dealtAgain(said, { key: ownKey, threshold, additivePublicShare: dealers.of(dealt, i) })
    }),
  )
  const secret = reduceScalar([...received.values()].reduce((sum, { share }) => sum + share, 0n))
  const coefficients = Array.from({ length: threshold }, (_, c) =>
    sumPoints([...received.values()].map(({ points }) => entry(points, c))),
  )
  const publicShares = receivers.keys.map((key) => evaluateCommitments(coefficients, key))
  mustHold('shares combine to a key', secret !== 0n && !publicShares.some((point) => point.is0()))
  if (!entry(coefficients, 0).equals(publicKey)) throw new Error('the parts of the key are not the key')
  if (!multiplySecret(generator, secret).equals(receivers.of(publicShares, me.id))) throw new Error("x'·G is not X'")

  // The proof for k has the context of k, its reader, unlike keygen's
  stage(4)
  await forEveryone(moduli, async ({ nTilde, h1, h2 }, k) => {
    const statement = { n0: paillier.n, verifier: { nTilde, h1, h2 }, context: contextOf(k) }
    await mail.sendTo(k, rounds.noSmallFactor, {
      noSmallFactorProof: await proveNoSmallFactor(statement, { primes }, me),
    })
  })
  const factorProofs = await mail.collect(rounds.noSmallFactor)
  stage(5)
  allPassed(
    await forEveryone(factorProofs, async ({ noSmallFactorProof }, j) => {
      const statement = { n0: from(moduli, j).paillierN, verifier: ringPedersen, context: contextOf(me.id) }
      const flaw = await verifyNoSmallFactor(statement, noSmallFactorProof, arithmetic)
      return firstFailed({ 'no-small-factor proof': flaw === undefined }) ?? { passed: true }
    }),
  )

  // Round 5, after every check and after the share is durable; tss-lib says this too early (RESHARING 1.6)
  stage(6)
  const share: KeyShare = {
    threshold,
    index: receivers.positionOf(me.id),
    secret: new Secret(secret),
    publicKey,
    preParameters,
    parties: receivers.ids.map((id) => {
      const { paillierN, nTilde, h1, h2 } = id === me.id ? ours : from(moduli, id)
      return {
        key: receivers.of(receivers.keys, id),
        publicShare: receivers.of(publicShares, id),
        paillierN,
        ringPedersen: { nTilde, h1, h2 },
      }
    }),
  }
  await keep(share)
  stage(7)
  await mail.broadcast(rounds.stored, {})
  await mail.collect(rounds.stored)
  return share
}

interface Committees {
  readonly dealers: Holders
  readonly receivers: Holders
  readonly threshold: number
}

/** Both committees, or a RangeError that says what is wrong with them. */
function committeesOf(me: Party, handover: Handover, before: PublicShares): Committees {
  const { threshold } = handover
  const everybody = [...handover.dealers.keys(), ...handover.receivers.keys()]
  const expected = new Set([me.id, ...me.peers])
  if (everybody.length !== expected.size || everybody.some((id) => !expected.has(id)))
    throw new RangeError('other parties than those of the run')
  const dealers = holdersOf(handover.dealers)
  const receivers = holdersOf(handover.receivers)
  if (positionsOf(before, dealers.keys).includes(-1)) throw new RangeError('only holders of the old key deal')
  if (dealers.ids.length < before.threshold) throw new RangeError('too few dealers')
  // Also of those who are not here: shares of two epochs under one party key blame the honest (RESHARING 3).
  if (!areUsableKeys([...before.parties.map(({ key }) => key), ...receivers.keys]))
    throw new RangeError('a party key is used once in the life of a wallet')
  if (before.threshold < 2 || threshold < 2 || threshold > receivers.ids.length)
    throw new RangeError('threshold out of range')
  return { dealers, receivers, threshold }
}
