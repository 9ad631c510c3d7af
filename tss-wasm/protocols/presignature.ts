import { sameBytes } from '../bytes.ts'
import { digestOf, leaf, list, struct, uint } from '../crypto/transcript.ts'
import type { Point } from '../curve/point.ts'
import { refused } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import type { Secret } from '../secret.ts'

/** What is left of one slot when presigning is over (CGGMP24 3, output). */
export interface Presignature {
  /** ECDSA's R. */
  readonly Γ: Point
  /** k_i and χ_i. */
  readonly k: Secret<bigint>
  readonly χ: Secret<bigint>
  /** 1/δ, which all of them are still to be multiplied by. */
  readonly inverseOfδ: bigint
  /** Δ_j and S_j of everybody, in the order of the signers: what their σ_j are checked against. */
  readonly Δ: readonly Point[]
  readonly S: readonly Point[]
}

/** What is to be signed. */
export interface Message {
  /** 32 bytes */
  readonly digest: Uint8Array
  /**
   * Whether this party itself hashed content that it decoded. A digest that somebody else made must never meet a
   * presignature that was there before it: it could have been chosen for it (CGGMP24 9.2).
   */
  readonly origin: 'content' | 'opaque'
}

/** Which presignatures are to be used up for which messages. */
export interface OnlineRequest {
  readonly sid: Uint8Array
  /** The lowest slot that is still free: nobody chooses among nonces once the message is known (CGGMP24 10). */
  readonly first: number
  readonly messages: readonly Message[]
  /** Everybody who signs, with their party keys. */
  readonly signers: ReadonlyMap<PartyId, bigint>
}

/** What a batch belongs to. */
export interface BatchBinding {
  readonly sid: Uint8Array
  readonly publicKey: Point
  readonly signers: ReadonlyMap<PartyId, bigint>
  /** What each slot may sign and nothing else, where presigning was done for messages that were there first. */
  readonly digests?: readonly Uint8Array[]
}

/**
 * Presignatures of one run, ready to be used, each once (CGGMP24 10). They cannot be copied, printed, stored or sent to
 * another worker, and there is no way to give one back.
 */
export class PresignatureBatch {
  readonly #free: Presignature[]
  readonly #binding: BatchBinding
  #next = 0

  /** Structured cloning refuses functions, and so this. */
  readonly staysHere = (): never => {
    throw new Error('presignatures stay in the memory of one worker')
  }

  constructor(binding: BatchBinding, presignatures: readonly Presignature[]) {
    this.#binding = binding
    this.#free = [...presignatures]
  }

  /** The hash of what they are bound to, 32 bytes. */
  get sid(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#binding.sid)
  }

  get publicKey(): Point {
    return this.#binding.publicKey
  }

  /** The lowest slot that is free. */
  get next(): number {
    return this.#next
  }

  /** How many are free. */
  get left(): number {
    return this.#free.length
  }

  /**
   * Takes one presignature for each message, all or none, for good. Nothing is waited for in between, so no two callers
   * get the same one; whoever fails later does not give it back.
   * @throws ProtocolAbort `refused` for a request that is not exactly for what is free here
   */
  take(request: OnlineRequest): readonly Presignature[] {
    const { sid, digests } = this.#binding
    const { messages, first } = request
    if (!sameBytes(request.sid, sid)) throw refused('presignature', 'these presignatures are of another run')
    if (!this.#isFor(request.signers)) throw refused('presignature', 'these presignatures are of other signers')
    if (messages.length === 0 || messages.some((message) => message.digest.length !== 32)) {
      throw refused('presignature', 'a digest has 32 bytes')
    }
    if (first !== this.#next) throw refused('presignature', 'this presignature is taken, or not yet its turn')
    if (messages.length > this.#free.length) throw refused('presignature', 'there are too few presignatures')
    const isAllowed = ({ digest, origin }: Message, i: number): boolean =>
      digests === undefined ? origin === 'content' : sameBytes(digest, digests[first + i] ?? nothing)
    if (!messages.every(isAllowed)) throw refused('presignature', 'a presignature cannot sign this digest')
    this.#next += messages.length
    return this.#free.splice(0, messages.length)
  }

  /** Gives up all that are free. */
  erase(): void {
    for (const { k, χ } of this.#free.splice(0)) {
      k.erase()
      χ.erase()
    }
  }

  #isFor(signers: ReadonlyMap<PartyId, bigint>): boolean {
    const own = this.#binding.signers
    return signers.size === own.size && [...signers].every(([id, key]) => own.get(id) === key)
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown
  }
}

const shown = '[presignatures]'
const nothing = new Uint8Array()

/** The hash of a request, which every share of a signature names. */
export function requestHash({ sid, first, messages }: OnlineRequest): Uint8Array<ArrayBuffer> {
  const digests = list(messages.map(({ digest }) => leaf(digest)))
  return digestOf(struct({ sid: leaf(sid), first: uint(first), digests }, 'quorate.cggmp24.v1.request'))
}
