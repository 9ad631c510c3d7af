import { identityToRecipient } from 'age-encryption'
import { bech32 } from '@scure/base'
import type { RandomSource } from '../random.ts'

/**
 * A key pair of age (age-encryption.org/v1, X25519): what is sealed to the recipient opens with the identity, which `age` and
 * programs like it take as text.
 */
const prefix = 'age-secret-key-'
const ageKeyLength = 32

/** WebKitGTK refuses a key whose first byte is zero; X25519 clears the lowest bits of that byte, whatever they are. */
export function newAgeKey(random: RandomSource): Uint8Array<ArrayBuffer> {
  const key = random(ageKeyLength)
  key[0] = (key[0] ?? 0) | 7
  return key
}

/** AGE-SECRET-KEY-1…, as `age --identity` reads it. @param key 32 bytes */
export function ageIdentity(key: Uint8Array): string {
  if (key.length !== ageKeyLength) throw new RangeError('a key of age has 32 bytes')
  return bech32.encode(prefix, bech32.toWords(key), false).toUpperCase()
}

/** age1…, public. */
export function ageRecipient(key: Uint8Array): Promise<string> {
  return identityToRecipient(ageIdentity(key))
}
