import { bytesToHex } from '@noble/hashes/utils.js'
import { identityToRecipient } from 'age-encryption'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { Refusal } from '../process/refusal.ts'

/** Keys to which a share is encrypted on its way to us: each for one request of one caller, in memory only. */
export interface RequestKeys {
  /** @throws Refusal RESOURCE_EXHAUSTED */
  publish(caller: string, nowMs: number): Promise<PublishedKey>
  /** Gives the key out and forgets it, so that it opens one share once. @throws Refusal NOT_FOUND */
  take(caller: string, keyId: string, nowMs: number): CryptoKey
}

export interface PublishedKey {
  readonly keyId: string
  /** age1... */
  readonly recipient: string
  readonly expiresAtMs: number
}

interface Kept {
  readonly caller: string
  readonly key: CryptoKey
  readonly expiresAtMs: number
}

const lifeMs = 5 * 60_000
const mostOfOneCaller = 100

export function requestKeys(random: RandomSource): RequestKeys {
  const kept = new Map<string, Kept>()
  const forgetOld = (nowMs: number) => {
    for (const [keyId, { expiresAtMs }] of kept) if (expiresAtMs <= nowMs) kept.delete(keyId)
  }
  return {
    async publish(caller, nowMs) {
      forgetOld(nowMs)
      if ([...kept.values()].filter((each) => each.caller === caller).length >= mostOfOneCaller) {
        throw new Refusal('no_room', `at most ${mostOfOneCaller} unused keys per caller`)
      }
      const { privateKey } = await crypto.subtle.generateKey('X25519', false, ['deriveBits'])
      const keyId = bytesToHex(random(16))
      const expiresAtMs = nowMs + lifeMs
      kept.set(keyId, { caller, key: privateKey, expiresAtMs })
      return { keyId, recipient: await identityToRecipient(privateKey), expiresAtMs }
    },
    take(caller, keyId, nowMs) {
      forgetOld(nowMs)
      const found = kept.get(keyId)
      if (found?.caller !== caller) {
        throw new Refusal(
          'not_found',
          'key_id: unknown key; each works once, within five minutes, on the instance that made it',
        )
      }
      kept.delete(keyId)
      return found.key
    },
  }
}
