import { create } from 'zustand'

/** Whether something asks the coordinator and gets no answer. */
export const useContact = create<{ readonly isLost: boolean }>(() => ({ isLost: false }))
