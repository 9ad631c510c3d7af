import { refused } from '../failure.ts'
import { parseIntegerJson, type Json, type JsonObject } from './integerJson.ts'

/** Fields of tss-lib's LocalPartySaveData (WIRE 8); an object with two of them is taken for one. */
const telling = ['ks', 'xi', 'shareid', 'bigxj', 'ecdsapub', 'eddsapub'] as const
/** What an EdDSA share has as well. */
const ofTheKey = ['xi', 'shareid', 'ks'] as const
const ofThePreParameters = ['pailliersk', 'ntildei', 'h1i', 'h2i', 'alpha', 'beta', 'p', 'q'] as const
/** JSON in a string of JSON, as some products store it. */
const mostWrappers = 2

/**
 * Every share of an ECDSA key in a file: tss-lib's own, or what another program has put around it, be it an object, a list
 * or a string that is JSON itself.
 * @returns at least one, each with its key and the numbers in it written as numbers
 * @throws ProtocolAbort `refused`, with the cause that there is advice for, saying what the file is instead
 */
export function localDataIn(file: string | Uint8Array): readonly JsonObject[] {
  const found = [...searched(parsed(textOf(file)), mostWrappers)]
  const shares = found.filter((data) => !isEddsa(data))
  if (shares.length === 0) throw found.length > 0 ? eddsa() : foreign('JSON without a share of tss-lib')
  const finished = shares.filter((data) => ofTheKey.every((name) => !isMissing(data.get(name))))
  if (finished.length === 0) {
    const missing = ofTheKey.filter((name) => isMissing(shares[0]?.get(name)))
    throw refused('share-file-unfinished', `${missing.map((name) => goName[name]).join(', ')}: missing`)
  }
  for (const data of finished) refuseStrings(data)
  return finished
}

/** What tss-lib made before version 1.1, or another program has left out: enough for the key, not enough to sign. */
export function missingPreParameters(data: JsonObject): readonly string[] {
  return ofThePreParameters.filter((name) => isMissing(data.get(name))).map((name) => goName[name])
}

const goName = {
  xi: 'Xi',
  shareid: 'ShareID',
  ks: 'Ks',
  pailliersk: 'PaillierSK',
  ntildei: 'NTildei',
  h1i: 'H1i',
  h2i: 'H2i',
  alpha: 'Alpha',
  beta: 'Beta',
  p: 'P',
  q: 'Q',
} as const

function textOf(file: string | Uint8Array): string {
  const start = typeof file === 'string' ? file.slice(0, 64) : new TextDecoder('latin1').decode(file.subarray(0, 64))
  if (/^(\xFF\xFE|\xFE\xFF)|^\0?[[{"\s]\0/.test(start)) throw refused('share-file-encoding', 'UTF-16')
  if (/^\s*(age-encryption\.org|-----BEGIN AGE)/.test(start)) throw foreign('an age file: a backup')
  if (start.startsWith('quorate-share\0')) throw foreign('a share that is sealed for the device it was stored on')
  if (typeof file === 'string') return file.replace(/^\uFEFF/, '')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file)
  } catch {
    throw foreign('not text')
  }
}

function parsed(text: string): Json {
  if (!/^\s*[[{"]/.test(text)) throw foreign('not JSON')
  try {
    return parseIntegerJson(text, { fractions: 'as text' })
  } catch (error) {
    throw error instanceof RangeError ? refused('share-in-file', error.message) : error
  }
}

function* searched(json: Json, wrappers: number): Generator<JsonObject> {
  if (json instanceof Map) {
    const data = json as JsonObject
    if (telling.filter((name) => data.has(name)).length >= 2 || isOnlyPreParameters(data)) yield data
    else for (const inner of data.values()) yield* searched(inner, wrappers)
  } else if (Array.isArray(json)) {
    for (const inner of json as readonly Json[]) yield* searched(inner, wrappers)
  } else if (typeof json === 'string' && wrappers > 0 && /^\s*[[{]/.test(json)) {
    yield* searched(readOrNull(json), wrappers - 1)
  }
}

/** What key generation begins with: stored by programs that were stopped before its end. */
function isOnlyPreParameters(data: JsonObject): boolean {
  return data.has('pailliersk') && data.has('ntildei')
}

/** A string that only looks like JSON is somebody else's business. */
function readOrNull(text: string): Json {
  try {
    return parseIntegerJson(text, { fractions: 'as text' })
  } catch {
    return null
  }
}

function isEddsa(data: JsonObject): boolean {
  const [point] = (data.get('bigxj') as readonly Json[] | undefined) ?? []
  return !isMissing(data.get('eddsapub')) || (point instanceof Map && point.get('curve') === 'ed25519')
}

/** tss-lib writes null for what it does not have, and lists of null after a resharing that took a member out. */
function isMissing(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.every((each) => each === null)
  return value === undefined || value === null
}

/** Programs that know no long integers write them as strings, or round them: then the share is not in the file any more. */
function refuseStrings(data: JsonObject): void {
  for (const name of ['Xi', 'ShareID', 'Ks', 'NTildei', 'H1i', 'H2i', 'Alpha', 'Beta', 'P', 'Q', 'NTildej']) {
    const value = data.get(name.toLowerCase()) ?? null
    const texts = (Array.isArray(value) ? (value as readonly Json[]) : [value]).filter(
      (each) => typeof each === 'string',
    )
    if (texts.length === 0) continue
    if (texts.some((each) => /^-?\d+$/.test(each))) throw refused('share-file-numbers', `${name} is a string`)
    throw refused('share-file-rounded', `${name} is written with a fraction, an exponent or in another base`)
  }
}

function eddsa(): Error {
  return refused('share-file-eddsa', 'EDDSAPub, or points of ed25519')
}

function foreign(what: string): Error {
  return refused('share-file-foreign', what)
}
