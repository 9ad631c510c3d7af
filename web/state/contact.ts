import { create } from 'zustand'

export interface ContactSeen {
  /** Whether something asks the coordinator and gets no answer. */
  readonly isLost: boolean
  /** Whether it refuses to tell us of requests, as it does when our clock is minutes off. */
  readonly isRefused: boolean
}

export const useContact = create<ContactSeen>(() => ({ isLost: false, isRefused: false }))
