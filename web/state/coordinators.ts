import { create } from 'zustand'
import { usePreferences } from './preferences.ts'

/** Origins of coordinators that this page may connect to; none where the one that serves it is the only one. */
export const useCoordinators = create<{ readonly offered: readonly string[] }>(() => ({ offered: [] }))

/** Nothing is asked of anybody before the person has chosen. */
export function mustChooseCoordinator(): boolean {
  return useCoordinators.getState().offered.length > 0 && usePreferences.getState().coordinator === ''
}

export function useMustChooseCoordinator(): boolean {
  const isOffered = useCoordinators(({ offered }) => offered.length > 0)
  return usePreferences(({ coordinator }) => coordinator === '') && isOffered
}
