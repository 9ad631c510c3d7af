import { generator, multiplySecret, sumPoints } from '../curve/point.ts'
import { inverseScalar, reduceScalar } from '../curve/scalar.ts'
import type { PartyId } from '../partyId.ts'
import { proveLogElGamal } from '../proofs/logElGamal.ts'
import type { Broadcast, Mailbox } from '../round/mailbox.ts'
import { HeldSecrets, Secret } from '../secret.ts'
import { allPassed, forEveryone, mustHold, type Verdict } from './checks.ts'
import { entry, from, membersOf } from './members.ts'
import { blame } from './presignBlame.ts'
import { misfitOf, nonceShareHolds, productsFor, productsHold, rangesHold } from './presignChecks.ts'
import { presignRounds } from './presignMessages.ts'
import { openSession, type PresignInput } from './presignSession.ts'
import {
  drawMask,
  drawNonces,
  encryptNonces,
  invertibleK,
  multiply,
  proveProduct,
  proveRanges,
  sumOfShares,
  type Factor,
} from './presignSlot.ts'
import { PresignatureBatch, type Presignature } from './presignature.ts'
import type { Protocol } from './protocol.ts'

/** The stages in their order, for progress views. */
export const presignStages = [
  'Encrypt shares of the nonces',
  'Multiply with the shares of the others',
  'Check the products',
  'Check that all shares fit together',
] as const

/**
 * Presigning in three rounds and a word that all is well (CGGMP24 3), for all slots at once: what remains for signing is
 * one message. Nothing survives a run that fails.
 * @throws ProtocolAbort naming who broke which check, or for whom we wait; RangeError for an input out of range
 */
export const presign: Protocol<PresignInput, PresignatureBatch> = async (me, input) => {
  const { mail, arithmetic, random } = me
  const members = membersOf(me, input.signers)
  const session = openSession(input, members)
  const { key, peers, seat } = session
  const rounds = presignRounds(session.signers, input.slots)
  using held = new HeldSecrets()
  held.add(key.additiveShare)
  const slots = Array.from({ length: input.slots }, (_, slot) => slot)
  const stage = (index: number): void => {
    me.stage(presignStages[index] ?? '')
  }

  // Round 1: K_i = enc_i(k_i), G_i = enc_i(γ_i); ElGamal ciphertexts of both; to each j, that they fit and are small
  stage(0)
  const nonces = slots.map(() => drawNonces(session, random, held))
  const ours = await inTurn(nonces, (drawn) => encryptNonces(session, drawn, arithmetic))
  const proven = forEveryone(peers, async (peer, j) => {
    const proofs = await inTurn(slots, (slot) =>
      proveRanges(session, slot, entry(nonces, slot), entry(ours, slot), peer, me),
    )
    await mail.sendTo(j, rounds.rangeProofs, proofs)
  })
  await Promise.all([mail.broadcast(rounds.encryptedNonces, ours), proven])
  const [encrypted, rangeProofs] = await Promise.all([
    mail.collect(rounds.encryptedNonces),
    mail.collect(rounds.rangeProofs),
  ])

  // Round 2: Γ_i = γ_i·G; γ_i and x'_i times k_j, on K_j; to everybody, since all are needed if somebody is to blame
  stage(1)
  const rangesChecked = await forEveryone(peers, (peer, j) =>
    everySlot(slots, (slot) => {
      const [said, proofs] = [entry(from(encrypted, j), slot), entry(from(rangeProofs, j), slot)]
      return rangesHold(session, slot, peer, said, proofs, arithmetic)
    }),
  )
  await testifying(mail, rounds.encryptedNonces, () => allPassed(rangesChecked))
  const byX: Factor = { name: 'x', value: key.additiveShare, point: entry(key.additivePublicShares, seat) }
  const factors = nonces.map(({ γ }): readonly [Factor, Factor] => [
    { name: 'gamma', value: γ, point: multiplySecret(generator, γ.reveal()) },
    byX,
  ])
  const made = await forEveryone(peers, (peer, j) =>
    inTurn(slots, async (slot) => {
      const K = invertibleK(peer, entry(from(encrypted, j), slot).K)
      const product = ({ value }: Factor) =>
        multiply(session, peer, value, K, drawMask(session, peer, random, held), arithmetic)
      const [withγ, withX] = await Promise.all([product(entry(factors, slot)[0]), product(byX)])
      return { withγ, withX }
    }),
  )
  const multiplied = slots.map((slot) => {
    const [{ point: Γ, value: γ }] = entry(factors, slot)
    const { Y, B1, B2 } = entry(ours, slot)
    const statement = { L: B1, M: B2, X: Y, Y: Γ, h: generator, state: session.state(slot, 'elog-gamma', seat) }
    const { b, y } = entry(nonces, slot)
    const witness = { y: γ.reveal(), λ: b.reveal(), logOfX: y.reveal() }
    const products = [...peers.keys()].map((j) => {
      const { withγ, withX } = entry(from(made, j), slot)
      return { D: withγ.D, F: withγ.F, hatD: withX.D, hatF: withX.F }
    })
    return { Γ, proof: proveLogElGamal(statement, witness, me), products }
  })
  const productsProven = forEveryone(peers, async (peer, j) => {
    const proofs = await inTurn(slots, async (slot) => {
      const { withγ, withX } = entry(from(made, j), slot)
      const [ofγ, ofX] = await Promise.all([
        proveProduct(session, slot, peer, entry(factors, slot)[0], withγ, me),
        proveProduct(session, slot, peer, byX, withX, me),
      ])
      return { withγ: ofγ, withX: ofX }
    })
    await mail.sendTo(j, rounds.productProofs, proofs)
  })
  await Promise.all([mail.broadcast(rounds.multiplied, multiplied), productsProven])
  const [theirProducts, productProofs] = await Promise.all([
    mail.collect(rounds.multiplied), // and with it, that round 1 was the same for everybody
    mail.collect(rounds.productProofs),
  ])

  // Round 3: δ_i = k_i·γ_i + Σ(α + β), χ_i = k_i·x'_i + Σ(α̂ + β̂); S_i = χ_i·Γ, Δ_i = k_i·Γ
  stage(2)
  const productsChecked = await forEveryone(peers, (peer, j) =>
    everySlot(slots, (slot) => {
      const said = {
        K: entry(ours, slot).K,
        encrypted: entry(from(encrypted, j), slot),
        multiplied: entry(from(theirProducts, j), slot),
        proofs: entry(from(productProofs, j), slot),
      }
      return productsHold(session, slot, peer, said, arithmetic)
    }),
  )
  const Γs = await testifying(mail, rounds.multiplied, () => {
    allPassed(productsChecked)
    return slots.map((slot) => {
      const parts = [...theirProducts.values()].map((said) => entry(said, slot).Γ)
      const Γ = sumPoints([entry(multiplied, slot).Γ, ...parts])
      mustHold('parts of Γ combine to a nonce', !Γ.is0())
      return Γ
    })
  })
  const combined = await inTurn(slots, async (slot) => {
    const { k, γ, a, y } = entry(nonces, slot)
    const forUs = [...peers].map(([j, { seat: theirs }]) =>
      productsFor(entry(from(theirProducts, j), slot), theirs, seat),
    )
    const own = [...peers.keys()].map((j) => entry(from(made, j), slot))
    const [shareOfδ, shareOfχ] = await Promise.all([
      sumOfShares(session, forUs.map(({ D }) => D), own.map(({ withγ }) => withγ), arithmetic), // prettier-ignore
      sumOfShares(session, forUs.map(({ hatD }) => hatD), own.map(({ withX }) => withX), arithmetic), // prettier-ignore
    ])
    const χ = new Secret(reduceScalar(k.reveal() * key.additiveShare.reveal() + shareOfχ))
    held.add(χ)
    const Γ = entry(Γs, slot)
    const { Y, A1, A2 } = entry(ours, slot)
    const Δ = multiplySecret(Γ, k.reveal())
    const statement = { L: A1, M: A2, X: Y, Y: Δ, h: Γ, state: session.state(slot, 'elog-k', seat) }
    const proof = proveLogElGamal(statement, { y: k.reveal(), λ: a.reveal(), logOfX: y.reveal() }, me)
    const δ = reduceScalar(k.reveal() * γ.reveal() + shareOfδ)
    return { χ, said: { δ, S: multiplySecret(Γ, χ.reveal()), Δ, proof } }
  })
  const ourShares = combined.map(({ said }) => said)
  await mail.broadcast(rounds.combined, ourShares)
  const theirShares = await mail.collect(rounds.combined)

  // Output: round 3 was the same for everybody, so everybody comes to the same end; δ·G = ΣΔ_j and δ·X = ΣS_j
  stage(3)
  await mail.broadcast(rounds.ready, {})
  await mail.collect(rounds.ready)
  allPassed(
    await forEveryone(peers, (peer, j) =>
      everySlot(slots, (slot) => {
        const [said, shares] = [entry(from(encrypted, j), slot), entry(from(theirShares, j), slot)]
        return Promise.resolve(nonceShareHolds(session, slot, peer, said, shares, entry(Γs, slot)))
      }),
    ),
  )
  const everybody = <T>(own: readonly T[], theirs: ReadonlyMap<PartyId, readonly T[]>, slot: number) =>
    new Map(members.ids.map((id) => [id, entry(id === me.id ? own : from(theirs, id), slot)]))
  const inOrder = slots.map((slot) => [...everybody(ourShares, theirShares, slot).values()])
  const misfit = misfitOf(inOrder, key.publicKey)
  if (misfit !== undefined) {
    const { kind, slot } = misfit
    return await blame(me, session, rounds, {
      ...misfit,
      Γ: entry(Γs, slot),
      factor: kind === 'gamma' ? entry(factors, slot)[0] : byX,
      encrypted: everybody(ours, encrypted, slot),
      multiplied: everybody(multiplied, theirProducts, slot),
      shares: everybody(ourShares, theirShares, slot),
      made: await forEveryone(made, (all) => entry(all, slot)[kind === 'gamma' ? 'withγ' : 'withX']),
    })
  }
  const presignatures = slots.map((slot): Presignature => {
    const shares = entry(inOrder, slot)
    const δ = reduceScalar(shares.reduce((sum, share) => sum + share.δ, 0n))
    mustHold('δ is invertible', δ !== 0n)
    return {
      Γ: entry(Γs, slot),
      // Of their own: what is held here is erased now.
      k: new Secret(entry(nonces, slot).k.reveal()),
      χ: new Secret(entry(combined, slot).χ.reveal()),
      inverseOfδ: inverseScalar(δ),
      Δ: shares.map(({ Δ }) => Δ),
      S: shares.map(({ S }) => S),
    }
  })
  const { sid } = session
  const { publicKey } = key
  const binding = { sid, publicKey, signers: new Map(input.signers) }
  return new PresignatureBatch(
    input.digests === undefined ? binding : { ...binding, digests: input.digests },
    presignatures,
  )
}

/**
 * Whoever stops at a check has not yet said what it was told: it does so now, since the others may have been told something
 * else and would see nothing but its silence (SPEC 7).
 */
async function testifying<T>(mail: Mailbox, round: Broadcast<unknown>, checked: () => T): Promise<T> {
  try {
    return checked()
  } catch (error) {
    await mail.testify(round)
    throw error
  }
}

/** One after the other, so that a worker with a long batch gets to its messages in between. */
async function inTurn<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const done: B[] = []
  for (const item of items) done.push(await work(item))
  return done
}

/** The first failure over all slots, or none. */
async function everySlot(
  slots: readonly number[],
  check: (slot: number) => Promise<Verdict<true>>,
): Promise<Verdict<true>> {
  for (const slot of slots) {
    const verdict = await check(slot)
    if ('failed' in verdict) return verdict
  }
  return { passed: true }
}
