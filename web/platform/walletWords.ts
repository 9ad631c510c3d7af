import { isName } from '../../tss-wasm/identity/walletName.ts'
import type { WalletRecord, WalletWords } from './shareStore.ts'

/** @throws RangeError for a name with something in it that nobody sees, none at all, or a long one */
export function described(record: WalletRecord, { name, labels, isArchived }: WalletWords): WalletRecord {
  if (![name, ...Object.values(labels)].every(isName)) throw new RangeError('not a name')
  const seats = record.seats.map((seat) => ({ ...seat, label: labels[seat.seat] ?? seat.label }))
  return { ...record, name, seats, isArchived }
}
