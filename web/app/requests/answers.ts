import type { PartyId } from '../../../tss-wasm/partyId.ts'
import type { WaitingRequest } from '../../state/waitingRequests.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import type { Texts } from '../texts/en.ts'

/** What a member is called here. */
export function memberName({ seats, mySeat }: WalletRecord, seat: PartyId, { app, waiting }: Texts): string {
  if (mySeat === (seat as number)) return waiting.you
  const label = seats.find((each) => each.seat === (seat as number))?.label ?? ''
  return label === '' ? app.party(seat) : label
}

/** How it ended, in one sentence; undefined while it has not. */
export function endOf({ wallet, opened, state }: WaitingRequest, texts: Texts): string | undefined {
  const { ended } = texts.waiting
  const name = (seat: PartyId) => memberName(wallet, seat, texts)
  const { stage, ended: end, signed } = state
  const at = new Date(end?.atMs ?? opened.request.expiresMs)
  const by = end === undefined ? '' : name(end.by)
  switch (stage) {
    case 'open':
    case 'ready':
      return undefined
    case 'sent':
      return ended.sent(by, at)
    case 'signed': {
      const signers = signed?.signers ?? []
      const names = texts.app.and(signers.map(name))
      return signers.includes(wallet.mySeat as PartyId) ? ended.signed(names) : ended.signedWithoutYou(names)
    }
    case 'withdrawn':
      return ended.withdrawn(by, at)
    case 'replaced':
      return ended.replaced(by, at)
    case 'rejected':
      return ended.rejected(at)
    case 'expired':
      return ended.expired(at)
  }
}
