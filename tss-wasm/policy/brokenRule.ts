import type { WorkingHours } from './hours.ts'

/** So much of a coin or token, as people write it. */
export interface Amount {
  readonly units: bigint
  readonly decimals: number
  /** Undefined: of a network that nobody here knows. */
  readonly coin: string | undefined
}

/** The rule of a policy that stands against a content, and what it says of this one. */
export type BrokenRule =
  | { readonly rule: 'messages' | 'typed-data' | 'delegations' | 'raw-digest' | 'bitcoin' }
  | { readonly rule: 'data' | 'create-contracts' | 'unproven-inputs' }
  | { readonly rule: 'signatures-an-hour'; readonly most: number }
  | { readonly rule: 'chain'; readonly chainId: bigint }
  /** Undefined: an output without an address. */
  | { readonly rule: 'destination'; readonly address: string | undefined }
  /** Of a call of a token's contract that is no plain transfer or approval. */
  | { readonly rule: 'token-call'; readonly symbol: string }
  | { readonly rule: 'asker' | 'objected' | 'withheld' | 'operator' }
  | { readonly rule: 'signatures-of-asker'; readonly most: number }
  | { readonly rule: 'most-each' | 'most-each-of-asker'; readonly most: Amount; readonly wanted: Amount }
  | {
      readonly rule: 'most-a-day' | 'most-a-day-of-asker'
      readonly most: Amount
      readonly wanted: Amount
      readonly spent: Amount
    }
  | { readonly rule: 'hours'; readonly hours: WorkingHours }
  | { readonly rule: 'waits'; readonly above: Amount; readonly hours: number }
  | { readonly rule: 'approvals'; readonly least: number }
