import { create } from 'zustand'

/** An invitation on its way from a link to the screen that shows it; it is taken out of the address bar at once. */
interface Joining {
  readonly text: string
  /** It came as an address: browsers have written that down before the page could do anything. */
  readonly isInHistory: boolean
}

export const nothingJoining: Joining = { text: '', isInHistory: false }

export const useJoining = create<Joining>(() => nothingJoining)
