import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { isRecord } from '../../tss-wasm/isRecord.ts'
import { isName } from '../../tss-wasm/identity/walletName.ts'

/**
 * Server parties are pinned: their names and identity keys come from configuration, never from the coordinator's word
 * in a session (ARCHITECTURE 2.3). One format serves the coordinator's --parties file and the app's /quorate.json:
 *
 *   {"serverParties": [{"name": "server-1", "signingKey": "<64 hex digits>", "encryptionKey": "<64 hex digits>",
 *     "label": "Vault in Zurich", "operator": "Example AG", "names": true}]}
 *
 * The last three may be missing.
 */
export interface PinnedParty {
  /** By which sessions seat it. */
  readonly name: string
  readonly identity: PublicIdentity
  /** What people call it, and who runs it, in the words of its operator. */
  readonly label?: string
  readonly operator?: string
  /** Its program reads documents with names (SPEC 8.4). */
  readonly names?: true
}

/** What a server party is called on screens. */
export function partyLabel({ name, label }: Pick<PinnedParty, 'name' | 'label'>): string {
  return label ?? name
}

const mostParties = 100
/** What a server party may be called: nothing that two people would read in two ways, and a name on every file system. */
export function isPartyName(name: string): boolean {
  return namePattern.test(name)
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/
const keyPattern = /^[0-9a-f]{64}$/

export function encodeServerParties(parties: readonly PinnedParty[]): string {
  const serverParties = parties.map(({ name, identity, label, operator, names }) => ({
    name,
    signingKey: bytesToHex(identity.signingKey),
    encryptionKey: bytesToHex(identity.encryptionKey),
    label,
    operator,
    names,
  }))
  return JSON.stringify({ serverParties }, null, 2) + '\n'
}

/** @throws Error that says which entry is wrong */
export function decodeServerParties(text: string): readonly PinnedParty[] {
  const value: unknown = JSON.parse(text)
  const list = isRecord(value) ? value['serverParties'] : undefined
  if (!Array.isArray(list) || list.length > mostParties) {
    throw new Error(`expected {"serverParties": [...]} with at most ${mostParties} entries`)
  }
  const parties = list.map(decodeParty)
  for (const pick of [
    (party: PinnedParty) => party.name,
    (party: PinnedParty) => bytesToHex(party.identity.signingKey),
  ]) {
    if (new Set(parties.map(pick)).size !== parties.length) throw new Error('a server party is listed twice')
  }
  return parties
}

function decodeParty(entry: unknown, at: number): PinnedParty {
  const { name, signingKey, encryptionKey, label, operator, names } = isRecord(entry) ? entry : {}
  if (typeof name !== 'string' || !isPartyName(name)) throw new Error(`server party ${at + 1}: not a name`)
  const key = (field: string, text: unknown) => {
    if (typeof text !== 'string' || !keyPattern.test(text))
      throw new Error(`server party ${name}: ${field} must be 64 hex digits`)
    return hexToBytes(text)
  }
  const words = (field: string, text: unknown) => {
    if (text === undefined) return {}
    if (typeof text !== 'string' || !isName(text))
      throw new Error(`server party ${name}: ${field} must be 1 to 64 characters that everybody sees`)
    return { [field]: text }
  }
  return {
    name,
    identity: { signingKey: key('signingKey', signingKey), encryptionKey: key('encryptionKey', encryptionKey) },
    ...words('label', label),
    ...words('operator', operator),
    ...(names === true && { names }),
  }
}
