import { argon2id } from 'hash-wasm'
import { refused } from '../failure.ts'
import type { RandomSource } from '../random.ts'
import { walletIdOf } from './keyShare.ts'
import { unwrapShareKey, wrapShareKey, type PasskeySecret, type WrappedShareKey } from './passkey.ts'
import { decodeWallet, encodeWallet, eraseWallet, holding, type Wallet } from './wallet.ts'
import {
  nonceLength,
  readShareFile,
  writeHeader,
  writeShareFile,
  type KeyDerivation,
  type ShareFile,
  type ShareHeader,
} from './shareFile.ts'
import type { Tools } from './tools.ts'

/** The only form in which a share leaves the worker (ARCHITECTURE 4). */
export type SealedShare = Uint8Array<ArrayBuffer> & { readonly brand: 'SealedShare' }

/** What opens and closes a share: a person's passphrase (Argon2id) or a server's master key. */
export type Sealing =
  | SealingPassphrase
  /** AES-GCM 256, usages encrypt and decrypt. */
  | { readonly kind: 'key'; readonly key: CryptoKey }

export interface SealingPassphrase {
  readonly kind: 'passphrase'
  /** UTF-8; transferred to the worker and overwritten there. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

/** What opens a share: also a passkey that was added to it. Its secret goes where a passphrase goes. */
export type Opening = Sealing | OpeningPasskey

export interface OpeningPasskey extends PasskeySecret {
  readonly kind: 'passkey'
  /** As `addPasskey` made it. */
  readonly wrapped: Uint8Array
}

/** About half a second and 64 MiB: what a phone can still do, and a thief must do for every guess. */
const argon2idCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 4 } as const

/** Encrypts under AES-256-GCM, bound to wallet, seat, epoch and key derivation. Does not touch the passphrase. */
export async function sealWallet(wallet: Wallet, sealing: Sealing, random: RandomSource): Promise<SealedShare> {
  return sealContent(placeOf(wallet), encodeWallet(wallet), sealing, random)
}

/** Whose share a file is, as its header says and what is in it has to. */
export type SharePlace = Omit<ShareHeader, 'keyDerivation'>

function placeOf({ share, epoch }: Wallet): SharePlace {
  return { walletId: walletIdOf(share.publicKey), seat: share.index + 1, epoch }
}

/** The same for what another scheme keeps of a share. @param plain overwritten */
export async function sealContent(
  place: SharePlace,
  plain: Uint8Array<ArrayBuffer>,
  sealing: Sealing,
  random: RandomSource,
): Promise<SealedShare> {
  const keyDerivation: KeyDerivation =
    sealing.kind === 'key' ? { kind: 'none' } : { kind: 'argon2id', ...argon2idCost, salt: random(32) }
  try {
    const headerBytes = writeHeader({ ...place, keyDerivation })
    const nonce = random(nonceLength)
    const key = await keyFor(sealing, keyDerivation)
    const parameters = { name: 'AES-GCM', iv: nonce, additionalData: headerBytes }
    const ciphertext = new Uint8Array(await crypto.subtle.encrypt(parameters, key, plain))
    return writeShareFile({ headerBytes, nonce, ciphertext }) as SealedShare
  } finally {
    plain.fill(0)
  }
}

/**
 * Decrypts and validates. The file is authentic, so it holds what was checked before it was sealed; with `tools`
 * everything is checked once more, down to whether the primes are prime.
 * @throws ProtocolAbort `refused`: damaged, wrong passphrase or key, or a share that fails a check
 */
export async function unsealWallet(sealed: Uint8Array, opening: Opening, tools?: Tools): Promise<Wallet> {
  return openContent(sealed, opening, (plain) => decodeWallet(plain, tools), placeOf)
}

/**
 * Decrypts, has `decode` read what was sealed, and holds what it gives against the header.
 * @param decode gets bytes that are overwritten afterwards
 * @throws ProtocolAbort `refused`: damaged, wrong passphrase or key, of another place, or whatever `decode` throws
 */
export async function openContent<T>(
  sealed: Uint8Array,
  opening: Opening,
  decode: (plain: Uint8Array<ArrayBuffer>) => T | Promise<T>,
  placeIn: (content: T) => SharePlace,
): Promise<T> {
  const file = readShareFile(sealed)
  const sealedWith = file.header.keyDerivation.kind === 'none' ? 'key' : 'passphrase'
  if (sealedWith !== (opening.kind === 'passkey' ? 'passphrase' : opening.kind))
    throw refused('share', `this share is sealed with a ${sealedWith}`)
  return decrypted(file, await openingKey(opening, file), opening.kind, { decode, placeIn })
}

interface Reading<T> {
  readonly decode: (plain: Uint8Array<ArrayBuffer>) => T | Promise<T>
  readonly placeIn: (content: T) => SharePlace
}

async function decrypted<T>(
  file: ShareFile,
  key: CryptoKey,
  by: Opening['kind'],
  { decode, placeIn }: Reading<T>,
): Promise<T> {
  const { header, headerBytes, nonce, ciphertext } = file
  let plain: Uint8Array<ArrayBuffer> | undefined
  try {
    const parameters = { name: 'AES-GCM', iv: nonce, additionalData: headerBytes }
    plain = new Uint8Array(await crypto.subtle.decrypt(parameters, key, ciphertext))
  } catch {
    throw refused(by === 'passphrase' ? 'passphrase' : 'share', `wrong ${by}, or the share was tampered with`)
  }
  try {
    const content = await decode(plain)
    const { walletId, seat, epoch } = placeIn(content)
    const isOfHeader = walletId === header.walletId && seat === header.seat && epoch === header.epoch
    if (!isOfHeader) throw refused('share', 'the share is not of the wallet, seat and epoch that its file names')
    return content
  } finally {
    plain.fill(0)
  }
}

/**
 * Lets a passkey open the share beside its passphrase, until the share is sealed anew. The share stays as it is. What is
 * returned has been seen to open it.
 * @throws ProtocolAbort `refused`: as `unsealWallet`
 */
export async function addPasskey(
  sealed: Uint8Array,
  { passphrase }: SealingPassphrase,
  passkey: PasskeySecret,
  random: RandomSource,
): Promise<WrappedShareKey> {
  const file = readShareFile(sealed)
  if (file.header.keyDerivation.kind !== 'argon2id') throw refused('share', 'this share is sealed with a key')
  const shareKey = await stretched(passphrase, file.header.keyDerivation)
  try {
    eraseWallet(
      await decrypted(file, await imported(shareKey), 'passphrase', {
        decode: (plain) => decodeWallet(plain),
        placeIn: placeOf,
      }),
    )
    const wrapped = await wrapShareKey(shareKey, file.headerBytes, passkey, random)
    eraseWallet(await unsealWallet(sealed, { kind: 'passkey', ...passkey, wrapped }))
    return wrapped
  } finally {
    shareKey.fill(0)
  }
}

/**
 * Another passphrase or key for the same share. The new file has been opened again before it is returned, so that what
 * takes the place of the old one is known to open.
 * @throws ProtocolAbort `refused`: as `unsealWallet`
 */
export async function resealWallet(
  sealed: Uint8Array,
  from: Opening,
  to: Sealing,
  random: RandomSource,
): Promise<SealedShare> {
  using held = holding(await unsealWallet(sealed, from))
  const resealed = await sealWallet(held.wallet, to, random)
  eraseWallet(await unsealWallet(resealed, to))
  return resealed
}

/** What a sealed share says of itself without being opened; not to be trusted before it is. @throws ProtocolAbort `refused` */
export function describeSealed(sealed: Uint8Array): {
  readonly walletId: string
  readonly seat: number
  readonly epoch: number
  readonly sealedWith: Sealing['kind']
} {
  const { walletId, seat, epoch, keyDerivation } = readShareFile(sealed).header
  return { walletId, seat, epoch, sealedWith: keyDerivation.kind === 'none' ? 'key' : 'passphrase' }
}

async function keyFor(sealing: Sealing, derivation: KeyDerivation): Promise<CryptoKey> {
  if (sealing.kind === 'key') return sealing.key
  if (derivation.kind !== 'argon2id') throw new Error('a passphrase needs a key derivation')
  return importedOnce(await stretched(sealing.passphrase, derivation))
}

async function openingKey(opening: Opening, { header, headerBytes }: ShareFile): Promise<CryptoKey> {
  return opening.kind === 'passkey'
    ? importedOnce(await unwrapShareKey(opening.wrapped, headerBytes, opening))
    : keyFor(opening, header.keyDerivation)
}

async function stretched(
  passphrase: Uint8Array,
  { memoryKiB, passes, lanes, salt }: Extract<KeyDerivation, { readonly kind: 'argon2id' }>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (passphrase.length === 0) throw refused('passphrase', 'the passphrase is empty')
  const bytes = await argon2id({
    password: passphrase,
    salt,
    memorySize: memoryKiB,
    iterations: passes,
    parallelism: lanes,
    hashLength: 32,
    outputType: 'binary',
  })
  const key = new Uint8Array(bytes)
  bytes.fill(0)
  return key
}

/** Overwrites the bytes. */
async function importedOnce(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await imported(bytes)
  } finally {
    bytes.fill(0)
  }
}

async function imported(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}
