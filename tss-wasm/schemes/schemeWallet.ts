import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { type BlsDomain, isDomain } from '../content/blsDomain.ts'
import { schemeNames } from '../content/keyScheme.ts'
import { refused } from '../failure.ts'
import { g1 } from '../groups/bls12381.ts'
import { ed25519 } from '../groups/ed25519.ts'
import { decodeScalar, encodeScalar, type Decoded, type Element, type Group } from '../groups/group.ts'
import { secp256k1 } from '../groups/secp256k1.ts'
import { walletIdOf } from '../keyShare/keyShare.ts'
import {
  openContent,
  type Opening,
  sealContent,
  type SealedShare,
  type Sealing,
  type SharePlace,
} from '../keyShare/seal.ts'
import type { SeatIdentity } from '../keyShare/wallet.ts'
import type { RandomSource } from '../random.ts'
import { mostParties } from '../round/channel.ts'
import { Secret } from '../secret.ts'
import { z } from '../zod.ts'
import { flawOfGroupShare, type GroupKeyShare } from './groupShare.ts'
import type { SchemeShare } from './schemeShare.ts'
import { blsSuite, ed25519Suite, type KeySuite, taprootSuite } from './suite.ts'

/** A share of a key of another scheme, and what its holder has to remember with it (SCHEMES 11.3). */
export interface SchemeWallet {
  readonly name: string
  readonly createdAtMs: number
  /** Who holds the other shares, seat 1 to n, in the order of the share's parties. */
  readonly seats: readonly SeatIdentity[]
  readonly held: SchemeShare
}

/** In a sealed share, where ECDSA's have a number: programs that know no such keys refuse it by its format. */
const format = 'scheme/1'

const hex = (most: number) =>
  z
    .string()
    .regex(/^([0-9a-f]{2})+$/)
    .max(2 * most)
    .transform((text) => hexToBytes(text))
const chainId = z
  .string()
  .regex(/^[1-9][0-9]{0,19}$/)
  .transform(BigInt)
const domainSchema: z.ZodType<BlsDomain> = z.union([
  z.strictObject({ kind: z.literal('application'), name: z.string().max(64), chainId }),
  z.strictObject({ kind: z.literal('ethereum-validator'), chainId }),
])
const schema = z.strictObject({
  format: z.literal(format),
  scheme: z.enum(schemeNames),
  domain: domainSchema.refine(isDomain).optional(),
  name: z.string().max(256),
  createdAtMs: z.int().min(0),
  threshold: z.int().min(2).max(mostParties),
  index: z
    .int()
    .min(0)
    .max(mostParties - 1),
  publicKey: hex(48),
  secret: hex(32),
  parties: z
    .array(z.strictObject({ key: hex(32), publicShare: hex(48), signingKey: hex(32), encryptionKey: hex(32) }))
    .min(2)
    .max(mostParties),
})
type Stored = z.infer<typeof schema>

/** As ECDSA's: under AES-256-GCM, bound to key, seat and key derivation. Does not touch the passphrase. */
export function sealSchemeWallet(wallet: SchemeWallet, sealing: Sealing, random: RandomSource): Promise<SealedShare> {
  return sealContent(placeOf(wallet), encodeSchemeWallet(wallet), sealing, random)
}

/** @throws ProtocolAbort `refused`: damaged, wrong passphrase or key, a share of ECDSA, or one that fails a check */
export function unsealSchemeWallet(sealed: Uint8Array, opening: Opening): Promise<SchemeWallet> {
  return openContent(sealed, opening, decodeSchemeWallet, placeOf)
}

/** For `using`. */
export function holdingScheme(wallet: SchemeWallet): Disposable & { readonly wallet: SchemeWallet } {
  return {
    wallet,
    [Symbol.dispose]() {
      wallet.held.share.secret.erase()
    },
  }
}

function placeOf({ held: { share } }: SchemeWallet): SharePlace {
  return { walletId: walletIdOf(share.publicKey.toBytes()), seat: share.index + 1, epoch: 0 }
}

/** JSON in UTF-8. To be sealed, never stored. */
export function encodeSchemeWallet(wallet: SchemeWallet): Uint8Array<ArrayBuffer> {
  const { held } = wallet
  switch (held.scheme) {
    case 'ed25519':
      return encoded(wallet, held.share)
    case 'taproot':
      return encoded(wallet, held.share)
    case 'bls12381':
      return encoded(wallet, held.share, held.share.domain)
  }
}

function encoded<P extends Element<P>>(
  { name, createdAtMs, seats }: SchemeWallet,
  { suite: { scheme, group }, threshold, index, publicKey, secret, parties }: GroupKeyShare<P>,
  domain?: BlsDomain,
): Uint8Array<ArrayBuffer> {
  if (seats.length !== parties.length) throw new Error('every party has a seat')
  const secretBytes = encodeScalar(group, secret.reveal())
  const stored = {
    ...{ format, scheme },
    ...(domain && { domain: { ...domain, chainId: domain.chainId.toString() } }),
    ...{ name, createdAtMs, threshold, index },
    publicKey: bytesToHex(publicKey.toBytes()),
    secret: bytesToHex(secretBytes),
    parties: parties.map(({ key, publicShare }, i) => ({
      key: bytesToHex(encodeScalar(group, key)),
      publicShare: bytesToHex(publicShare.toBytes()),
      signingKey: bytesToHex(seats[i]?.signingKey ?? new Uint8Array()),
      encryptionKey: bytesToHex(seats[i]?.encryptionKey ?? new Uint8Array()),
    })),
  }
  secretBytes.fill(0)
  return new TextEncoder().encode(JSON.stringify(stored))
}

/** @throws ProtocolAbort `refused`, naming the check */
export function decodeSchemeWallet(bytes: Uint8Array): SchemeWallet {
  const stored = parsed(bytes)
  const { name, createdAtMs, parties } = stored
  const seats = parties.map(({ signingKey, encryptionKey }) => ({ signingKey, encryptionKey }))
  return { name, createdAtMs, seats, held: shareIn(stored) }
}

function shareIn(stored: Stored): SchemeShare {
  const { scheme, domain } = stored
  if ((domain !== undefined) !== (scheme === 'bls12381')) throw malformed('domain')
  switch (scheme) {
    case 'ed25519':
      return { scheme, share: groupShareIn(stored, ed25519Suite, ed25519) }
    case 'taproot':
      return { scheme, share: groupShareIn(stored, taprootSuite, secp256k1) }
    case 'bls12381': {
      const share = groupShareIn(stored, blsSuite, g1)
      if (domain === undefined) throw malformed('domain')
      return { scheme, share: { ...share, domain } }
    }
  }
}

function groupShareIn<P extends Element<P>>(
  { threshold, index, publicKey, secret, parties }: Stored,
  suite: KeySuite<P>,
  group: Group<P>,
): GroupKeyShare<P> {
  const element = (bytes: Uint8Array, name: string): P => {
    if (bytes.length !== group.elementLength) throw malformed(name)
    return passed(group.decodeElement(bytes), name)
  }
  const scalar = (bytes: Uint8Array, name: string): bigint => {
    if (bytes.length !== 32) throw malformed(name)
    return passed(decodeScalar(group, bytes), name)
  }
  const share: GroupKeyShare<P> = {
    ...{ suite, threshold, index },
    publicKey: element(publicKey, 'publicKey'),
    secret: new Secret(scalar(secret, 'secret')),
    parties: parties.map(({ key, publicShare }) => ({
      key: scalar(key, 'key'),
      publicShare: element(publicShare, 'publicShare'),
    })),
  }
  secret.fill(0)
  const flaw = flawOfGroupShare(share)
  if (flaw === undefined) return share
  share.secret.erase()
  throw refused('share', `fails the check "${flaw}"`)
}

function passed<T>(decoded: Decoded<T>, name: string): T {
  if ('failed' in decoded) throw refused('share', `its content is not well formed: ${name}: ${decoded.failed}`)
  return decoded.passed
}

function parsed(bytes: Uint8Array): Stored {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const result = schema.safeParse(json)
    if (result.success) return result.data
    throw malformed(String(result.error.issues[0]?.path[0] ?? 'text'))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw malformed('text')
    throw error
  }
}

function malformed(part: string) {
  if (part === 'format') return refused('share', 'is of a format this program does not know')
  return refused('share', `its content is not well formed: ${part}`)
}
