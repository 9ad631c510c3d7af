import { decodeRecord, encodeRecord } from '../../electron/walletRecord.ts'
import type { WalletRecord } from '../../web/platform/shareStore.ts'
import { accepts, promise, type Target } from '../target.ts'

const record = {
  walletId: 'ab'.repeat(16),
  name: 'Treasury',
  state: 'active',
  sessionId: 'cd'.repeat(16),
  publicKey: new Uint8Array(33).fill(2),
  threshold: 2,
  mySeat: 1,
  seats: [1, 2, 3].map((seat) => ({
    seat,
    label: `Party ${seat}`,
    signingKey: new Uint8Array(32).fill(seat),
    encryptionKey: new Uint8Array(32).fill(seat),
  })),
  createdAtMs: 1_700_000_000_000,
} as unknown as WalletRecord

/** A wallet's file in the desktop folder. */
export const walletRecord: Target = {
  name: 'wallet-record',
  seeds: () => [encodeRecord(record)],
  read: (bytes) =>
    accepts(() => {
      const again = encodeRecord(decodeRecord(bytes, 'x'))
      promise(
        Buffer.compare(encodeRecord(decodeRecord(again, 'x')), again) === 0,
        'what is written is read as the same',
      )
    }),
}
