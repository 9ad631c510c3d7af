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
  | { readonly rule: 'most-each'; readonly most: Amount; readonly wanted: Amount }
  | { readonly rule: 'most-a-day'; readonly most: Amount; readonly wanted: Amount; readonly spent: Amount }
