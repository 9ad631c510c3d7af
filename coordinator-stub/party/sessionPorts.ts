import type { Coordinator } from '../../participant/coordinator.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'
import type { Log } from '../process/log.ts'
import type { History } from './history.ts'
import type { AskedPlans } from './askedPlans.ts'
import type { PartyFolder } from './folder.ts'
import type { Ledger } from './ledger.ts'
import type { Policy } from '../../tss-wasm/policy/policy.ts'
import type { SchemeSettings } from './schemes.ts'
import type { PartyRequests } from './requests.ts'
import type { PartyPresignatures } from './presignatures.ts'
import type { Preparation } from './preparation.ts'
import type { Slots } from './slots.ts'
import type { UnderWay } from './underWay.ts'

/** What a server party does in one session. */
export interface SessionPorts {
  /** What we call ourselves to the others of a new wallet. */
  readonly label?: string
  readonly folder: PartyFolder
  readonly preparation: Preparation
  readonly coordinator: Coordinator
  readonly startEngine: () => Engine
  readonly policy: Policy
  /** undefined: no keys of other schemes */
  readonly schemes?: SchemeSettings | undefined
  readonly ledger: Ledger
  readonly slots: Slots
  /** Agreed to before their sessions. */
  readonly requests: PartyRequests
  /** What was asked of us about other members, and how often we made new shares. */
  readonly plans: AskedPlans
  readonly underWay: UnderWay
  /** What was signed, for whoever runs this party; left out: nobody writes it down. */
  readonly history?: History
  readonly presignatures: PartyPresignatures
  /** The attempts to reshare whose runs go on in this process. */
  readonly resharing: Set<string>
  /** How long we wait for the next message of a round. */
  readonly deadlineMs: number
  /** How long we wait for people and other parties to begin, once it is our turn: minutes, not a session's life. */
  readonly patienceMs: number
  readonly now: () => number
  readonly log: Log
}
