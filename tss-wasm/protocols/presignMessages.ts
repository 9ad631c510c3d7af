import { ByteReader } from '../bytes.ts'
import { bytes, point, record, scalar, times, unsigned, type Field } from '../crypto/fields.ts'
import { affineGroupField } from '../proofs/affineGroup.ts'
import { affineGroupOpenField } from '../proofs/affineGroupOpen.ts'
import { decryptExponentField } from '../proofs/decryptExponent.ts'
import { encElGamalField } from '../proofs/encElGamal.ts'
import { logElGamalField } from '../proofs/logElGamal.ts'
import type { Broadcast, Codec, Private, Round } from '../round/round.ts'

/**
 * Every message of presigning and of signing with presignatures (CGGMP24 3, 4, 7). How long they are depends on how many
 * sign, and on the slots of the batch, so the rounds are made for both.
 */

const ciphertext = unsigned(4096)

/** Round 1, to everybody: K_i, G_i and both ElGamal ciphertexts. */
const encrypted = record({ K: ciphertext, G: ciphertext, Y: point, A1: point, A2: point, B1: point, B2: point })
/** Round 1, to each: ψ0 and ψ1. */
const ranges = record({ ofK: encElGamalField, ofG: encElGamalField })
/** Round 2: D and F for one seat, for γ and for x. */
const products = record({ D: ciphertext, F: ciphertext, hatD: ciphertext, hatF: ciphertext })
/** Round 2, to each: ψ and ψ̂. */
const productProofs = record({ withγ: affineGroupField, withX: affineGroupField })
/** Round 3. */
const shares = record({ δ: scalar, S: point, Δ: point, proof: logElGamalField })
/** Round 4: nothing but the echo of round 3. */
const ready = record({})

export type Encrypted = Value<typeof encrypted>
export type RangeProofs = Value<typeof ranges>
export type Products = Value<typeof products>
export type ProductProofs = Value<typeof productProofs>
export type Multiplied = Value<ReturnType<typeof multipliedFor>>
export type PresignShares = Value<typeof shares>
type Value<F> = F extends Field<infer T> ? T : never

/** Round 2, to everybody: Γ_i, ψ̃, and what goes to every other seat, in the order of the seats. */
function multipliedFor(signers: number) {
  return record({ Γ: point, proof: logElGamalField, products: times(signers - 1, products) })
}

/** An envelope holds 1 MiB; what is left of it is for its header and the echo. */
const mostBytes = 1_000_000
const mostSlots = 64

/** How many presignatures one run makes at most: round 2 tells everybody 2 KB for every other seat and slot. */
export function mostSlotsFor(signers: number): number {
  const [bytesOfAll, bytesToEach] = [196 + 2060 * (signers - 1), 9600]
  return Math.min(mostSlots, Math.floor(mostBytes / Math.max(bytesOfAll, bytesToEach)))
}

/**
 * @param signers 2 to 20
 * @param slots 1 to `mostSlotsFor(signers)`
 */
export function presignRounds(signers: number, slots: number) {
  if (!Number.isInteger(slots) || slots < 1 || slots > mostSlotsFor(signers)) {
    throw new RangeError(`a batch has 1 to ${mostSlotsFor(signers)} presignatures`)
  }
  const encryptedNonces = broadcast('presign 1: encrypted nonces', times(slots, encrypted))
  const multiplied = broadcast('presign 2: products', times(slots, multipliedFor(signers)), encryptedNonces)
  const combined = broadcast('presign 3: shares of the nonce', times(slots, shares), multiplied)
  return {
    encryptedNonces,
    rangeProofs: toOne('presign 1: range proofs', times(slots, ranges)),
    multiplied,
    productProofs: toOne('presign 2: proofs of products', times(slots, productProofs)),
    combined,
    ready: broadcast('presign 4: ready', ready, combined),
    /** Of blame: what was decrypted, and for every other seat in turn what was multiplied for it. */
    decryption: echoed('presign blame: decryption', decryptExponentField),
    multiplications: Array.from({ length: signers - 1 }, (_, i) =>
      echoed(`presign blame: product ${i + 1}`, affineGroupOpenField),
    ),
  }
}

/** The table of contents of presigning. */
export function presignTable(signers: number, slots: number): readonly Round[] {
  const { multiplications, ...rounds } = presignRounds(signers, slots)
  return [...Object.values(rounds), ...multiplications]
}

/** @param signatures how many at once, 1 to 64 */
export function onlineRounds(signatures: number) {
  if (!Number.isInteger(signatures) || signatures < 1 || signatures > mostSlots)
    throw new RangeError('1 to 64 messages')
  return {
    share: broadcast('sign online: share', record({ request: bytes(32), σ: times(signatures, scalar) })),
  }
}

export function onlineTable(signatures: number): readonly Round[] {
  return Object.values(onlineRounds(signatures))
}

function codecOf<T>(field: Field<T>): Codec<T> {
  return {
    encode: (value) => field.encode(value),
    decode(body) {
      const reader = new ByteReader(body)
      const value = field.decode(reader)
      reader.end()
      return value
    },
  }
}

function broadcast<T>(name: string, field: Field<T>, carries?: Broadcast<unknown>['carries']): Broadcast<T> {
  return { kind: 'broadcast', name, codec: codecOf(field), ...(carries !== undefined && { carries }) }
}

/** Of blame, which no run that ends well comes to. */
function echoed<T>(name: string, field: Field<T>): Broadcast<T> {
  return { ...broadcast(name, field), echoed: true, isReceipt: true }
}

function toOne<T>(name: string, field: Field<T>): Private<T> {
  return { kind: 'private', name, codec: codecOf(field) }
}
