import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { ContentSignature } from '../../content/ethereum.ts'
import { signingTasks } from '../../content/signing.ts'
import { type Identity, identityOfKeys } from '../../identity/identity.ts'
import type { PartyId } from '../../partyId.ts'
import { systemRandom } from '../../random.ts'
import { openEntries, type OpenedRequest, sealRequest, sealStatement } from '../../requests/entry.ts'
import { type Mailbox, makeMailboxKey, type Membership, openMailboxKey } from '../../requests/mailbox.ts'
import type { Request } from '../../requests/request.ts'
import { requestHash, encodeRequest } from '../../requests/request.ts'
import type { Says } from '../../requests/statement.ts'
import { Secret } from '../../secret.ts'

/** The wallet's key, which nobody has in one piece outside of tests. */
export const walletSecret = sha256(utf8ToBytes('quorate test wallet'))
export const publicKey = secp256k1.getPublicKey(walletSecret, true)
export const createdMs = 1_800_000_000_000
export const hourMs = 3600_000

export interface Members {
  readonly membership: Membership
  readonly mailbox: Mailbox
  readonly keyRecord: Uint8Array
  readonly identity: (seat: number) => Identity
}

/** Identities from fixed keys: seat s signs with 32 × s and decrypts with 32 × (100 + s). */
export async function fixedIdentity(seat: number): Promise<Identity> {
  const bytes = (value: number) => new Secret<Uint8Array>(new Uint8Array(32).fill(value))
  return identityOfKeys({ signing: bytes(seat), encryption: bytes(100 + seat) })
}

/** 3 members, of whom 2 sign. @param random for the mailbox key */
export async function members(random = systemRandom): Promise<Members> {
  const identities = await Promise.all([1, 2, 3].map(fixedIdentity))
  const identity = (seat: number) => {
    const found = identities[seat - 1]
    if (found === undefined) throw new Error(`no member has seat ${seat}`)
    return found
  }
  const membership: Membership = {
    publicKey,
    epoch: 0,
    threshold: 2,
    members: identities.map((each, i) => ({ seat: (i + 1) as PartyId, identity: each.public })),
  }
  const keyRecord = await makeMailboxKey(membership, 1 as PartyId, identity(1), random)
  const mailbox = await openMailboxKey(keyRecord, membership, 2 as PartyId, identity(2))
  return { membership, mailbox, keyRecord, identity }
}

/** "Pay the rent", asked by member 1. */
export function rent(changes: Partial<Request> = {}): Request {
  return {
    id: new Uint8Array(16).fill(0x1d),
    salt: new Uint8Array(16).fill(0x5a),
    from: 1 as PartyId,
    publicKey,
    content: { type: 'ethereum-message', message: utf8ToBytes('Pay the rent') },
    note: 'November',
    createdMs,
    expiresMs: createdMs + 24 * hourMs,
    ...changes,
  }
}

export interface Said {
  readonly seat: number
  readonly says: Says
  readonly atMs?: number
  readonly knows?: readonly Uint8Array[]
  /** Who signs it, where that is not the seat's member. */
  readonly by?: number
}

/** What lies at the coordinator. */
export async function entriesOf(who: Members, request: Request, said: readonly Said[]): Promise<Uint8Array[]> {
  const { mailbox, identity } = who
  const hash = requestHash(encodeRequest(request))
  const first = await sealRequest(request, mailbox, identity(request.from), systemRandom)
  const rest = said.map(({ seat, says, atMs = createdMs + 1000 * seat, knows = [], by = seat }) =>
    sealStatement(
      { request: hash, seat: seat as PartyId, atMs, knows, says },
      request.id,
      mailbox,
      identity(by),
      systemRandom,
    ),
  )
  return [first, ...(await Promise.all(rest))]
}

/** As a member reads it. */
export async function openedOf(who: Members, request: Request, said: readonly Said[] = []): Promise<OpenedRequest> {
  return openEntries(await entriesOf(who, request, said), request.id, who.mailbox, who.membership)
}

/** The statement that a request is signed, with a signature that verifies. */
export function signedBy(request: Request, signers: readonly number[]): Says {
  return { type: 'signed', signatures: signaturesOf(request), signers: signers as PartyId[] }
}

export function signaturesOf(request: Request): ContentSignature[] {
  return signingTasks(request).map(({ digest }) => {
    const bytes = secp256k1.sign(digest, walletSecret, { prehash: false, format: 'recovered', lowS: true })
    return { r: bytes.slice(1, 33), s: bytes.slice(33, 65), recovery: bytes[0] ?? 0 }
  })
}
