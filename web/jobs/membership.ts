import type { Membership } from '../../tss-wasm/requests/mailbox.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { WalletRecord } from '../platform/shareStore.ts'

/** Who shares a wallet, as its requests are addressed; undefined where it does not sign, or an import has not named all. */
export function membershipIn({ state, publicKey, threshold, seats, epochs }: WalletRecord): Membership | undefined {
  if (state !== 'active' || seats.some(({ signingKey }) => signingKey.length === 0)) return undefined
  const members = [...seats]
    .sort((a, b) => a.seat - b.seat)
    .map(({ seat, signingKey, encryptionKey }) => ({ seat: seat as PartyId, identity: { signingKey, encryptionKey } }))
  return { publicKey, epoch: epochs?.number ?? 0, threshold, members }
}

/** Whether there are people to ask: server parties alone answer at once, and need no request that waits. */
export function hasPeople({ seats, mySeat }: Pick<WalletRecord, 'seats' | 'mySeat'>): boolean {
  return seats.some(({ seat, serverParty }) => seat !== mySeat && serverParty === undefined)
}
