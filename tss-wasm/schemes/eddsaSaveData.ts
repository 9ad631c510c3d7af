import { ed25519 as noble } from '@noble/curves/ed25519.js'
import { ed25519, type EdwardsPoint } from '../groups/ed25519.ts'
import { mod } from '../integers/numberTheory.ts'
import { refused } from '../failure.ts'
import { parseIntegerJson, type Json, type JsonObject } from '../keyShare/integerJson.ts'
import { mostParties } from '../round/channel.ts'
import { Secret } from '../secret.ts'
import { flawOfGroupShare, type GroupKeyShare } from './groupShare.ts'
import { ed25519Suite } from './suite.ts'

/**
 * A share of tss-lib's EdDSA key generation (its LocalPartySaveData), to sign with by FROST: the shares are the same
 * (SCHEMES 9.1). tss-lib's party keys may be longer than the group order, which it reduces them by; here they are reduced.
 * @param threshold t, which the file does not hold
 * @throws ProtocolAbort `refused`, saying what is wrong with it and never what is in it
 */
export function parseEddsaSaveData(json: string, threshold: number): GroupKeyShare<EdwardsPoint> {
  const data = object(readable(() => parseIntegerJson(json)))
  const keys = list(data, 'Ks').map((key) => mod(integer(key, 'Ks'), ed25519.order))
  const points = list(data, 'BigXj', keys.length).map((each) => point(each, 'BigXj'))
  const parties = keys
    .map((key, j) => ({ key, publicShare: points[j] ?? ed25519.zero }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const own = mod(integer(data.get('shareid'), 'ShareID'), ed25519.order)
  const share: GroupKeyShare<EdwardsPoint> = {
    suite: ed25519Suite,
    threshold,
    parties,
    index: parties.findIndex(({ key }) => key === own),
    // tss-lib's resharing leaves the sum unreduced.
    secret: new Secret(mod(integer(data.get('xi'), 'Xi'), ed25519.order)),
    publicKey: point(data.get('eddsapub'), 'EDDSAPub'),
  }
  const flaw = flawOfGroupShare(share)
  if (flaw !== undefined) throw refused('share-in-file', `fails the check "${flaw}"`)
  return share
}

function point(value: Json | undefined, name: string): EdwardsPoint {
  const data = object(value)
  if (data.get('curve') !== 'ed25519') throw refused('share-in-file', `${name} is of another curve`)
  const [x = -1n, y = -1n] = list(data, 'Coords', 2).map((each) => integer(each, name))
  if (x >= noble.Point.Fp.ORDER || y >= noble.Point.Fp.ORDER)
    throw refused('share-in-file', `${name} is not on the curve`)
  const found = noble.Point.fromAffine({ x, y })
  try {
    found.assertValidity()
  } catch {
    throw refused('share-in-file', `${name} is not on the curve`)
  }
  const decoded = ed25519.decodeElement(found.toBytes())
  if ('failed' in decoded) throw refused('share-in-file', `${name}: ${decoded.failed} does not hold`)
  return decoded.passed
}

function object(value: Json | undefined): JsonObject {
  if (value instanceof Map) return value as JsonObject
  throw refused('share-in-file', 'something is not an object')
}

function list(data: JsonObject, name: string, count?: number): readonly Json[] {
  const value = data.get(name.toLowerCase())
  if (!Array.isArray(value) || value.length > mostParties || value.length !== (count ?? value.length))
    throw refused('share-in-file', `${name} is no list of that length`)
  return value as readonly Json[]
}

function integer(value: Json | undefined, name: string): bigint {
  if (typeof value === 'bigint' && value >= 0n && value < 1n << 512n) return value
  throw refused('share-in-file', `${name} is no integer in range`)
}

/** What cannot be read is the file's fault, not ours. */
function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof RangeError ? refused('share-in-file', error.message) : error
  }
}
