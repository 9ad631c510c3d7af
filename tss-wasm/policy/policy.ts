import type { WorkingHours } from './hours.ts'

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
  /** Who may ask, and how much each; any: all who hold a share of the wallet, within the other limits. */
  readonly members: 'any' | readonly MemberPolicy[]
  /** When it signs; undefined: at any time. */
  readonly hours: WorkingHours | undefined
  /** So long it waits with what is above a `waitsAbove`, before it approves it, if nobody objects. */
  readonly waitHours: number
  /** How many members beside the party itself must have approved; whoever asks is one. */
  readonly leastApprovals: number
  /** Whether whoever runs it approves each request by hand, beside every rule above. */
  readonly operatorApproves: boolean
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
  /** From the first time that it is asked for other members, or another threshold, to its consent. */
  readonly delayHours: number
  /** New shares of one wallet in 24 hours, at most. */
  readonly mostPerDay: number | undefined
  /** How old shares are when it proposes to renew them by itself; undefined: never. */
  readonly renewEveryDays: number | undefined
}

export interface MemberPolicy {
  /** Of the identity by which the member is known in the wallet. */
  readonly fingerprint: string
  readonly mostSignaturesPerHour: number | undefined
  /** Of what this member asks for; what is not listed has no limit of its own. */
  readonly limits: readonly MemberLimits[]
}

export interface MemberLimits {
  /** EIP-155, or Bitcoin's main network. */
  readonly chainId: number | 'bitcoin'
  readonly mostPerTransaction: bigint | undefined
  readonly mostPerDay: bigint | undefined
}

/** Calls of a token's contract that move it, or let somebody move it: others of that contract are refused. */
export interface TokenPolicy extends Limits {
  readonly symbol: string
  /** Of the contract, with EIP-55 checksum. */
  readonly address: string
  readonly decimals: number
  /** Who may be paid, or allowed to take. */
  readonly destinations: 'any' | readonly string[]
}

export interface ChainPolicy extends Limits {
  readonly chainId: number
  /** With EIP-55 checksum, as decoded transactions have them. */
  readonly destinations: 'any' | readonly string[]
  /** Whether a transaction may carry data, and so call a contract. */
  readonly data: boolean
  readonly createContracts: boolean
  /** Each once; limits are in the token's smallest unit. */
  readonly tokens: readonly TokenPolicy[]
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
  /** What is more than this waits (`waitHours`). */
  readonly waitsAbove: bigint | undefined
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
  members: 'any',
  hours: undefined,
  waitHours: 24,
  leastApprovals: 1,
  operatorApproves: false,
  resharing: {
    ...{ members: 'same', agreeing: 2, lowerThreshold: false },
    ...{ delayHours: 0, mostPerDay: undefined, renewEveryDays: undefined },
  },
}
