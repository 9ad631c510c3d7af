import { armor, Decrypter, Encrypter } from 'age-encryption'
import { refused } from '../failure.ts'

/** N = 2^18: what `age -p` uses. 256 MiB and about a second for every guess. */
const usualWorkFactor = 18
/** A GiB: more than a browser's worker should be asked for. */
const highestWorkFactor = 20
/** A share of 256 parties has about 700 KiB, and armor adds a third. */
const longestFile = 1024 * 1024

/**
 * An age file (age-encryption.org/v1) for one passphrase, armored: the stock `age -d` opens it, and it survives being
 * mailed or printed. Its file key, nonce and salt are drawn by the library from WebCrypto.
 */
export async function encryptWithPassphrase(
  plain: Uint8Array,
  passphrase: Uint8Array,
  workFactor = usualWorkFactor,
): Promise<Uint8Array<ArrayBuffer>> {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(workFactor)
  encrypter.setPassphrase(textOf(passphrase))
  return new TextEncoder().encode(armor.encode(await encrypter.encrypt(plain)))
}

/** The same for the holder of a key: `recipient` is public, so that nobody who has the key needs to be there. */
export async function encryptToRecipient(plain: Uint8Array, recipient: string): Promise<Uint8Array<ArrayBuffer>> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  // The library draws an ephemeral key, and WebKit fails for one in 256 (identity/curve25519.ts).
  const make = () => encrypter.encrypt(plain)
  return new TextEncoder().encode(armor.encode(await make().catch(make).catch(make)))
}

/**
 * @param passphrase of a file that is sealed to a recipient: its key as text, `AGE-SECRET-KEY-1…`
 *
 * Armored or not. The result is to be overwritten by the caller; the passphrase is a string in the library's hands, and
 * goes with the worker.
 * @throws ProtocolAbort `refused`, reason `backup: …`
 */
export async function decryptWithPassphrase(file: Uint8Array, passphrase: Uint8Array): Promise<Uint8Array> {
  if (file.length > longestFile) throw refused('backup-foreign', 'longer than any backup')
  const bytes = dearmored(file)
  const decrypter = new Decrypter()
  if (isForKey(bytes)) decrypter.addIdentity(keyOf(passphrase))
  else {
    checkRecipient(bytes)
    decrypter.addPassphrase(textOf(passphrase))
  }
  try {
    return await decrypter.decrypt(bytes)
  } catch (error) {
    // The library says everything by the text of a plain Error; this one text means that the passphrase opened nothing.
    const isPassphrase = error instanceof Error && error.message.startsWith('no identity matched')
    throw isPassphrase
      ? refused('backup-passphrase', 'wrong passphrase, or its first lines are damaged')
      : refused('backup-damaged', 'damaged or cut short')
  }
}

function dearmored(file: Uint8Array): Uint8Array {
  const start = new TextDecoder().decode(file.subarray(0, 128)).trimStart()
  if (start.startsWith('age-encryption.org/v1\n')) return file
  if (!start.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')) throw refused('backup-foreign', 'not an age file')
  try {
    return armor.decode(new TextDecoder('utf-8', { fatal: true }).decode(file))
  } catch {
    throw refused('backup-damaged', 'damaged or cut short')
  }
}

/** Whether the file opens with a key, which guardians have in pieces, and with no passphrase. @throws as `decryptWithPassphrase` */
export function isForGuardians(file: Uint8Array): boolean {
  return isForKey(dearmored(file))
}

/** Sealed to one X25519 recipient. */
function isForKey(bytes: Uint8Array): boolean {
  return /^age-encryption\.org\/v1\n-> X25519 \S{43}\n/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 128)))
}

function keyOf(passphrase: Uint8Array): string {
  const text = textOf(passphrase).trim()
  if (/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/.test(text)) return text
  throw refused('backup-passphrase', 'it is sealed for guardians, and opens with the key that their pieces give')
}

/** What the file asks of us, before it is obeyed. */
function checkRecipient(bytes: Uint8Array): void {
  const header = new TextDecoder('latin1').decode(bytes.subarray(0, 128))
  const factor = /^age-encryption\.org\/v1\n-> scrypt \S{22} ([1-9]\d?)\n/.exec(header)?.[1]
  if (factor === undefined) throw refused('backup-foreign', 'not encrypted with a passphrase')
  if (Number(factor) > highestWorkFactor) throw refused('backup-foreign', 'asks for more memory than a backup needs')
}

function textOf(passphrase: Uint8Array): string {
  if (passphrase.length === 0) throw refused('backup-passphrase', 'wrong passphrase: it is empty')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(passphrase)
}
