import { decryptSigned, modulusN } from '../crypto/paillier.ts'
import type { PaillierPrivateKey, PaillierPublicKey } from '../crypto/types.ts'
import { generator, multiplyPublic, type Point } from '../curve/point.ts'
import { misbehaviour } from '../failure.ts'
import type { Arithmetic } from '../integers/arithmetic.ts'
import { gcd, inverse, mod } from '../integers/numberTheory.ts'
import type { PartyId } from '../partyId.ts'
import { proveAffineGroupOpen, verifyAffineGroupOpen, type AffineGroupOpenProof } from '../proofs/affineGroupOpen.ts'
import {
  proveDecryptExponent,
  verifyDecryptExponent,
  type DecryptExponentStatement,
} from '../proofs/decryptExponent.ts'
import { allPassed, firstFailed, forEveryone, type Verdict } from './checks.ts'
import { entry, from } from './members.ts'
import { productsFor, type Misfit } from './presignChecks.ts'
import type { Encrypted, Multiplied, presignRounds, PresignShares } from './presignMessages.ts'
import type { PresignSession } from './presignSession.ts'
import { centered, productStatement, type Factor, type OwnProduct } from './presignSlot.ts'
import type { Party } from './protocol.ts'

/** What everybody said about one slot, own words included, and what only we know about it. */
export interface SlotHistory extends Misfit {
  readonly Γ: Point
  readonly factor: Factor
  readonly encrypted: ReadonlyMap<PartyId, Encrypted>
  readonly multiplied: ReadonlyMap<PartyId, Multiplied>
  readonly shares: ReadonlyMap<PartyId, PresignShares>
  /** Our products for each peer. */
  readonly made: ReadonlyMap<PartyId, OwnProduct>
}

/**
 * The shares of a slot do not fit together, and everybody shows that its own are right (CGGMP24 7): that it multiplied for
 * each other signer what it had to, and that its share is what it decrypts. The slot signs nothing any more, so nothing is
 * lost by showing it. Always ends the run.
 * @throws ProtocolAbort naming who cannot show it; nobody, should everybody be able to
 */
export async function blame(
  me: Party,
  session: PresignSession,
  rounds: ReturnType<typeof presignRounds>,
  history: SlotHistory,
): Promise<never> {
  const { mail, arithmetic } = me
  const { kind, slot } = history
  const keys = keysOf(me.id, session)
  const shown = statementOf(me.id, keys, session, history)
  if (shown === undefined) throw new Error('our own ciphertexts cannot be combined')
  const witness = await openingOf(session.own.paillier, shown, history, arithmetic)
  const proveMultiplied = [...session.peers].map(async ([j, peer], i) => {
    const { statement, witness } = productStatement(session, peer, history.factor, from(history.made, j))
    const state = session.state(slot, `affs-${kind}`, session.seat, peer.seat)
    await mail.broadcast(
      entry(rounds.multiplications, i),
      await proveAffineGroupOpen({ ...statement, state }, witness, me),
    )
  })
  await Promise.all([
    ...proveMultiplied,
    proveDecryptExponent(shown, witness, me).then((proof) => mail.broadcast(rounds.decryption, proof)),
  ])
  const decryptions = await mail.collect(rounds.decryption)
  const multiplications = await Promise.all(rounds.multiplications.map((round) => mail.collect(round)))

  const isMultiplied = async (j: PartyId): Promise<boolean> => {
    const proofs = multiplications.map((said) => from(said, j))
    return multipliesRight(j, keys, session, history, proofs, arithmetic)
  }
  allPassed(
    await forEveryone(decryptions, async (proof, j): Promise<Verdict<true>> => {
      const statement = statementOf(j, keys, session, history)
      const decrypts =
        statement !== undefined && (await verifyDecryptExponent(statement, proof, arithmetic)) === undefined
      const multiplies = await isMultiplied(j)
      const failed =
        kind === 'gamma'
          ? firstFailed({ 'open proof of the product with γ': multiplies, 'proof of δ': decrypts })
          : firstFailed({ 'open proof of the product with x': multiplies, 'proof of S': decrypts })
      return failed ?? { passed: true }
    }),
  )
  throw misbehaviour([], kind === 'gamma' ? 'shares of δ fit together' : 'shares of χ fit together')
}

interface SignerKeys {
  readonly seat: number
  readonly paillier: PaillierPublicKey | PaillierPrivateKey
  readonly share: Point
}

/** Everybody, ourselves included, in the order of the seats. */
function keysOf(me: PartyId, { seat, own, key, peers }: PresignSession): ReadonlyMap<PartyId, SignerKeys> {
  const share = entry(key.additivePublicShares, seat)
  const all: [PartyId, SignerKeys][] = [[me, { seat, paillier: own.paillier, share }], ...peers]
  return new Map(all.sort(([, a], [, b]) => a.seat - b.seat))
}

/**
 * "What i decrypts is its share." D^i is the product of what i received over what it sent: ⊕(D_i,j ⊖ F_j,i). Nothing if
 * that is no ciphertext, which an honest i would not have let pass.
 */
function statementOf(
  i: PartyId,
  keys: ReadonlyMap<PartyId, SignerKeys>,
  session: PresignSession,
  { kind, slot, Γ, encrypted, multiplied, shares }: SlotHistory,
): DecryptExponentStatement | undefined {
  const { seat, paillier: prover, share } = from(keys, i)
  const N2 = prover.n ** 2n
  let [received, sent] = [1n, 1n]
  for (const [j, { seat: theirs }] of keys) {
    if (j === i) continue
    const toUs = productsFor(from(multiplied, j), theirs, seat)
    const ofUs = productsFor(from(multiplied, i), seat, theirs)
    received = mod(received * (kind === 'gamma' ? toUs.D : toUs.hatD), N2)
    sent = mod(sent * (kind === 'gamma' ? ofUs.F : ofUs.hatF), N2)
  }
  if (gcd(sent, prover.n) !== 1n) return undefined
  const { δ, S } = from(shares, i)
  return {
    prover,
    K: from(encrypted, i).K,
    D: mod(received * inverse(sent, N2), N2),
    X: kind === 'gamma' ? from(multiplied, i).Γ : share,
    S: kind === 'gamma' ? multiplyPublic(generator, δ) : S,
    H: kind === 'gamma' ? generator : Γ,
    signers: session.signers,
    state: session.state(slot, `dec-${kind}`, seat),
  }
}

/** x, and the plaintext and nonce of K^x·D, which the owner of the key can find. */
async function openingOf(
  key: PaillierPrivateKey,
  { K, D }: DecryptExponentStatement,
  { factor }: SlotHistory,
  arithmetic: Arithmetic,
) {
  const N2 = key.n ** 2n
  const x = centered(factor.value.reveal())
  const [p, q] = key.primes.reveal()
  const φ = (p - 1n) * (q - 1n)
  const [xK = 0n] = await arithmetic.products({ value: N2, factors: { primes: [p, q], power: 2 } }, [
    [{ base: K, exponent: mod(x, φ * key.n), secretBits: 4096 }],
  ])
  const full = mod(xK * D, N2)
  const y = await decryptSigned(key, full, arithmetic)
  // full = (1 + yN)·ρ^N, so modulo N it is ρ^N.
  const [ρ = 0n] = await arithmetic.products(modulusN(key), [
    [{ base: full, exponent: inverse(key.n, φ), secretBits: 2048 }],
  ])
  return { x, y, ρ }
}

/** Whether party i shows for each other seat that it multiplied as it had to. */
async function multipliesRight(
  i: PartyId,
  keys: ReadonlyMap<PartyId, SignerKeys>,
  session: PresignSession,
  { kind, slot, encrypted, multiplied }: SlotHistory,
  proofs: readonly AffineGroupOpenProof[],
  arithmetic: Arithmetic,
): Promise<boolean> {
  const { seat, paillier: prover, share } = from(keys, i)
  const others = [...keys].filter(([j]) => j !== i)
  for (const [at, [j, { seat: theirs, paillier: receiver }]] of others.entries()) {
    const { D, F, hatD, hatF } = productsFor(from(multiplied, i), seat, theirs)
    const statement = {
      receiver,
      prover,
      C: from(encrypted, j).K,
      ...(kind === 'gamma' ? { D, Y: F, X: from(multiplied, i).Γ } : { D: hatD, Y: hatF, X: share }),
      state: session.state(slot, `affs-${kind}`, seat, theirs),
    }
    if ((await verifyAffineGroupOpen(statement, entry(proofs, at), arithmetic)) !== undefined) return false
  }
  return true
}
