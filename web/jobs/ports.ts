import type { Coordinator } from '../../participant/coordinator.ts'
import type { Requests } from '../../participant/requests/requestBox.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'
import type { Clock } from '../../tss-wasm/round/clock.ts'
import type { IdentityStore } from '../platform/identityStore.ts'
import type { Passkeys } from '../platform/passkeys.ts'
import type { PendingStore } from '../platform/pendingStore.ts'
import type { PreParameterStore } from '../platform/preParameterStore.ts'
import type { ShareStore } from '../platform/shareStore.ts'
import type { Preparation } from './preparePreParameters.ts'
import type { UnlockPeriods } from './unlockPeriods.ts'

/** Everything a job needs from outside. Built once, in main.tsx; a test builds its own. */
export interface Ports {
  readonly coordinator: Coordinator
  readonly shares: ShareStore
  readonly pending: PendingStore
  readonly identity: IdentityStore
  readonly preParameters: PreParameterStore
  readonly preparation: Preparation
  /** Where the host has authenticators. */
  readonly passkeys?: Passkeys | undefined
  /** What a person has unlocked for longer than one job. */
  readonly unlocked: UnlockPeriods
  startEngine(): Engine
  readonly clock: Clock
  /** Milliseconds since 1970, for records that people read. */
  now(): number
  readonly deadlines: Deadlines
}

/** Where requests wait as well. */
export interface RequestPorts extends Ports {
  readonly requests: Requests
  /** 32 random hex digits, of this program as long as it runs: by them it holds a claim to open a session (SPEC 11.4). */
  readonly claim: string
}

/** Milliseconds. */
export interface Deadlines {
  /** Until every party has taken its seat: whoever runs does so at once. */
  readonly joinMs: number
  /** From when all have come until every party is ready: one whose pre-parameters are not made yet makes them first. */
  readonly readyMs: number
  /** Since the last message of a running ceremony. */
  readonly roundMs: number
}
