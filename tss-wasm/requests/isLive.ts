import type { RequestState } from './state.ts'

/** Whether members can still answer, and sign. */
export function isLive({ stage }: Pick<RequestState, 'stage'>): boolean {
  return stage === 'open' || stage === 'ready'
}
