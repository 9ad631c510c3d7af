import { auxiliary, bits } from '../proofs/presigning.ts'
import { digestOf, leaf, list, point, struct, text, uint, type Encoded } from '../crypto/transcript.ts'
import type { PaillierPublicKey, PreParameters, RingPedersen } from '../crypto/types.ts'
import { generator, multiplySecret, sumPoints, type Point } from '../curve/point.ts'
import { reduceScalar } from '../curve/scalar.ts'
import type { KeyShare } from '../keyShare/keyShare.ts'
import type { PartyId } from '../partyId.ts'
import { entry, type Members } from './members.ts'
import { prepareSigning, type SigningKey } from './signingPreparation.ts'

export interface PresignInput {
  readonly share: KeyShare
  /** The party keys of everybody who will sign, own included: at least `share.threshold` of the wallet's. */
  readonly signers: ReadonlyMap<PartyId, bigint>
  /** 32 bytes, fresh, the same for all: never again, not even after a failure. */
  readonly run: Uint8Array
  /** How many presignatures, 1 to `mostSlotsFor(signers)`. */
  readonly slots: number
  /** δ of the child key that they are for (`deriveChild`); without it they are for the wallet's own key. */
  readonly tweak?: bigint
  /** Where the messages are there first: the only digest that each of them will sign, one for each slot. */
  readonly digests?: readonly Uint8Array[]
}

/** What a presigning is bound to (CGGMP24 5): every proof, and later every signature, names its hash. */
export interface PresignBinding {
  /** 32 bytes, fresh, agreed on by all signers. */
  readonly run: Uint8Array
  /** τ, of the child key that signs; 0 for the wallet's own. */
  readonly tweak: bigint
  readonly slots: number
  readonly key: Pick<SigningKey, 'publicKey' | 'signers' | 'additivePublicShares'>
}

/** sid, 32 bytes. The signers are in the order of their keys. */
export function sessionId({ run, tweak, slots, key }: PresignBinding): Uint8Array<ArrayBuffer> {
  if (run.length !== 32) throw new RangeError('a run id has 32 bytes')
  const signers = key.signers.map((signer, j) =>
    struct({
      key: uint(signer.key),
      share: point(entry(key.additivePublicShares, j)),
      n: uint(signer.paillierN),
      aux: auxiliary(signer.ringPedersen),
    }),
  )
  const params = struct({ l: uint(bits.l), l_prime: uint(bits.lPrime), epsilon: uint(bits.epsilon) })
  const fields = {
    run: leaf(run),
    public_key: point(key.publicKey),
    tweak: uint(reduceScalar(tweak)),
    slots: uint(slots),
    params,
    signers: list(signers),
  }
  return digestOf(struct(fields, 'quorate.cggmp24.v1.session'))
}

/**
 * The run id of presigning for messages that are known beforehand (CGGMP24 9.2), one for each slot: no presignature of that
 * run can sign anything else.
 */
export function messageFirstRun(
  run: Uint8Array,
  digests: readonly Uint8Array[],
  tweak: bigint,
): Uint8Array<ArrayBuffer> {
  const fields = { run: leaf(run), digests: list(digests.map(leaf)), tweak: uint(reduceScalar(tweak)) }
  return digestOf(struct(fields, 'quorate.cggmp24.v1.message-first'))
}

/** Which statement a proof is about. */
export type ProofName =
  | 'enc-k'
  | 'enc-gamma'
  | 'aff-gamma'
  | 'aff-x'
  | 'elog-gamma'
  | 'elog-k'
  | 'affs-gamma'
  | 'affs-x'
  | 'dec-gamma'
  | 'dec-x'

/** `shared_state` of a proof (CGGMP24 5). Seats are counted from 0; without a verifier the proof is for everybody. */
export function proofState(
  sid: Uint8Array,
  slot: number,
  proof: ProofName,
  prover: number,
  verifier?: number,
): Encoded {
  const fields = {
    sid: leaf(sid),
    slot: uint(slot),
    proof: text(proof),
    prover: uint(prover),
    verifier: uint(verifier === undefined ? 0 : verifier + 1),
  }
  return struct(fields, 'quorate.cggmp24.v1.proof')
}

/** Another signer: its seat, counted from 0 in the order of the party keys, and its keys. */
export interface PresignPeer {
  readonly seat: number
  readonly paillier: PaillierPublicKey
  readonly ring: RingPedersen
  /** X'_j */
  readonly share: Point
}

/** Everything about a run of presigning that does not change while it runs. */
export interface PresignSession {
  readonly sid: Uint8Array
  readonly seat: number
  readonly slots: number
  readonly signers: number
  readonly own: PreParameters
  readonly key: SigningKey
  readonly peers: ReadonlyMap<PartyId, PresignPeer>
  /** How often h1 and h2 of a peer are raised, about. */
  readonly uses: number
  state(slot: number, proof: ProofName, prover: number, verifier?: number): Encoded
}

/** Checks what belongs to us before anything is sent, and gives everything its name (CGGMP24 2, 5). */
export function openSession(
  { share, signers, run, slots, tweak = 0n, digests }: PresignInput,
  members: Members,
): PresignSession {
  const indexes = members.keys.map((key) => share.parties.findIndex((party) => party.key === key))
  const key = prepareSigning(share, indexes, tweak)
  if (key.position !== members.position) throw new RangeError('this seat holds another share')
  const { additiveShare, additivePublicShares, publicKey } = key
  if (!sumPoints(additivePublicShares).equals(publicKey)) throw new RangeError('the shares are not of this key')
  if (!multiplySecret(generator, additiveShare.reveal()).equals(entry(additivePublicShares, key.position))) {
    throw new RangeError('the share is not of this key')
  }
  if (digests !== undefined && digests.length !== slots) throw new RangeError('one digest for each slot')
  if (digests?.some(({ length }) => length !== 32) === true) throw new RangeError('a digest has 32 bytes')
  const bound = digests === undefined ? run : messageFirstRun(run, digests, tweak)
  const sid = sessionId({ run: bound, tweak, slots, key })
  return {
    sid,
    seat: key.position,
    slots,
    signers: signers.size,
    own: share.preParameters,
    key,
    peers: peersOf(members, key.signers, additivePublicShares),
    uses: 12 * slots,
    state: (slot, proof, prover, verifier) => proofState(sid, slot, proof, prover, verifier),
  }
}

/** In the order of their seats. */
function peersOf(
  { ids, position }: Members,
  signers: KeyShare['parties'],
  shares: readonly Point[],
): ReadonlyMap<PartyId, PresignPeer> {
  const all = ids.map((id, seat): [PartyId, PresignPeer] => {
    const { paillierN, ringPedersen } = entry(signers, seat)
    return [id, { seat, paillier: { n: paillierN }, ring: ringPedersen, share: entry(shares, seat) }]
  })
  return new Map(all.filter(([, { seat }]) => seat !== position))
}
