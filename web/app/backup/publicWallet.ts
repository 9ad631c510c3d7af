import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'

/** What everybody who holds a share agrees on, for machines: JSON without white space, the same on every device. */
export function publicWallet({ publicKey, threshold, seats }: WalletRecord): string {
  return JSON.stringify({
    quorateWallet: 1,
    publicKey: bytesToHex(publicKey),
    threshold,
    seats: seats.map((seat) => (seat.signingKey.length === 0 ? '' : fingerprint(seat).replaceAll(' ', ''))),
  })
}

/** Twelve digits, to compare sheets by: not against somebody who searches for two wallets with one code. */
export function sheetCode(wallet: WalletRecord): string {
  const hash = bytesToHex(sha256(utf8ToBytes(publicWallet(wallet))))
  const digits = (BigInt(`0x${hash}`) % 10n ** 12n).toString().padStart(12, '0')
  return digits.replace(/.{4}(?!$)/g, '$& ')
}
