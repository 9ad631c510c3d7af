import { create } from 'zustand'
import type { Failure } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { isLive } from '../../tss-wasm/requests/isLive.ts'
import type { MemberAnswer } from '../../tss-wasm/requests/state.ts'
import type { WaitingRequest } from '../jobs/mailroom.ts'

export type { WaitingRequest }

/** What this device does with a request now. */
export interface Acting {
  /**
   * opening: the share is opened. standing: it signs as soon as enough are there. signing: it signs. failed: it does nothing.
   */
  readonly phase: 'opening' | 'standing' | 'signing' | 'failed'
  readonly stage?: { readonly name: string; readonly index: number; readonly of: number }
  /** Of the last run, or of what has ended it. */
  readonly failure?: Failure
}

interface WaitingRequests {
  readonly byName: Readonly<Record<string, WaitingRequest>>
  readonly acting: Readonly<Record<string, Acting>>
  /** How many lie there that have not been read yet. */
  readonly unread: number
}

/** Requests that lie at the coordinator, and what we do with them. */
export const useWaitingRequests = create<WaitingRequests>(() => ({ byName: {}, acting: {}, unread: 0 }))

export function takeRead(read: readonly WaitingRequest[]): void {
  if (read.length === 0) return
  useWaitingRequests.setState(({ byName }) => ({
    byName: { ...byName, ...Object.fromEntries(read.map((one) => [one.name, one])) },
  }))
}

export function act(name: string, acting: Acting | undefined): void {
  useWaitingRequests.setState(({ acting: all }) => {
    const others = Object.entries(all).filter(([other]) => other !== name)
    return { acting: Object.fromEntries(acting === undefined ? others : [...others, [name, acting]]) }
  })
}

/** What our member has answered. */
export function mineIn({ wallet, state }: Pick<WaitingRequest, 'wallet' | 'state'>): MemberAnswer | undefined {
  return state.members.find(({ seat }) => seat === (wallet.mySeat as PartyId))
}

/**
 * What a person is to do: answer; or come to sign what it has approved, for which enough others have approved and this
 * device does nothing yet.
 */
export function awaitsUs(request: WaitingRequest, acting: Acting | undefined): 'answer' | 'sign' | undefined {
  if (!isLive(request.state)) return undefined
  const mine = mineIn(request)
  if (mine?.answer === 'none') return 'answer'
  const isIdle = acting === undefined || acting.phase === 'failed'
  return request.state.stage === 'ready' && mine?.answer === 'approved' && isIdle ? 'sign' : undefined
}

export function useWaitingRequest(name: string | undefined): WaitingRequest | undefined {
  return useWaitingRequests(({ byName }) => (name === undefined ? undefined : byName[name]))
}

export function isSigning({ acting }: Pick<WaitingRequests, 'acting'>): boolean {
  return Object.values(acting).some(({ phase }) => phase === 'signing')
}
