/** What a server party agrees to without a person. The format of its file is docs/POLICY.md. */
export interface Policy {
  /** Whose wallets it helps to make: fingerprints of creators, or anybody's. */
  readonly createWalletsFor: 'anybody' | readonly string[]
  readonly messages: boolean
  /** Whether it signs typed data (EIP-712): orders and permits that move tokens are of that kind. */
  readonly typedData: boolean
  /** Whether it signs what gives an account to the code of a contract (EIP-7702), on any network: all that it has. */
  readonly delegations: boolean
  /** Whether it signs 32 bytes of which it cannot know what they stand for. */
  readonly rawDigest: boolean
  readonly chains: 'any' | readonly ChainPolicy[]
  /** Payments that a PSBT describes; false for none. */
  readonly bitcoin: 'any' | false | BitcoinPolicy
  /** Per wallet, counted over the last hour. */
  readonly mostSignaturesPerHour: number
  /** Which new shares of a wallet it helps to make: whoever can change the members can take what the limits protect. */
  readonly resharing: ResharingPolicy
}

interface ResharingPolicy {
  /** same: new shares for the same members only. any: also other members, devices and thresholds. none: never. */
  readonly members: 'same' | 'any' | 'none'
  /** How many old members have to agree to other members, at least. */
  readonly agreeing: number
  /** Never below the threshold that the wallet has. */
  readonly lowerThreshold: boolean
}

export interface ChainPolicy extends Limits {
  readonly chainId: number
  /** With EIP-55 checksum, as decoded transactions have them. */
  readonly destinations: 'any' | readonly string[]
  /** Whether a transaction may carry data, and so call a contract. */
  readonly data: boolean
  readonly createContracts: boolean
}

export interface BitcoinPolicy extends Limits {
  /** As the main network writes addresses; the wallet's own may always be paid. */
  readonly destinations: 'any' | readonly string[]
}

/** Of what leaves the wallet and the highest fee together, in wei or satoshi. */
export interface Limits {
  readonly mostPerTransaction: bigint | undefined
  /** Per wallet, over the last 24 hours. */
  readonly mostPerDay: bigint | undefined
}

export const hourMs = 3600_000
export const dayMs = 24 * hourMs

/** Without a policy file. Contents must still decode, and only holders of a wallet's shares can ask. */
export const defaultPolicy: Policy = {
  createWalletsFor: 'anybody',
  messages: true,
  typedData: true,
  delegations: false,
  rawDigest: false,
  chains: 'any',
  bitcoin: 'any',
  mostSignaturesPerHour: 60,
  resharing: { members: 'same', agreeing: 2, lowerThreshold: false },
}
