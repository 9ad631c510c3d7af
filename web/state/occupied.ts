import { create } from 'zustand'

/** waiting: another tab works with it. taken: another tab has taken it over from this one. */
export type Occupation = 'here' | 'waiting' | 'taken'

/** Wallets that this tab works with, or wants to. */
export const useOccupied = create<Readonly<Record<string, Occupation>>>(() => ({}))
