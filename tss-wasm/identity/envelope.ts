import { x25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes, uint32 } from '../bytes.ts'
import { misbehaviour } from '../failure.ts'
import { type RandomSource, systemRandom } from '../random.ts'
import type { Channel, Claim, Incoming, Outgoing } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import type { Identity } from './identity.ts'
import { encodeEvidence, type SignedHeader } from './evidence.ts'
import { encapsulatedLength, open as unseal, sealTo } from './hpke.ts'
import { identityAt, type Roster } from './roster.ts'
import { isSigned, signatureLength, signed } from './signed.ts'
import { bindingOf, everyone, type Header, headerBytes, signedPart } from './signedPart.ts'

/** What everybody signs (SPEC 7). */
export const longestEnvelope = 1024 * 1024

const version = 1

/** What the router delivered and nobody signed for. It proves nothing against any party, so nobody is blamed. */
export interface Dropped {
  /** Too long, cut short, unknown version. */
  malformed: number
  /** Not signed by the party it names, or for another session, run or roster. */
  forged: number
  /** A party's own envelope, or one for somebody else. */
  misrouted: number
  /** Seen before, byte for byte. */
  replayed: number
  /** Ahead of its turn. */
  outOfOrder: number
}

export interface SecuredChannel extends Channel {
  readonly dropped: Readonly<Dropped>
}

interface Envelope extends Header {
  readonly signature: Uint8Array
  /** As sent: for private messages the encapsulated key and the ciphertext. */
  readonly body: Uint8Array<ArrayBuffer>
}

export interface Securing {
  readonly identity: Identity
  readonly roster: Roster
  readonly me: PartyId
  readonly random?: RandomSource
}

/**
 * Signs every body and encrypts private ones to their reader; gives out only what the party it names has signed, for
 * this run, for us, in the order in which it was sent (ARCHITECTURE 2.5). The channel below is not believed in anything.
 */
export function secured(below: Channel, { identity, roster, me, random = systemRandom }: Securing): SecuredChannel {
  const binding = bindingOf(roster)
  const dropped: Dropped = { malformed: 0, forged: 0, misrouted: 0, replayed: 0, outOfOrder: 0 }
  const nextToSend = new Map<Header['to'], number>()
  const sending = new Map<Header['to'], Promise<void>>()
  /** The accepted envelopes of each stream without their bodies, by sequence. */
  const accepted = new Map<string, SignedHeader[]>()
  let receiving: Promise<unknown> = Promise.resolve()

  async function seal(message: Outgoing, sequence: number): Promise<Uint8Array> {
    const to = message.to === 'everyone' ? everyone : message.to
    const header: Header = { from: me, to, sequence, round: message.round }
    const body = to === everyone ? message.body : await encrypted(header, to, message.body)
    const signature = await signed('envelope', signedPart(binding, header, sha256(body)), identity)
    const bytes = concatBytes(Uint8Array.of(version), headerBytes(header), signature, body)
    if (bytes.length > longestEnvelope) throw new Error(`a message of round ${message.round} is too long to send`)
    return bytes
  }

  async function encrypted(header: Header, to: PartyId, plain: Uint8Array): Promise<Uint8Array> {
    const key = identityAt(roster, to)?.encryptionKey
    if (key === undefined) throw new Error(`party ${to} is not in the roster`)
    try {
      return await sealTo(key, plain, contextOf(header), random)
    } catch (error) {
      if (isDegenerate(key)) throw misbehaviour([to], 'encryption key can be encrypted to')
      throw new Error(`this device cannot encrypt to a key that is sound: ${String(error)}`, { cause: error })
    }
  }

  async function decrypted({ body, ...header }: Envelope): Promise<Uint8Array> {
    const opened = () => unseal(identity.encryption, body, contextOf(header))
    try {
      return await opened()
    } catch (error) {
      if (!(await opensItsOwn())) {
        throw new Error(`this device cannot decrypt what it has encrypted: ${String(error)}`, { cause: error })
      }
      return opened().catch(() => {
        throw misbehaviour([header.from], 'private message opens under our key', header.round)
      })
    }
  }

  /** Asked before a peer is named, of the key that all have of us: an engine that fails by itself says nothing of anybody. */
  async function opensItsOwn(): Promise<boolean> {
    const context = contextOf({ from: me, to: me, sequence: 0, round: 'itself' })
    const plain = random(32)
    try {
      const key = identityAt(roster, me)?.encryptionKey ?? identity.public.encryptionKey
      const sealed = await sealTo(key, plain, context, random)
      return sameBytes(await unseal(identity.encryption, sealed, context), plain)
    } catch {
      return false
    }
  }

  const info = concatBytes(utf8ToBytes('quorate/private/1\0'), binding)
  const contextOf = (header: Header) => ({ info, aad: headerBytes(header) })

  /** The message in an envelope, or why it is dropped. */
  async function open(bytes: Uint8Array): Promise<Incoming | keyof Dropped> {
    const envelope = parse(bytes)
    if (envelope === undefined) return 'malformed'
    const { from, to, sequence, round, body, signature } = envelope
    if (from === me || (to !== everyone && to !== me)) return 'misrouted'
    const digest = sha256(body)
    const part = signedPart(binding, envelope, digest)
    const key = identityAt(roster, from)?.signingKey
    if (key === undefined || !(await isSigned('envelope', part, signature, key))) return 'forged'

    const stream = `${from} to ${to}`
    const earlier = accepted.get(stream) ?? []
    const now = { from, to, sequence, round, digest, signature }
    const before = earlier[sequence]
    if (before !== undefined) {
      if (sameBytes(part, signedPart(binding, before, before.digest))) return 'replayed'
      throw misbehaviour([from], 'one envelope per sequence number', round, encodeEvidence(roster, [before, now]))
    }
    if (sequence > earlier.length) return 'outOfOrder'
    accepted.set(stream, [...earlier, now])

    if (to !== everyone) return { from, to, round, body: await decrypted(envelope) }
    return { from, to: 'everyone', round, body, evidence: concatBytes(uint32(sequence), signature) }
  }

  async function receive(): Promise<Incoming> {
    for (;;) {
      const opened = await open((await below.next()).body)
      if (typeof opened === 'object') return opened
      dropped[opened] += 1
    }
  }

  return {
    dropped,
    send(message) {
      const to = message.to === 'everyone' ? everyone : message.to
      const sequence = nextToSend.get(to) ?? 0
      nextToSend.set(to, sequence + 1)
      const before = sending.get(to) ?? Promise.resolve()
      const sent = before.then(async () => below.send({ ...message, body: await seal(message, sequence) }))
      sent.catch(() => undefined) // the caller has it, and so has whoever sends next on this stream
      sending.set(to, sent)
      return sent
    },
    next() {
      const received = receiving.then(receive)
      receiving = received.catch(() => undefined)
      return received
    },
    async proves(claim: Claim) {
      const key = identityAt(roster, claim.from)?.signingKey
      const claimed = headerOf(claim)
      if (key === undefined || claimed === undefined) return false
      return isSigned('envelope', signedPart(binding, claimed, claimed.digest), claimed.signature, key)
    },
    twoStories(one: Claim, other: Claim) {
      const [first, second] = [headerOf(one), headerOf(other)]
      return first && second && encodeEvidence(roster, [first, second])
    },
  }
}

/** What a claim says of a broadcast, which its evidence numbers and signs. */
function headerOf({ from, round, digest, evidence }: Claim): SignedHeader | undefined {
  if (evidence.length !== 4 + signatureLength) return undefined
  const sequence = new ByteReader(evidence).uint32()
  return { from, to: everyone, sequence, round, digest, signature: evidence.subarray(4) }
}

function parse(bytes: Uint8Array): Envelope | undefined {
  if (bytes.length > longestEnvelope) return undefined
  try {
    const reader = new ByteReader(bytes)
    if (reader.uint8() !== version) return undefined
    const from = reader.uint16() as PartyId
    const to = reader.uint16() as PartyId
    const sequence = reader.uint32()
    const round = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(reader.take(reader.uint8()))
    const signature = reader.take(signatureLength)
    return { from, to, sequence, round, signature, body: reader.rest() }
  } catch {
    return undefined
  }
}

/** Whether it shares the same secret with everybody: a point of small order (RFC 7748, section 6.1), or no key at all. */
function isDegenerate(key: Uint8Array): boolean {
  try {
    x25519.getSharedSecret(new Uint8Array(encapsulatedLength).fill(1), key)
    return false
  } catch {
    return true
  }
}
