import { create } from 'zustand'

/** An invitation on its way from a link to the screen that shows it; it is taken out of the address bar at once. */
export const useJoining = create<{ readonly text: string }>(() => ({ text: '' }))
