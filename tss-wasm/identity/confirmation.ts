import { concatBytes } from '@noble/hashes/utils.js'
import { ByteReader, sameBytes, uint16 } from '../bytes.ts'
import { misbehaviour } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import { publicKeyLengths, schemeNames, signatureLengths } from '../content/keyScheme.ts'
import type { Identity } from './identity.ts'
import { identityAt, rosterHash, type Roster } from './roster.ts'
import { isSigned, signatureLength, signed } from './signed.ts'
import { schemeProtocols } from './signingProtocol.ts'

/** "I hold my part of this result, and it came from this run": reported only once it is durable (ARCHITECTURE 2.7). */
export interface Confirmation {
  readonly seat: PartyId
  /**
   * keygen: the wallet's compressed public key, 33 bytes (32 and 48 in other schemes); sign: r, s and recovery, 65 bytes (64
   * and 96 in other schemes), or, where one content takes several signatures, SHA-256 of all of them, 32 bytes.
   */
  readonly result: Uint8Array
  /** Of the mailbox: the same for all honest parties. */
  readonly transcriptHash: Uint8Array
}

const version = 1

/** version (1), seat (2), result length (1), result, transcript hash (32), signature (64). */
export async function signConfirmation(
  { seat, result, transcriptHash }: Confirmation,
  roster: Roster,
  identity: Identity,
): Promise<Uint8Array<ArrayBuffer>> {
  const head = concatBytes(Uint8Array.of(version), uint16(seat), Uint8Array.of(result.length), result, transcriptHash)
  const signature = await signed('confirmation', concatBytes(rosterHash(roster), head), identity)
  return new Uint8Array(concatBytes(head, signature))
}

/** @throws ProtocolAbort misbehaviour of nobody in particular: the coordinator, too, could have spoilt it */
export async function verifyConfirmation(bytes: Uint8Array, roster: Roster, from: PartyId): Promise<Confirmation> {
  const unsigned = () => misbehaviour([], 'confirmation is signed by its party', `party ${from}`)
  const confirmation = read(bytes)
  const key = identityAt(roster, from)?.signingKey
  if (confirmation?.seat !== from || key === undefined) throw unsigned()
  const head = bytes.subarray(0, -signatureLength)
  const signature = bytes.subarray(-signatureLength)
  if (!(await isSigned('confirmation', concatBytes(rosterHash(roster), head), signature, key))) {
    throw unsigned()
  }
  if (!resultLengths(roster).includes(confirmation.result.length))
    throw misbehaviour([from], 'confirmation has a result')
  return confirmation
}

/** Of a new key everybody holds it against the one that it has made itself, so its scheme need not be known here. */
function resultLengths({ kind, signing }: Roster): readonly number[] {
  if (kind === 'keygen') return Object.values(publicKeyLengths)
  const scheme = schemeNames.find((name) => schemeProtocols[name] === signing)
  return [32, scheme === undefined ? 65 : signatureLengths[scheme]]
}

/**
 * Holds everybody's confirmation against our own.
 * @throws ProtocolAbort misbehaviour; it names who confirmed another result, and cannot say whose story is true
 */
export async function verifyAllConfirmed(
  confirmations: ReadonlyMap<PartyId, Uint8Array>,
  roster: Roster,
  me: PartyId,
): Promise<Confirmation> {
  const own = await verifyConfirmation(confirmations.get(me) ?? new Uint8Array(), roster, me)
  for (const { seat } of roster.seats) {
    const theirs = await verifyConfirmation(confirmations.get(seat) ?? new Uint8Array(), roster, seat)
    if (!sameBytes(theirs.result, own.result)) throw misbehaviour([seat], 'everybody confirms the same result')
    if (!sameBytes(theirs.transcriptHash, own.transcriptHash)) {
      throw misbehaviour([], 'everybody received the same broadcasts', `we and party ${seat}`)
    }
  }
  return own
}

function read(bytes: Uint8Array): Confirmation | undefined {
  try {
    const reader = new ByteReader(bytes)
    if (reader.uint8() !== version) return undefined
    const seat = reader.uint16() as PartyId
    const result = reader.take(reader.uint8())
    const transcriptHash = reader.take(32)
    reader.take(signatureLength)
    reader.end()
    return { seat, result, transcriptHash }
  } catch {
    return undefined
  }
}
