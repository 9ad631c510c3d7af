import { create } from 'zustand'
import type { SigningRequest } from '../jobs/requests.ts'

/** What others ask this installation to sign, as long as it is unanswered. */
export const useRequests = create<{ readonly open: readonly SigningRequest[] }>(() => ({ open: [] }))

export function addRequest(request: SigningRequest): void {
  useRequests.setState(({ open }) => ({ open: [...open.filter((other) => !isSame(other, request)), request] }))
}

export function dropRequest(request: SigningRequest): void {
  useRequests.setState(({ open }) => ({ open: open.filter((other) => !isSame(other, request)) }))
}

function isSame(one: SigningRequest, other: SigningRequest): boolean {
  return one.access.sessionId === other.access.sessionId
}
