import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { ByteReader, sameBytes, uint16, uint32 } from '../bytes.ts'
import { refused } from '../failure.ts'

/** What stands in the clear before the ciphertext of a sealed share; all of it is authenticated (SPEC 9). */
export interface ShareHeader {
  /** 32 hex digits. */
  readonly walletId: string
  /** 1 to n. */
  readonly seat: number
  /** How often the key was reshared: 0 for a new one. */
  readonly epoch: number
  readonly keyDerivation: KeyDerivation
}

export type KeyDerivation =
  /** Sealed under a key of the installation. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'argon2id'
      readonly memoryKiB: number
      readonly passes: number
      readonly lanes: number
      readonly salt: Uint8Array<ArrayBuffer>
    }

export interface ShareFile {
  readonly header: ShareHeader
  /** The header's bytes: the additional data of the AEAD. */
  readonly headerBytes: Uint8Array<ArrayBuffer>
  readonly nonce: Uint8Array<ArrayBuffer>
  readonly ciphertext: Uint8Array<ArrayBuffer>
}

const magic = utf8ToBytes('quorate-share\0')
const version = 1
const derivations = ['none', 'argon2id'] as const
const saltLength = 32
export const nonceLength = 12
const checksumLength = 32
const longestFile = 2 * 1024 * 1024

/** What a file may ask of us: anything from a little weaker than we write to what a phone can still do. */
const bounds = { memoryKiB: [8 * 1024, 256 * 1024], passes: [1, 16], lanes: [1, 16] } as const

export function writeHeader({ walletId, seat, epoch, keyDerivation }: ShareHeader): Uint8Array<ArrayBuffer> {
  const parts = [magic, Uint8Array.of(version), hexToBytes(walletId), uint16(seat), uint32(epoch)]
  parts.push(Uint8Array.of(derivations.indexOf(keyDerivation.kind)))
  if (keyDerivation.kind === 'argon2id') {
    const { memoryKiB, passes, lanes, salt } = keyDerivation
    parts.push(uint32(memoryKiB), Uint8Array.of(passes, lanes), salt)
  }
  return new Uint8Array(concatBytes(...parts))
}

/** header ‖ nonce ‖ ciphertext length (4) ‖ ciphertext ‖ SHA-256 of all before it. */
export function writeShareFile({ headerBytes, nonce, ciphertext }: Omit<ShareFile, 'header'>): Uint8Array<ArrayBuffer> {
  const content = concatBytes(headerBytes, nonce, uint32(ciphertext.length), ciphertext)
  return new Uint8Array(concatBytes(content, sha256(content)))
}

/**
 * The checksum tells accidents from a wrong passphrase; it protects against nobody, the AEAD does.
 * @throws ProtocolAbort `refused`: not a share, of a later version, or damaged
 */
export function readShareFile(bytes: Uint8Array): ShareFile {
  if (bytes.length < magic.length || !sameBytes(bytes.subarray(0, magic.length), magic))
    refuse('is not a Quorate share')
  if (bytes.length > longestFile) refuse('is longer than any share')
  if (bytes[magic.length] !== version) refuse('is of a version this program does not know')
  const content = bytes.subarray(0, -checksumLength)
  if (!sameBytes(sha256(content), bytes.subarray(-checksumLength))) refuse('is damaged: its checksum does not match')
  try {
    const reader = new ByteReader(content)
    reader.take(magic.length + 1)
    const header = {
      walletId: bytesToHex(reader.take(16)),
      seat: reader.uint16(),
      epoch: reader.uint32(),
      keyDerivation: readKeyDerivation(reader),
    }
    const headerBytes = new Uint8Array(content.subarray(0, content.length - reader.left))
    const nonce = reader.take(nonceLength)
    const ciphertext = reader.take(reader.uint32())
    reader.end()
    return { header, headerBytes, nonce, ciphertext }
  } catch (error) {
    if (error instanceof RangeError) refuse(`is damaged: ${error.message}`)
    throw error
  }
}

function readKeyDerivation(reader: ByteReader): KeyDerivation {
  const kind = derivations[reader.uint8()]
  if (kind === undefined) throw new RangeError('unknown key derivation')
  if (kind === 'none') return { kind }
  const [memoryKiB, passes, lanes] = [reader.uint32(), reader.uint8(), reader.uint8()]
  for (const [name, value] of Object.entries({ memoryKiB, passes, lanes })) {
    const [least, most] = bounds[name as keyof typeof bounds]
    if (value < least || value > most) throw new RangeError(`${name} of the key derivation is out of bounds`)
  }
  return { kind, memoryKiB, passes, lanes, salt: reader.take(saltLength) }
}

function refuse(why: string): never {
  throw refused('share', `this file ${why}`)
}
