import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes, uint16, uint32 } from '../bytes.ts'
import { isSignedOrder, signingTasks } from '../content/signing.ts'
import { ContentRefused } from '../content/refused.ts'
import type { Identity } from '../identity/identity.ts'
import { isSigned, signatureLength, signed } from '../identity/signed.ts'
import type { PartyId } from '../partyId.ts'
import type { RandomSource } from '../random.ts'
import type { Mailbox, Membership } from './mailbox.ts'
import { decodeRequest, encodeRequest, longestRequest, requestHash, type Request } from './request.ts'
import { decodeStatement, encodeStatement, statementHash, type Statement } from './statement.ts'

/** A request as it was read: every signature in it verified, everything else left out. */
export interface OpenedRequest {
  readonly request: Request
  /** What its member signed, and what is signed when it is signed: nothing is fetched a second time. */
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
  readonly statements: readonly HeardStatement[]
  /** Why the rest was left out, one line each. The coordinator may have made it. */
  readonly leftOut: readonly string[]
}

export interface HeardStatement extends Statement {
  /** `statementHash` */
  readonly hash: Uint8Array
}

const nonceLength = 12
const padding = 256
/** Bytes of an entry as the coordinator stores it. */
export const longestEntry = longestRequest + 1024

type Kind = 'request' | 'statement' | 'rules'

/** A request for the mailbox. @throws RangeError if the others would refuse it */
export async function sealRequest(
  request: Request,
  mailbox: Mailbox,
  identity: Identity,
  random: RandomSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = encodeRequest(request)
  return sealed('request', await signedBytes('request', bytes, identity), { mailbox, id: request.id, random })
}

/** What a member says, for the mailbox. @param id of the request @throws RangeError if the others would refuse it */
export async function sealStatement(
  statement: Statement,
  id: Uint8Array,
  mailbox: Mailbox,
  identity: Identity,
  random: RandomSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = encodeStatement(statement)
  return sealed('statement', await signedBytes('statement', bytes, identity), { mailbox, id, random })
}

/**
 * What the coordinator has under a request's id, opened and verified: the request first, then what members say of it.
 * @throws RangeError, naming what is wrong, when there is no request of a member in it
 */
export async function openEntries(
  entries: readonly Uint8Array[],
  id: Uint8Array,
  mailbox: Mailbox,
  membership: Membership,
): Promise<OpenedRequest> {
  const [first = new Uint8Array(), ...rest] = entries
  const { bytes, signature } = await opened('request', first, mailbox, id)
  const request = decodeRequest(bytes)
  if (!sameBytes(request.id, id)) throw new RangeError('request: is of the id that it lies under')
  if (!sameBytes(request.publicKey, membership.publicKey)) throw new RangeError('request: is of this wallet')
  if ((request.epoch ?? 0) !== membership.epoch) throw new RangeError('request: is of this epoch')
  const asker = signingKeyOf(membership, request.from)
  if (!(await isSigned('request', bytes, signature, asker))) {
    throw new RangeError('request: is signed by the member that it names')
  }
  mustDecode(request)
  const hash = requestHash(bytes)
  const statements: HeardStatement[] = []
  const leftOut: string[] = []
  for (const entry of rest) {
    try {
      const heard = await openStatement(entry, { request, hash, mailbox, membership })
      if (!statements.some((known) => sameBytes(known.hash, heard.hash))) statements.push(heard)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      leftOut.push(error.message)
    }
  }
  return { request, bytes, hash, statements, leftOut }
}

/**
 * What a member tells the others of itself, for as long as it is true: its rules.
 * @param bytes as `encodeRules` writes them
 */
export async function sealNotice(
  bytes: Uint8Array,
  seat: PartyId,
  {
    mailbox,
    identity,
    random,
  }: { readonly mailbox: Mailbox; readonly identity: Identity; readonly random: RandomSource },
): Promise<Uint8Array<ArrayBuffer>> {
  return sealed('rules', await signedBytes('rules', bytes, identity), { mailbox, id: uint16(seat), random })
}

/** @returns what the member of that seat has signed @throws RangeError, naming what is wrong, for anything else */
export async function openNotice(
  entry: Uint8Array,
  seat: PartyId,
  mailbox: Mailbox,
  membership: Membership,
): Promise<Uint8Array> {
  const { bytes, signature } = await opened('rules', entry, mailbox, uint16(seat))
  if (!(await isSigned('rules', bytes, signature, signingKeyOf(membership, seat)))) {
    throw new RangeError('rules: are signed by the member that they are shown for')
  }
  return bytes
}

interface Where {
  readonly request: Request
  readonly hash: Uint8Array
  readonly mailbox: Mailbox
  readonly membership: Membership
}

async function openStatement(
  entry: Uint8Array,
  { request, hash, mailbox, membership }: Where,
): Promise<HeardStatement> {
  const { bytes, signature } = await opened('statement', entry, mailbox, request.id)
  const statement = decodeStatement(bytes)
  if (!sameBytes(statement.request, hash)) throw new RangeError('statement: is of this request')
  if (!(await isSigned('statement', bytes, signature, signingKeyOf(membership, statement.seat)))) {
    throw new RangeError('statement: is signed by the member that it names')
  }
  const { says } = statement
  if (says.type === 'withdraw' && statement.seat !== request.from) {
    throw new RangeError('statement: a request is withdrawn by whoever asked')
  }
  if (says.type === 'signed' && !isSignedOrder(signingTasks(request), says.signatures)) {
    throw new RangeError('statement: has the signatures of the request')
  }
  return { ...statement, hash: statementHash(bytes) }
}

/** What cannot be shown is not asked. */
function mustDecode(request: Request): void {
  try {
    signingTasks(request)
  } catch (error) {
    if (!(error instanceof ContentRefused)) throw error
    throw new RangeError('request: has content that decodes', { cause: error })
  }
}

function signingKeyOf({ members }: Membership, seat: number): Uint8Array {
  return members.find((member) => (member.seat as number) === seat)?.identity.signingKey ?? new Uint8Array()
}

async function signedBytes(kind: Kind, bytes: Uint8Array, identity: Identity): Promise<Uint8Array> {
  return concatBytes(await signed(kind, bytes, identity), bytes)
}

interface Sealing {
  readonly mailbox: Mailbox
  readonly id: Uint8Array
  readonly random: RandomSource
}

/** nonce (12) ‖ AES-256-GCM of: length (4) ‖ signature (64) ‖ document ‖ zeros up to the next 256 bytes. */
async function sealed(kind: Kind, plain: Uint8Array, { mailbox, id, random }: Sealing) {
  const room = Math.ceil((plain.length + 4) / padding) * padding
  const padded = new Uint8Array(room)
  padded.set(uint32(plain.length))
  padded.set(plain, 4)
  const iv = random(nonceLength)
  const parameters = { name: 'AES-GCM', iv, additionalData: bindingOf(kind, mailbox, id) }
  const ciphertext = await crypto.subtle.encrypt(parameters, mailbox.key, padded)
  return new Uint8Array(concatBytes(iv, new Uint8Array(ciphertext)))
}

/** @throws RangeError */
async function opened(kind: Kind, entry: Uint8Array, mailbox: Mailbox, id: Uint8Array) {
  if (entry.length > longestEntry) throw new RangeError(`${kind}: at most ${longestEntry} bytes`)
  const iv = new Uint8Array(entry.subarray(0, nonceLength))
  const parameters = { name: 'AES-GCM', iv, additionalData: bindingOf(kind, mailbox, id) }
  const ciphertext = new Uint8Array(entry.subarray(nonceLength))
  const plain = await crypto.subtle.decrypt(parameters, mailbox.key, ciphertext).catch(() => undefined)
  if (plain === undefined) throw new RangeError(`${kind}: opens under the key of the mailbox`)
  const outer = new ByteReader(new Uint8Array(plain))
  const inner = new ByteReader(outer.take(outer.uint32()))
  if (outer.rest().some((byte) => byte !== 0)) throw new RangeError(`${kind}: is padded with zeros`)
  const signature = inner.take(signatureLength)
  return { signature, bytes: inner.rest() }
}

/** What the coordinator cannot put elsewhere: of this mailbox, under this id, as this kind. */
function bindingOf(kind: Kind, mailbox: Mailbox, id: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(concatBytes(utf8ToBytes(`quorate/entry/1\0${kind}\0`), mailbox.locator, id))
}
