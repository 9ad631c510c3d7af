import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { signConfirmation, verifyConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { secured } from '../../tss-wasm/identity/envelope.ts'
import { encodeEvidence, type SignedHeader, verifyEvidence } from '../../tss-wasm/identity/evidence.ts'
import { newSeatSecret, encodeInvitation, readInvitation } from '../../tss-wasm/identity/invitation.ts'
import { fingerprintBytes } from '../../tss-wasm/identity/identity.ts'
import { decodeProposal, encodeProposal } from '../../tss-wasm/identity/proposal.ts'
import { decodeRoster, encodeRoster, rosterHash } from '../../tss-wasm/identity/roster.ts'
import { signatureLength, signed } from '../../tss-wasm/identity/signed.ts'
import { bindingOf, everyone, signedPart } from '../../tss-wasm/identity/signedPart.ts'
import { stateTerms, termsOf, verifyStatement } from '../../tss-wasm/identity/terms.ts'
import type { Channel, Outgoing } from '../../tss-wasm/round/channel.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { company, identityOf } from '../../tss-wasm/test/parties.ts'
import { seededRandom } from '../../testkit/seededRandom.ts'
import { accepts, acceptsLater, promise, text, utf8, type Target } from '../target.ts'

const friends = await company(2, 3)
const [me, peer] = [1, 2] as [PartyId, PartyId]
const theirs = identityOf(friends, peer)
const words = ['quorate/2', '"kind":"keygen"', '"kind":"sign"', '"seats":', '"threshold":', 'secp256k1']

/** Party 2 is the attacker: it signs whatever it sends. An odd first byte leaves the signature as it came. */
export const envelope: Target = {
  name: 'envelope',
  async seeds() {
    const seeds: Uint8Array[] = []
    const record: Channel = {
      send: ({ body }: Outgoing) => {
        seeds.push(concatBytes(Uint8Array.of(0), body))
        return Promise.resolve()
      },
      next: () => new Promise(() => undefined),
    }
    const other = () => secured(record, { identity: theirs, roster: friends.roster, me: peer })
    await other().send({ to: 'everyone', round: 'keygen 1: commitment and moduli', body: utf8('to everyone') })
    await other().send({ to: me, round: 'keygen 2: share', body: utf8('to one') })
    return seeds
  },
  async read(bytes) {
    const sent = bytes.subarray(1)
    const isResigned = ((bytes[0] ?? 0) & 1) === 0
    const delivered = isResigned ? await resigned(sent) : sent
    let left = 1
    const below: Channel = {
      send: () => Promise.resolve(),
      next: () =>
        left-- > 0
          ? Promise.resolve({ from: peer, to: me, round: '', body: delivered })
          : Promise.reject(new Nothing()),
    }
    const channel = secured(below, { identity: identityOf(friends, me), roster: friends.roster, me })
    const isAccepted = await acceptsLater(
      async () => {
        const { from } = await channel.next()
        promise(from === peer, 'an envelope is from whoever signed it')
      },
      (error) => error instanceof Nothing || isMisbehaviourOf(error, peer),
    )
    const dropped = Object.values(channel.dropped).reduce((sum: number, count: number) => sum + count, 0)
    promise(isAccepted ? dropped === 0 : dropped <= 1, 'an envelope counts once')
    return isAccepted
  },
}

class Nothing extends Error {}

function isMisbehaviourOf(error: unknown, culprit: PartyId): boolean {
  const failure = (error as { failure?: { kind: string; culprits?: readonly PartyId[] } }).failure
  return failure?.kind === 'misbehaviour' && failure.culprits?.join() === String(culprit)
}

/** version, from, to, sequence, round, then 64 bytes of signature over session, run, roster, all of that and the body. */
async function resigned(bytes: Uint8Array): Promise<Uint8Array> {
  const head = bytes.subarray(0, 10 + (bytes[9] ?? 0))
  const body = bytes.subarray(head.length + signatureLength)
  const { session, run } = friends.roster
  const part = concatBytes(session, run, rosterHash(friends.roster), head.subarray(1), sha256(body))
  return concatBytes(head, await signed('envelope', part, theirs), body)
}

export const proposal: Target = {
  name: 'proposal',
  words,
  seeds: () => [
    friends.proposal,
    encodeProposal(
      {
        kind: 'sign',
        publicKey: new Uint8Array(33).fill(2),
        content: { type: 'ethereum-message', message: utf8('hello') },
      },
      friends.roster.session,
    ),
    encodeProposal(
      {
        kind: 'sign',
        publicKey: new Uint8Array(33).fill(2),
        content: {
          type: 'batch',
          items: [
            { type: 'ethereum-message', message: utf8('hello') },
            { type: 'bitcoin-message', message: utf8('hello'), format: 'bip322' },
          ],
        },
      },
      friends.roster.session,
    ),
  ],
  read: (bytes) =>
    accepts(() => {
      const read = decodeProposal(bytes)
      const again = encodeProposal(read.proposal, read.session)
      promise(Buffer.compare(again, bytes) === 0, 'a proposal is written in one way')
    }),
}

export const roster: Target = {
  name: 'roster',
  words,
  seeds: () => [encodeRoster(friends.roster)],
  read: (bytes) =>
    accepts(() => {
      const read = decodeRoster(bytes)
      promise(read.threshold <= read.seats.length, 'no more signers than seats')
      promise(Buffer.compare(encodeRoster(decodeRoster(encodeRoster(read))), encodeRoster(read)) === 0, 'one writing')
    }),
}

/** The hand-shake of a party that signs whatever it states. */
export const handshake: Target = {
  name: 'handshake',
  words,
  async seeds() {
    return [(await stateTerms(termsFor(peer), theirs)).terms]
  },
  async read(bytes) {
    const part = concatBytes(theirs.public.signingKey, theirs.public.encryptionKey, bytes)
    const signature = await signed('join', part, theirs)
    return acceptsLater(
      async () => {
        await verifyStatement({ terms: bytes, signature }, theirs.public, peer, termsFor(me))
      },
      (error) => isMisbehaviourOf(error, peer),
    )
  },
}

function termsFor(seat: PartyId) {
  const { session } = friends.roster
  const { proposal } = decodeProposal(friends.proposal)
  return termsOf(proposal, friends.proposal, { session, seat }, { threshold: 2, parties: 3 }, new Uint8Array(32))
}

export const confirmation: Target = {
  name: 'confirmation',
  async seeds() {
    const stated = { seat: peer, result: new Uint8Array(33).fill(3), transcriptHash: new Uint8Array(32) }
    return [(await signConfirmation(stated, friends.roster, theirs)).subarray(0, -signatureLength)]
  },
  async read(head) {
    const signature = await signed('confirmation', concatBytes(rosterHash(friends.roster), head), theirs)
    return acceptsLater(async () => {
      const { result } = await verifyConfirmation(concatBytes(head, signature), friends.roster, peer)
      promise([32, 33, 48].includes(result.length), 'a key has one form in each scheme')
    })
  },
}

const now = Date.UTC(2026, 0, 1)

/** The first byte says whether the checksum is made right again. */
/** What may stand inside an invitation where it was pasted: line breaks, marks of a quotation, characters of no width. */
const unwrapped = (given: string): string =>
  given.replace(/[\s>|]|[\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g, '')

export const invitation: Target = {
  name: 'invitation',
  words: ['join/', '#/join/', 'https://', 'tssparty://', '=', '+', '/', '-_'],
  seeds() {
    const link = encodeInvitation({
      session: new Uint8Array(16).fill(1),
      seat: 2 as PartyId,
      seatSecret: newSeatSecret(seededRandom('invitation')),
      creator: fingerprintBytes(theirs.public),
      expiresAtMs: now + 1000_000,
      joinToken: 'aaaa.bbbb.cccc',
    })
    const inside = Buffer.from(link, 'base64url').subarray(0, -4)
    return [utf8(`t${link}`), utf8(`t https://wallet.example/#/join/${link}\n`), concatBytes(utf8('c'), inside)]
  },
  read(bytes) {
    const content = bytes.subarray(1)
    const isText = bytes[0] !== utf8('c')[0]
    const given = isText
      ? text(content)
      : Buffer.from(concatBytes(content, sha256(content).subarray(0, 4))).toString('base64url')
    return accepts(() => {
      const { invitation: read, app } = readInvitation(given, now)
      promise(read.expiresAtMs > now, 'an expired invitation is none')
      promise(app === undefined || new URL(app).origin === app, 'the address is an origin')
      promise(unwrapped(given).includes(encodeInvitation(read)), 'an invitation is written in one way')
    })
  },
}

/** Made by whoever accuses somebody. Party 2 has cheated once, in the seed; what names anybody else is made up. */
export const evidence: Target = {
  name: 'evidence',
  words: [...words, '"statements":', '"sequence":', '"digest":', '"signature":'],
  async seeds() {
    const statement = async (sequence: number, words: string): Promise<SignedHeader> => {
      const header = { from: peer, to: everyone, sequence, round: 'r' } as const
      const digest = sha256(utf8(words))
      const part = signedPart(bindingOf(friends.roster), header, digest)
      return { ...header, digest, signature: await signed('envelope', part, theirs) }
    }
    const [yes, no, later] = [await statement(0, 'yes'), await statement(0, 'no'), await statement(1, 'no')]
    return [encodeEvidence(friends.roster, [yes, no]), encodeEvidence(friends.roster, [yes, later])]
  },
  read: (bytes) =>
    acceptsLater(
      async () => {
        const { seat, identity } = await verifyEvidence(bytes)
        promise(seat === peer, 'who has signed one thing is named by nobody')
        promise(Buffer.compare(identity.signingKey, theirs.public.signingKey) === 0, 'by the key that signed')
      },
      (error) => error instanceof RangeError,
    ),
}
