import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes, uint16, uint32 } from '../bytes.ts'
import { ProtocolAbort, refused } from '../failure.ts'
import type { RandomSource } from '../random.ts'
import { mostParties } from '../round/channel.ts'
import type { PartyId } from '../partyId.ts'
import { Secret } from '../secret.ts'
import { fingerprintBytes, fingerprintLength, type PublicIdentity } from './identity.ts'
import { hasLostItsFragment, placesIn } from './pasted.ts'

/**
 * What a link for one seat carries, in the part of the URL that no server sees (ARCHITECTURE 2.2). Whoever has it can
 * take that seat once, and learns nothing about another.
 */
export interface Invitation {
  /** 16 bytes */
  readonly session: Uint8Array
  readonly seat: PartyId
  /** 32 bytes, known to the creator and to whoever holds the invitation. Never sent to the coordinator. */
  readonly seatSecret: Secret<Uint8Array>
  /** 15 bytes: the fingerprint of whoever invites. */
  readonly creator: Uint8Array
  /** Whole seconds. */
  readonly expiresAtMs: number
  /** Lets the holder speak to the coordinator for this seat; proves nothing to the creator. */
  readonly joinToken: string
}

const version = 1
const checksumLength = 4
const longestToken = 1024
/** Characters of the longest invitation there can be: 76 bytes and the token, in base64. */
const longestText = 1500
/** A mail that somebody pasted whole, with a link that a filter has rewritten. */
const longestPasted = 32 * 1024
const prefix = 'join/'

export function newSeatSecret(random: RandomSource): Secret<Uint8Array> {
  return new Secret(random(32))
}

/**
 * base64url without padding over: version (1), session (16), seat (2), seat secret (32), creator's fingerprint (15),
 * expiry in seconds since 1970 (4), token length (2), token (ASCII), and the first 4 bytes of SHA-256 of all that.
 */
export function encodeInvitation({ session, seat, seatSecret, ...rest }: Invitation): string {
  const { creator, expiresAtMs, joinToken } = rest
  const secret = seatSecret.reveal()
  const lengths = [session.length, secret.length, creator.length].join()
  if (lengths !== `16,32,${fingerprintLength}`) throw new Error('an invitation has parts of fixed lengths')
  if (!/^[\x21-\x7e]+$/.test(joinToken) || joinToken.length > longestToken) throw new Error('not a join token')
  const body = concatBytes(
    Uint8Array.of(version),
    session,
    uint16(seat),
    secret,
    creator,
    uint32(Math.floor(expiresAtMs / 1000)),
    uint16(joinToken.length),
    utf8ToBytes(joinToken),
  )
  return toBase64url(concatBytes(body, checksum(body)))
}

/**
 * @param app where the app is served, as `https://wallet.example`
 * @param coordinator of the session, where that is another origin than the app's
 */
export function invitationLink(app: string, invitation: Invitation, coordinator?: string): string {
  const named = coordinator === undefined ? '' : `?coordinator=${encodeURIComponent(coordinator)}`
  return `${app.replace(/\/$/, '')}/#/${prefix}${encodeInvitation(invitation)}${named}`
}

/** An invitation as somebody pasted or scanned it, and where its link pointed to. */
export interface ReadInvitation {
  readonly invitation: Invitation
  /**
   * The origin of the link; undefined for the bare text and for links of the desktop app, which say nothing of a
   * coordinator: which one it is for is then the reader's guess.
   */
  readonly app: string | undefined
  /** The origin of the session's coordinator, where the link names it ('' if it is none): it does not serve the app itself. */
  readonly coordinator: string | undefined
}

/**
 * Finds the invitation in what somebody pasted, scanned or opened (SPEC 8): a link of the web (https://.../#/join/...) or of
 * the desktop app (tssparty://join/..., app://.../#/join/...), or what follows its "join/". An invitation itself is read in
 * one way only, so that a text stands for one invitation.
 * @throws ProtocolAbort `refused`: too long, damaged, of another version, expired, several of them, or a link that has told
 * the server its secret
 */
export function readInvitation(text: string, nowMs: number): ReadInvitation {
  if (text.length > longestPasted) throw refused('invitation-unreadable', 'too long')
  if (hasLostItsFragment(text)) throw refused('invitation-mangled', '%23 for #')
  const places = placesIn(text, longestText).map((place) => ({ place, found: firstDecoded(place.texts) }))
  const found = places.flatMap(({ place, found }) => (found instanceof ProtocolAbort ? [] : [{ ...found, place }]))
  const [first] = found
  if (first === undefined) {
    const why = places.flatMap(({ found: none }) => (none instanceof ProtocolAbort ? [none] : []))
    throw why[0] ?? refused('invitation-unreadable', 'damaged')
  }
  // One invitation may stand there twice: as a link and its words, or plain and rewritten.
  const app = found.find(({ place }) => place.app !== undefined)?.place.app
  const coordinator = found.find(({ place }) => place.coordinator !== undefined)?.place.coordinator
  const isAnother = ({ text: other, place }: (typeof found)[number]) =>
    other !== first.text || (place.app ?? app) !== app || (place.coordinator ?? coordinator) !== coordinator
  if (found.some(isAnother)) throw refused('invitation-several', `${found.length} invitations`)
  const { invitation } = first
  if (nowMs >= invitation.expiresAtMs) throw refused('invitation-expired', 'expired')
  return { invitation, app, coordinator }
}

/** The first of these that is an invitation, or why the first one is not. */
function firstDecoded(
  texts: readonly string[],
): { readonly invitation: Invitation; readonly text: string } | ProtocolAbort {
  let why: ProtocolAbort | undefined
  for (const text of texts) {
    try {
      return { invitation: decoded(text), text }
    } catch (error) {
      if (!(error instanceof ProtocolAbort)) throw error
      why ??= error
    }
  }
  return why ?? refused('invitation-unreadable', 'damaged')
}

function decoded(text: string): Invitation {
  let bytes: Uint8Array
  try {
    bytes = fromBase64url(text)
  } catch {
    throw refused('invitation-unreadable', 'damaged')
  }
  try {
    const body = bytes.subarray(0, -checksumLength)
    // One text for one invitation: neither padding nor loose bits nor white space.
    const canonical = toBase64url(bytes) === text
    if (!canonical || !sameBytes(bytes.subarray(-checksumLength), checksum(body)))
      throw refused('invitation-unreadable', 'damaged')
    const reader = new ByteReader(body)
    if (reader.uint8() !== version) throw refused('invitation-unreadable', 'of another version')
    const session = reader.take(16)
    const seat = reader.uint16()
    const seatSecret = new Secret<Uint8Array>(reader.take(32))
    const creator = reader.take(fingerprintLength)
    const expiresAtMs = reader.uint32() * 1000
    const token = reader.take(reader.uint16())
    reader.end()
    const joinToken = new TextDecoder().decode(token)
    if (seat < 1 || seat > mostParties || !/^[\x21-\x7e]+$/.test(joinToken) || joinToken.length > longestToken) {
      throw refused('invitation-unreadable', 'damaged')
    }
    return { session, seat: seat as PartyId, seatSecret, creator, expiresAtMs, joinToken }
  } catch (error) {
    throw error instanceof ProtocolAbort ? error : refused('invitation-unreadable', 'damaged')
  } finally {
    bytes.fill(0)
  }
}

/** Whether the invitation came from whoever has this identity. */
export function isFrom({ creator }: Invitation, identity: PublicIdentity): boolean {
  return sameBytes(creator, fingerprintBytes(identity))
}

/** RFC 4648 section 5, no padding. */
function toBase64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @throws for characters of another alphabet */
function fromBase64url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new RangeError('not base64url')
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0))
}

function checksum(body: Uint8Array): Uint8Array {
  return sha256(body).subarray(0, checksumLength)
}
