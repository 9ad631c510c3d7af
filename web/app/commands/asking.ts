import type { Host } from '../../jobs/ceremony.ts'
import type { Commands } from './commands.ts'
import { outcomeOf } from './outcome.ts'

/** Of ceremonies among people: what their jobs ask the person, and the person's answers. */
export interface Asking extends Pick<Commands, 'revoke' | 'compare'> {
  /** For the job that runs. */
  readonly host: Host
}

export function asking(): Asking {
  let revokeSeat: (seat: number) => Promise<void> = () => Promise.resolve()
  let compareCodes: (match: boolean) => void = () => undefined
  return {
    host: {
      codesMatch: () =>
        new Promise<boolean>((resolve) => {
          compareCodes = resolve
        }),
      hosting(revoke) {
        revokeSeat = revoke
      },
    },
    revoke: (seat) => outcomeOf(revokeSeat(seat).then(() => undefined)),
    compare(codesMatch) {
      compareCodes(codesMatch)
    },
  }
}
