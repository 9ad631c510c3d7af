// A certificate of our own for https in a local network, where no authority gives one.
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import { writeDurably } from '../files/dataFolder.ts'
import type { RandomSource } from '../tss-wasm/random.ts'
import {
  bitString,
  der,
  integer,
  isTrue,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  utcTime,
  utf8String,
} from './der.ts'

export interface Certificate {
  /** Files, PEM. */
  readonly cert: string
  readonly key: string
  /** SHA-256 of the certificate, as browsers show it: AA:BB:... */
  readonly fingerprint: string
}

const dayMs = 24 * 3600 * 1000
/** Browsers take none that is valid for longer than 398 days. */
const validDays = 90
const freshDays = 7

/** Names and addresses by which other computers may reach this one, the name first. */
export function lanNames(): readonly string[] {
  const own = hostname().toLowerCase()
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
  return [own.includes('.') ? own : `${own}.local`, ...addresses]
}

/**
 * The certificate that is kept in `folder`, or a new one if that is missing, about to end, or lacks one of the names.
 * It is its own authority and cannot sign others: whoever trusts it trusts this machine only.
 * @param names host names and IPv4 addresses
 */
export async function lanCertificate(
  folder: string,
  names: readonly string[],
  random: RandomSource,
): Promise<Certificate> {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const kept = readKept(cert)
  const found = kept !== undefined && isGood(kept, names) ? kept : await make(cert, key, names, random)
  return { cert, key, fingerprint: found.fingerprint256 }
}

function readKept(cert: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(cert))
  } catch {
    return undefined
  }
}

function isGood(certificate: X509Certificate, names: readonly string[]): boolean {
  const isFresh = Date.parse(certificate.validTo) - Date.now() > freshDays * dayMs
  return isFresh && names.every((name) => (isIPv4(name) ? certificate.checkIP(name) : certificate.checkHost(name)))
}

async function make(
  cert: string,
  key: string,
  names: readonly string[],
  random: RandomSource,
): Promise<X509Certificate> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const unsigned = toBeSigned(names, publicKey.export({ type: 'spki', format: 'der' }), random)
  const signature = sign('sha256', unsigned, privateKey) // for this kind of key already in DER
  const certificate = new X509Certificate(sequence(unsigned, ecdsaWithSha256, bitString(signature)))
  mkdirSync(dirname(key), { recursive: true, mode: 0o700 })
  await writeDurably(key, Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  await writeDurably(cert, Buffer.from(certificate.toString()))
  return certificate
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))

/** TBSCertificate of RFC 5280, section 4.1: version 3, its own issuer. */
function toBeSigned(names: readonly string[], publicKey: Uint8Array, random: RandomSource): Uint8Array {
  const commonName = `Quorate on ${names[0] ?? 'this computer'}`.slice(0, 64)
  const name = sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName))))
  const now = Date.now()
  return sequence(
    tagged(0, integer(Uint8Array.of(2))),
    integer(serialNumber(random)),
    ecdsaWithSha256,
    name,
    sequence(utcTime(new Date(now - dayMs)), utcTime(new Date(now + validDays * dayMs))), // clocks differ
    name,
    publicKey,
    tagged(3, sequence(...extensions(names))),
  )
}

function extensions(names: readonly string[]): readonly Uint8Array[] {
  const critical = (oid: string, value: Uint8Array) => sequence(objectIdentifier(oid), isTrue, octetString(value))
  const plain = (oid: string, value: Uint8Array) => sequence(objectIdentifier(oid), octetString(value))
  const serverAuthentication = objectIdentifier('1.3.6.1.5.5.7.3.1')
  return [
    critical('2.5.29.19', sequence()), // basic constraints: no authority
    critical('2.5.29.15', bitString(Uint8Array.of(0x80), 7)), // key usage: digital signature
    plain('2.5.29.37', sequence(serverAuthentication)),
    plain('2.5.29.17', sequence(...names.map(generalName))),
  ]
}

function generalName(name: string): Uint8Array {
  return isIPv4(name) ? der(0x87, Uint8Array.from(name.split('.'), Number)) : der(0x82, Buffer.from(name))
}

/** 127 bits, the first of them 1, so that it is positive and has no zero in front. */
function serialNumber(random: RandomSource): Uint8Array {
  const bytes = random(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes
}
