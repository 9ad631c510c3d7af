import type { HistoryEnd, HistoryEntry } from '../platform/historyStore.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import type { WaitingRequest } from './mailroom.ts'
import { assemble } from './signed.ts'

/** What is kept of a request once it has ended; undefined while it has not. */
export function historyOf({ name, wallet, opened, state }: WaitingRequest): HistoryEntry | undefined {
  const end = endOf({ opened, state })
  if (end === undefined) return undefined
  const { request } = opened
  const label = (seat: number) => labelOf(wallet, seat)
  const signers = (state.signed?.signers ?? []).map(label)
  return {
    walletId: wallet.walletId,
    atMs: state.ended?.atMs ?? request.expiresMs,
    content: request.content,
    askedBy: label(request.from),
    others: signers.filter((signer) => signer !== undefined),
    end,
    request: {
      ...{ name, note: request.note, createdMs: request.createdMs, expiresMs: request.expiresMs, signers },
      answers: state.members.map(({ seat, answer, atMs, by, reason }) => ({
        ...{ label: label(seat), answer },
        ...(atMs !== undefined && { atMs }),
        ...(by !== undefined && { by }),
        ...(reason !== undefined && { reason }),
      })),
      ...(state.transaction !== undefined && { transaction: state.transaction }),
    },
  }
}

function endOf({ opened, state }: Pick<WaitingRequest, 'opened' | 'state'>): HistoryEnd | undefined {
  const { stage, signed } = state
  switch (stage) {
    case 'open':
    case 'ready':
      return undefined
    case 'signed':
    case 'sent': {
      if (signed === undefined) return undefined
      const { result, transactionHash } = assemble(opened.request, signed)
      return { type: 'signed', result, transactionHash }
    }
    case 'rejected':
    case 'withdrawn':
    case 'expired':
    case 'replaced':
      return { type: stage }
  }
}

function labelOf({ seats, mySeat }: WalletRecord, seat: number): string | undefined {
  return seat === mySeat ? undefined : (seats.find((each) => each.seat === seat)?.label ?? '')
}
