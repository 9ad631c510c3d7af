import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import { keyAt, keysOf, longestPath, type KeyPath, type WalletKey } from './keys.ts'
import type { Entries } from './rawPsbt.ts'
import { isKeyHashScript, keyHashScript } from './scripts.ts'

/** Of the paths 0/i (to receive) and 1/i (change): those that everybody tries where the PSBT does not say which. */
const usual = { branches: [0, 1], each: 20 } as const
/** Few enough to derive all of them. */
const mostFound = 100_000
/** How far the app gives addresses out, and so how far one is looked for when a PSBT is made ours. */
export const mostGivenOut = 500

export type FindKey = (script: Uint8Array, named: Entries | undefined) => WalletKey | undefined

/**
 * Which of the wallet's keys a script pays to: one that the PSBT names, or one of those that wallets usually use.
 * @param upTo how many addresses of each branch are tried. What is signed names every other key: all who sign find it
 */
export function ownKeys(publicKey: Uint8Array, upTo: number = usual.each): FindKey {
  const own = keyAt(publicKey, [])
  const ownScript = keyHashScript(own.publicKey)
  return (script, named = []) => {
    if (!isKeyHashScript(script)) return undefined
    if (sameBytes(ownScript, script)) return own
    for (const [child, { path }] of named) {
      if (!sameBytes(keyHashScript(child), script)) continue
      // Programs that were given the wallet's key as an account put a hardened path before it.
      const below = path.slice(path.findLastIndex((index) => index >= 2 ** 31) + 1)
      if (below.length === 0 || below.length > longestPath) continue
      const key = keyAt(publicKey, below)
      if (sameBytes(key.publicKey, child)) return key
    }
    const wanted = bytesToHex(script)
    return (
      usualKeys(publicKey, usual.each).get(wanted) ??
      (upTo > usual.each ? usualKeys(publicKey, upTo).get(wanted) : undefined)
    )
  }
}

/** The wallet's own key, and those at m/0/i and m/1/i that anybody would find who looks for lost coins. */
export function isFindable([branch, index = mostFound, ...deeper]: KeyPath): boolean {
  if (branch === undefined) return true
  return usual.branches.some((each) => each === branch) && index < mostFound && deeper.length === 0
}

/**
 * The keys that wallets usually use, by the script that pays to each. Deriving them takes time, and one payment is read
 * several times while it is reviewed and signed: those of the last few wallets are remembered. They are public, and nothing
 * but the wallet's public key decides what they are.
 */
function usualKeys(publicKey: Uint8Array, each: number): ReadonlyMap<string, WalletKey> {
  const wallet = `${bytesToHex(publicKey)} ${each}`
  const known = remembered.get(wallet)
  if (known !== undefined) return known
  const keys = usual.branches.flatMap((branch) => keysOf(publicKey, branch, each))
  const derived = new Map(keys.map((key) => [bytesToHex(keyHashScript(key.publicKey)), key]))
  const [oldest] = remembered.keys()
  if (oldest !== undefined && remembered.size === mostRemembered) remembered.delete(oldest)
  remembered.set(wallet, derived)
  return derived
}

const remembered = new Map<string, ReadonlyMap<string, WalletKey>>()
const mostRemembered = 8
