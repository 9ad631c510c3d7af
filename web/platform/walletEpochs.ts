import { encodeEpochs, epochsOf, recordOf } from '../../participant/reshare/recordedEpochs.ts'
import { beginningOf } from '../../participant/reshare/walletEpochs.ts'
import { nothingKnown, type SeatLabel, type WalletEpochs } from '../../participant/reshare/walletEpochs.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { labelByKeys, labelOf } from './seatLabel.ts'
import type { WalletRecord, WalletSeat } from './shareStore.ts'

/** What a record says of the epochs of its wallet. */
export function recordedEpochs(record: WalletRecord | undefined): WalletEpochs {
  if (record === undefined) return nothingKnown
  const seats = record.seats.map(({ seat, signingKey, encryptionKey }) => ({
    seat: seat as PartyId,
    identity: { signingKey, encryptionKey },
  }))
  return epochsOf({ ...record, mySeat: record.mySeat as PartyId, seats })
}

/**
 * The record after a change of its epochs: seats that go on keep what they are called here.
 * @param known undefined on a device that comes to the wallet by resharing
 */
export function withEpochs(
  known: WalletRecord | undefined,
  { walletId, nowMs }: { readonly walletId: string; readonly nowMs: number },
  epochs: WalletEpochs,
): WalletRecord {
  const { threshold, mySeat, seats, epochs: recorded } = recordOf(epochs)
  const record = known ?? newRecord(walletId, nowMs, epochs)
  const isSame = known === undefined || epochs.current?.number === recordedEpochs(known).current?.number
  const labels = epochs.attempts.find(({ handover }) => handover.number === recorded.number)?.labels ?? []
  return {
    ...record,
    state: recorded.place === 'member' ? 'active' : recorded.place,
    threshold,
    mySeat,
    seats: seats.map(({ seat, identity }) => ({
      ...(calledBefore(record.seats, identity) ?? labels[seat - 1] ?? labelByKeys(identity)),
      seat,
      ...keys(identity),
    })),
    epochs: recorded,
    // What is being restored was renewed before, elsewhere.
    ...(isSame || known.state === 'pending' ? {} : { renewedAtMs: nowMs }),
  }
}

/**
 * For a backup: what whoever restores it has to know of the epoch, the attempt that began it, and nothing that opens its
 * session. Nothing where the wallet was never reshared.
 */
export function epochsToKeep(record: WalletRecord): { readonly epochs?: string } {
  const known = recordedEpochs(record)
  const begun = beginningOf(known)
  if (begun === undefined) return {}
  const attempts = [{ ...begun, sessionId: '', joinToken: '' }]
  return { epochs: encodeEpochs({ current: known.current, attempts, unspoken: [], highest: known.highest }) }
}

function newRecord(walletId: string, nowMs: number, { attempts }: WalletEpochs): WalletRecord {
  const [first] = attempts
  if (first === undefined) throw new Error('a wallet is joined by an attempt to reshare')
  const { walletName: name, sessionId, handover } = first
  const { publicKey, threshold } = handover
  return { walletId, name, state: 'joining', sessionId, publicKey, threshold, mySeat: 1, seats: [], createdAtMs: nowMs }
}

function calledBefore(seats: readonly WalletSeat[], identity: PublicIdentity): SeatLabel | undefined {
  const known = seats.find((seat) => sameIdentity(seat, identity))
  return known && labelOf(known)
}

function keys({ signingKey, encryptionKey }: PublicIdentity): PublicIdentity {
  return { signingKey, encryptionKey }
}

/** The name of a share in a store that keeps several of a wallet: the first epoch's is the wallet's own. */
export function shareName(walletId: string, number: number): string {
  return number === 0 ? walletId : `${walletId} ${number}`
}

/** The number in such a name, or undefined for another wallet's. */
export function numberIn(name: string, walletId: string): number | undefined {
  if (name === walletId) return 0
  const [id, number = ''] = name.split(' ')
  return id === walletId && /^[1-9][0-9]*$/.test(number) ? Number(number) : undefined
}
