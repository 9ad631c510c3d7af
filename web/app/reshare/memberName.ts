import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { useTexts } from '../texts/useTexts.tsx'

/** What a member of a wallet is called here, with as much of the fingerprint as tells two of one name apart. */
export function useMemberName({ mySeat }: WalletRecord): (seat: WalletSeat) => string {
  const { app } = useTexts()
  return (seat) => {
    if (seat.seat === mySeat) return app.thisDevice
    const known = fingerprint(seat).slice(0, 14)
    return seat.label === known || seat.label === '' ? known : `${seat.label} (${known})`
  }
}
