import { create } from 'zustand'
import type { ReshareRequest } from '../jobs/joinReshare.ts'

/** New shares of our wallets that other members propose, as long as this installation has not answered. */
export const useReshareRequests = create<{ readonly open: readonly ReshareRequest[] }>(() => ({ open: [] }))

export function addReshareRequest(request: ReshareRequest): void {
  useReshareRequests.setState(({ open }) => ({ open: [...without(open, request), request] }))
}

export function dropReshareRequest(request: ReshareRequest): void {
  useReshareRequests.setState(({ open }) => ({ open: without(open, request) }))
}

function without(open: readonly ReshareRequest[], { seen }: ReshareRequest): readonly ReshareRequest[] {
  return open.filter((other) => other.seen.sessionId !== seen.sessionId)
}
