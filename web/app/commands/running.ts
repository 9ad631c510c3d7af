import type { CeremonyEvent } from '../../jobs/ceremony.ts'
import { failureIn } from '../../../tss-wasm/failure.ts'
import type { Ports } from '../../jobs/ports.ts'
import type { Unlocking } from '../../jobs/unlock.ts'
import {
  advance,
  isPastCancelling,
  isRunning,
  useCeremony,
  type Ceremony,
  type CeremonyEnd,
  type PartyView,
} from '../../state/ceremony.ts'
import { reportBug } from './outcome.ts'

/** One ceremony at a time, from its first step to its end, in web/state. */
export interface Running {
  readonly run: (
    ceremony: BegunCeremony,
    job: (watch: (event: CeremonyEvent) => void, signal: AbortSignal) => Promise<CeremonyEnd>,
  ) => Promise<void>
  readonly cancel: () => void
  readonly dismiss: () => void
}

/** Running sets its times. */
export type BegunCeremony = Omit<Ceremony, 'startedAtMs' | 'lastNewsMs'>

export interface Afterwards {
  /** How long it took from when all were there. */
  succeeded(kind: Ceremony['kind'], milliseconds: number): void
  /** However it ended. */
  ended(ceremony: Ceremony | undefined): Promise<void>
}

export function running({ now }: Pick<Ports, 'now'>, afterwards: Afterwards): Running {
  let cancelling = new AbortController()
  return {
    async run(ceremony, job) {
      cancelling = new AbortController()
      useCeremony.setState({ current: { ...ceremony, startedAtMs: now(), lastNewsMs: now() } })
      const change = (update: (current: Ceremony) => Ceremony) => {
        useCeremony.setState(({ current }) => ({ current: current && update(current) }))
      }
      try {
        let togetherSinceMs = now() // the search for primes, and the time that people take, are another matter
        const end = await job((event) => {
          if (event.type === 'step' && event.step === 'computing') togetherSinceMs = now()
          change((current) => advance(current, event, now()))
        }, cancelling.signal)
        change((current) => ({ ...current, end }))
        afterwards.succeeded(ceremony.kind, now() - togetherSinceMs)
      } catch (error) {
        change((current) => ({ ...current, end: { type: 'failed', failure: failureIn(error), during: current.step } }))
        reportBug(error)
      } finally {
        await afterwards.ended(useCeremony.getState().current)
      }
    },
    cancel() {
      const { current } = useCeremony.getState()
      if (current !== undefined && !isPastCancelling(current)) cancelling.abort()
    },
    dismiss() {
      if (!isRunning(useCeremony.getState().current)) useCeremony.setState({ current: undefined })
    },
  }
}

/** A second ceremony does not start; its passphrase is overwritten all the same. */
export function isBusy(unlocking: Unlocking): boolean {
  if (!isRunning(useCeremony.getState().current)) return false
  forget(unlocking)
  return true
}

export function forget(unlocking: Unlocking): void {
  if ('passphrase' in unlocking) unlocking.passphrase.fill(0)
}

export function newcomer(seat: number, party: Pick<PartyView, 'name' | 'isPerson'>): PartyView {
  return { seat, ...party, presence: 'invited', received: 0 }
}
