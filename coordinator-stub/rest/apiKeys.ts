import { createHash, timingSafeEqual } from 'node:crypto'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { addressList, isListed } from '../limits/callerAddress.ts'
import { commaSeparated } from '../process/commaSeparated.ts'
import { Refusal } from '../process/refusal.ts'

/**
 * Who may use REST: names with the SHA-256 of their key. Keys have 256 random bits, so a plain hash protects them: there
 * is nothing to guess.
 */
export interface ApiKeys {
  /** @returns the name that the key belongs to @throws Refusal UNAUTHENTICATED */
  nameOf(key: string | undefined): string
  /** @throws Refusal PERMISSION_DENIED when there is an allow-list and the address is not on it */
  admit(address: string | undefined): void
  /** Whether this name reads the audit log of everybody's sessions, not only of its own. */
  isAuditor(name: string): boolean
}

const prefix = 'qk_'

/**
 * @param text "name:64 hex digits", comma separated
 * @param allowList addresses or networks ("10.0.0.0/8"), comma separated; empty: everybody
 * @param auditors names of keys, comma separated
 * @throws Error naming what is wrong, never showing a key
 */
export function parseApiKeys(text: string, allowList: string, auditors = ''): ApiKeys {
  const entries = commaSeparated(text).map((entry) => {
    const match = /^([a-zA-Z0-9_.-]{1,64}):([0-9a-f]{64})$/.exec(entry)
    if (!match?.[1] || !match[2]) throw new Error('API_KEYS must be a comma-separated list of "name:SHA-256 in hex"')
    return { name: match[1], hash: Buffer.from(match[2], 'hex') }
  })
  const auditing = new Set(commaSeparated(auditors))
  const unknown = [...auditing].find((name) => !entries.some((entry) => entry.name === name))
  if (unknown !== undefined) throw new Error(`API_AUDITORS: API_KEYS has no key named "${unknown}"`)
  const allowed = addressList(allowList, 'API_ALLOW_LIST')
  return {
    nameOf(key) {
      const hash = createHash('sha256')
        .update(key ?? '')
        .digest()
      // Every entry is compared, each in constant time.
      const found = entries.filter((entry) => timingSafeEqual(entry.hash, hash))
      if (key === undefined || !found[0]) throw new Refusal('unknown_caller', 'X-API-Key is missing or unknown')
      return found[0].name
    },
    admit(address) {
      if (allowed === undefined || isListed(allowed, address)) return
      throw new Refusal('not_admitted', 'this address is not on the allow list')
    },
    isAuditor: (name) => auditing.has(name),
  }
}

/** A fresh key and the entry for API_KEYS; the key is shown once and kept nowhere. */
export function makeApiKey(name: string, random: RandomSource): { readonly key: string; readonly entry: string } {
  const key = prefix + Buffer.from(random(32)).toString('base64url')
  return { key, entry: `${name}:${createHash('sha256').update(key).digest('hex')}` }
}
