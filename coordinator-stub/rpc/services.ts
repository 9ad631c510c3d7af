import type { PinnedParty } from '../../participant/session/serverParties.ts'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import type { RandomSource } from '../../tss-wasm/random.ts'
import type { Log } from '../process/log.ts'
import type { Router } from '../messages/router.ts'
import type { RequestStore } from '../requests/store.ts'
import type { Contacts } from '../sessions/contacts.ts'
import type { StorageBudget } from '../sessions/budget.ts'
import type { SessionStore } from '../sessions/store.ts'
import type { Signals } from '../signals/signals.ts'
import type { Tokens } from '../sessions/tokens.ts'

/** Everything the handlers need; coordinator/start.ts and the tests build it once. */
export interface Services {
  readonly sessions: SessionStore
  readonly contacts: Contacts
  readonly router: Router
  readonly requests: RequestStore
  readonly budget: StorageBudget
  readonly tokens: Tokens
  readonly signals: Signals
  readonly parties: readonly PinnedParty[]
  readonly random: RandomSource
  readonly now: () => number
  readonly heartbeatMs: number
  readonly log: Log
  /** How many sessions of ten minutes one address may open, in the long run; longer ones count for more. */
  readonly sessionsPerMinute: number
  /**
   * Called before a session is added: when it was ordered, until when; undefined when it was not. Throws a Refusal when
   * somebody else is to open it, or as something else (orders/orders.ts).
   */
  readonly admit?: (
    session: Session,
    authorization: string | null,
  ) => Promise<{ readonly expiresAtMs: number } | undefined>
}
