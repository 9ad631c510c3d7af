import { create } from 'zustand'
import type { PreparationState } from '../jobs/preparePreParameters.ts'

/** The stock of pre-parameters, as the screens show it. */
export const usePreparation = create<PreparationState | { readonly state: 'unknown' }>(() => ({ state: 'unknown' }))
