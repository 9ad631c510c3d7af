import { checkPreParameters } from '../crypto/preParameters.ts'
import type { PreParameters } from '../crypto/types.ts'
import { coordinates, order, pointFromCoordinates, type Point } from '../curve/point.ts'
import { bitLength, floorSqrt, gcd, mod } from '../integers/numberTheory.ts'
import { ProtocolAbort, refused } from '../failure.ts'
import { Secret } from '../secret.ts'
import { parseIntegerJson, writeIntegerJson, type Json, type JsonObject, type Writable } from './integerJson.ts'
import type { BareShare, KeyShare } from './keyShare.ts'
import { localDataIn, missingPreParameters } from './localData.ts'
import { flawOfBareShare, flawOfShare, thresholdOfSharing } from './validate.ts'
import type { Tools } from './tools.ts'

/**
 * tss-lib's LocalPartySaveData (WIRE 8) from outside, with every check; also where another program has put it into a
 * wrapper of its own.
 * @param threshold t, which the file does not hold: how many parties sign
 * @throws ProtocolAbort `refused`, saying what the file is and what it lacks, or naming the check
 */
export async function parseSaveData(file: string | Uint8Array, threshold: number, tools: Tools): Promise<KeyShare> {
  const [data, ...more] = localDataIn(file)
  if (more.length > 0) throw refused('share-file-several', `${more.length + 1} shares in one file`)
  const missing = data === undefined ? [] : missingPreParameters(data)
  if (missing.length > 0) throw refused('share-file-preparameters', `missing: ${missing.join(', ')}`)
  return readSaveData(data ?? null, threshold, tools)
}

/**
 * What recovery takes of each share in a file: the secret, its place among the keys, and the points that say whose it is.
 * Pre-parameters are not looked at, so that files without them (of tss-lib v1, or of other programs) still give their key.
 * @throws ProtocolAbort `refused`, as `parseSaveData`
 */
export function parseBareShares(file: string | Uint8Array, threshold: number): readonly BareShare[] {
  const read = localDataIn(file).map((data) => {
    try {
      const share = readable(() => bareShareOf(data, threshold))
      refuseFlaw(flawOfBareShare(share), share)
      return share
    } catch (error) {
      if (error instanceof ProtocolAbort) return error
      throw error
    }
  })
  // Of several keys some may have other numbers of signers; a file of which nothing can be used says why.
  const shares = read.flatMap((share) => (share instanceof ProtocolAbort ? [] : [share]))
  const [first] = read
  if (shares.length === 0 && first instanceof ProtocolAbort) throw first
  return shares
}

/** Without tools the primes are not tested: for what we checked before we sealed it. @throws ProtocolAbort `refused` */
export async function readSaveData(json: Json, threshold: number, tools?: Tools): Promise<KeyShare> {
  const share = readable(() => shareOf(objectOf(json, 'save data'), threshold))
  refuseFlaw(flawOfShare(share), share)
  if (tools !== undefined) refuseFlaw(await checkPreParameters(share.preParameters, tools))
  return share
}

/** The pre-parameters alone, in the same form and with the same names. @throws ProtocolAbort `refused` */
export async function parsePreParameters(json: string | Uint8Array, tools: Tools): Promise<PreParameters> {
  const parameters = readable(() => preParametersOf(objectOf(parsedText(json), 'pre-parameters')))
  refuseFlaw(await checkPreParameters(parameters, tools))
  return parameters
}

/** Compact, with every field in the order Go writes them: byte for byte what tss-lib would store. */
export function writeSaveData(share: KeyShare): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(writeIntegerJson(saveDataFields(share)))
}

export function writePreParameters(parameters: PreParameters): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(writeIntegerJson(preParameterFields(parameters)))
}

export function saveDataFields({ parties, index, secret, publicKey, preParameters }: KeyShare): Writable {
  const own = parties[index]
  if (own === undefined) throw new Error('a share has its own party')
  return {
    ...preParameterFields(preParameters),
    Xi: secret.reveal(),
    ShareID: own.key,
    Ks: parties.map(({ key }) => key),
    NTildej: parties.map(({ ringPedersen }) => ringPedersen.nTilde),
    H1j: parties.map(({ ringPedersen }) => ringPedersen.h1),
    H2j: parties.map(({ ringPedersen }) => ringPedersen.h2),
    BigXj: parties.map(({ publicShare }) => pointFields(publicShare)),
    PaillierPKs: parties.map(({ paillierN }) => ({ N: paillierN })),
    ECDSAPub: pointFields(publicKey),
  }
}

function preParameterFields({ paillier, ringPedersen }: PreParameters): Record<string, Writable> {
  const [p, q] = paillier.primes.reveal()
  const phi = (p - 1n) * (q - 1n)
  const [halfP, halfQ] = ringPedersen.halves.reveal()
  return {
    PaillierSK: { N: paillier.n, LambdaN: phi / gcd(p - 1n, q - 1n), PhiN: phi, P: p, Q: q },
    NTildei: ringPedersen.nTilde,
    H1i: ringPedersen.h1,
    H2i: ringPedersen.h2,
    Alpha: ringPedersen.alpha.reveal(),
    Beta: ringPedersen.beta.reveal(),
    P: halfP,
    Q: halfQ,
  }
}

function pointFields(point: Point): Writable {
  return { Curve: 'secp256k1', Coords: coordinates(point) }
}

function shareOf(data: JsonObject, threshold: number): KeyShare {
  const keys = integersOf(data, 'Ks')
  const count = keys.length
  const [nTilde, h1, h2] = [
    integersOf(data, 'NTildej', count),
    integersOf(data, 'H1j', count),
    integersOf(data, 'H2j', count),
  ]
  const paillier = arrayOf(data, 'PaillierPKs', count).map((each) => integerOf(objectOf(each, 'PaillierPKs'), 'N'))
  const points = arrayOf(data, 'BigXj', count).map((each) => pointOf(each, 'BigXj'))
  return {
    threshold,
    index: keys.indexOf(integerOf(data, 'ShareID')),
    secret: secretOf(data),
    publicKey: pointOf(data.get('ecdsapub'), 'ECDSAPub'),
    preParameters: preParametersOf(data),
    parties: keys.map((key, j) => ({
      key,
      publicShare: at(points, j),
      paillierN: at(paillier, j),
      ringPedersen: { nTilde: at(nTilde, j), h1: at(h1, j), h2: at(h2, j) },
    })),
  }
}

function bareShareOf(data: JsonObject, threshold: number): BareShare {
  const keys = integersOf(data, 'Ks')
  const points = isPresent(data, 'BigXj') ? arrayOf(data, 'BigXj', keys.length) : undefined
  return {
    threshold,
    index: keys.indexOf(integerOf(data, 'ShareID')),
    secret: secretOf(data),
    publicKey: isPresent(data, 'ECDSAPub') ? pointOf(data.get('ecdsapub'), 'ECDSAPub') : undefined,
    parties: keys.map((key, j) => ({ key, publicShare: points && pointOf(at(points, j), 'BigXj') })),
  }
}

function isPresent(data: JsonObject, name: string): boolean {
  return (data.get(name.toLowerCase()) ?? null) !== null
}

/** After resharing tss-lib leaves the sum unreduced (WIRE 0, trap 11); a sum of 256 scalars has at most 264 bits. */
function secretOf(data: JsonObject): Secret<bigint> {
  const secret = integerOf(data, 'Xi')
  if (bitLength(secret) > 264) throw new RangeError('Xi is too long')
  return new Secret(mod(secret, order))
}

function preParametersOf(data: JsonObject): PreParameters {
  const key = objectOf(data.get('pailliersk'), 'PaillierSK')
  const [n, phi] = [integerOf(key, 'N'), integerOf(key, 'PhiN')]
  const primes = primesOf(key, n, phi)
  const [p, q] = primes
  if (phi !== (p - 1n) * (q - 1n)) throw new RangeError('PhiN is not (P-1)(Q-1)')
  if (integerOf(key, 'LambdaN') * gcd(p - 1n, q - 1n) !== phi) throw new RangeError('LambdaN does not belong to PhiN')
  return {
    paillier: { n, primes: new Secret(primes) },
    ringPedersen: {
      nTilde: integerOf(data, 'NTildei'),
      h1: integerOf(data, 'H1i'),
      h2: integerOf(data, 'H2i'),
      halves: new Secret([integerOf(data, 'P'), integerOf(data, 'Q')]),
      alpha: new Secret(integerOf(data, 'Alpha')),
      beta: new Secret(integerOf(data, 'Beta')),
    },
  }
}

/** Data of tss-lib v1 lacks P and Q of the Paillier key: P+Q = N - PhiN + 1 and PQ = N give them (WIRE 8). */
function primesOf(key: JsonObject, n: bigint, phi: bigint): readonly [bigint, bigint] {
  if (typeof key.get('p') === 'bigint') return [integerOf(key, 'P'), integerOf(key, 'Q')]
  const sum = n - phi + 1n
  const square = sum * sum - 4n * n
  const difference = square < 0n ? 0n : floorSqrt(square)
  if (difference * difference !== square) throw new RangeError('PhiN does not belong to N')
  return [(sum + difference) / 2n, (sum - difference) / 2n]
}

function objectOf(value: Json | undefined, name: string): JsonObject {
  if (value instanceof Map) return value as JsonObject
  throw new RangeError(`${name} is not an object`)
}

function integerOf(data: JsonObject, name: string): bigint {
  const value = data.get(name.toLowerCase())
  if (typeof value !== 'bigint' || value < 0n || bitLength(value) > 4096)
    throw new RangeError(`${name} is no integer in range`)
  return value
}

function arrayOf(data: JsonObject, name: string, count?: number): readonly Json[] {
  const value = data.get(name.toLowerCase())
  if (!Array.isArray(value) || value.length > 256) throw new RangeError(`${name} is no array of parties`)
  if (value.length !== (count ?? value.length)) throw new RangeError('arrays differ in length')
  return value as readonly Json[]
}

function integersOf(data: JsonObject, name: string, count?: number): readonly bigint[] {
  return arrayOf(data, name, count).map((value) => integerOf(new Map([[name.toLowerCase(), value]]), name))
}

/** A missing or empty Curve is very old data, and secp256k1. */
function pointOf(value: Json | undefined, name: string): Point {
  const data = objectOf(value, name)
  const curve = data.get('curve') ?? ''
  const [x, y, ...more] = integersOf(data, 'Coords')
  if ((curve !== '' && curve !== 'secp256k1') || x === undefined || y === undefined || more.length > 0) {
    throw new RangeError(`${name} is no point`)
  }
  const point = pointFromCoordinates(x, y)
  if (point === undefined) throw new RangeError(`${name} is not on the curve`)
  return point
}

function at<T>(array: readonly T[], index: number): T {
  const element = array[index]
  if (element === undefined) throw new Error('arrays were checked to be of equal length')
  return element
}

function parsedText(json: string | Uint8Array): Json {
  return readable(() =>
    parseIntegerJson(typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json)),
  )
}

/** What cannot be read is the file's fault, not ours. */
function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof RangeError || error instanceof TypeError ? refused('share-in-file', error.message) : error
  }
}

/** Whoever gives another number of signers than the key was made for is told which it is: the points are not secret. */
function refuseFlaw(check: string | undefined, share?: BareShare): void {
  if (check === undefined) return
  const fails = `fails the check "${check}"`
  const made = share && thresholdOfSharing(share)
  if (made === undefined || made === share?.threshold) throw refused('share-in-file', fails)
  throw refused('share-threshold', `${fails}: ${made} of ${share?.parties.length} sign together`)
}
