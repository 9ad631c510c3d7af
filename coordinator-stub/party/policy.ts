import { z } from 'zod'
import type { BatchContent, SigningContent } from '../../tss-wasm/content/content.ts'
import { readAddress } from '../../tss-wasm/content/jsonValues.ts'
import { decodePsbt, type BitcoinPayment } from '../../tss-wasm/content/psbt.ts'
import { addressOf, scriptOf } from '../../tss-wasm/content/scripts.ts'
import { signingTasks, type SigningOrder } from '../../tss-wasm/content/signing.ts'
import { decodeTransaction, type EthereumTransaction } from '../../tss-wasm/content/transaction.ts'
import { type ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import { fingerprint, type PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Charge, Cost } from './ledger.ts'

/** What a server party agrees to without a person. The format is docs/POLICY.md. */
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

interface ChainPolicy {
  readonly chainId: number
  /** With EIP-55 checksum, as decoded transactions have them. */
  readonly destinations: 'any' | readonly string[]
  /** Whether a transaction may carry data, and so call a contract. */
  readonly data: boolean
  readonly createContracts: boolean
  /** Value and the highest fee together, in wei. */
  readonly mostPerTransaction: bigint | undefined
  /** The same, per wallet, over the last 24 hours. */
  readonly mostPerDay: bigint | undefined
}

interface BitcoinPolicy {
  /** As the main network writes addresses; the wallet's own may always be paid. */
  readonly destinations: 'any' | readonly string[]
  /** What leaves the wallet and the fee together, in satoshi. */
  readonly mostPerTransaction: bigint | undefined
  readonly mostPerDay: bigint | undefined
}

const longestPolicy = 64 * 1024
const hourMs = 3600_000
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

const amount = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, 'an amount is a string of decimal digits, in wei or satoshi')
  .transform(BigInt)
const address = z
  .string()
  .refine((text) => ethereumAddressOf(text) !== undefined, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not an Ethereum address: 0x and 40 hex digits, in mixed case only with the right checksum (EIP-55)`,
  })
  .transform((text) => ethereumAddressOf(text) ?? '')
const bitcoinAddress = z
  .string()
  .refine((text) => bitcoinAddressOf(text) !== undefined, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not a Bitcoin address of the main network, or its checksum is wrong`,
  })
  .transform((text) => bitcoinAddressOf(text) ?? '')
const fingerprintText = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{4}( [0-9A-HJKMNP-TV-Z]{4}){5}$/, 'a fingerprint is six groups of four characters')

const chainSchema = z
  .strictObject({
    chainId: z.int().min(1),
    destinations: z.union([z.literal('any'), z.array(address).max(1000)]),
    data: z.boolean().default(false),
    createContracts: z.boolean().default(false),
    mostPerTransaction: amount.optional(),
    mostPerDay: amount.optional(),
  })
  .transform(({ mostPerTransaction, mostPerDay, ...rest }) => ({ ...rest, mostPerTransaction, mostPerDay }))

const bitcoinSchema = z
  .strictObject({
    destinations: z.union([z.literal('any'), z.array(bitcoinAddress).max(1000)]),
    mostPerTransaction: amount.optional(),
    mostPerDay: amount.optional(),
  })
  .transform(({ destinations, mostPerTransaction, mostPerDay }) => ({ destinations, mostPerTransaction, mostPerDay }))

const policySchema: z.ZodType<Policy> = z
  .strictObject({
    version: z.literal(1),
    createWalletsFor: z.union([z.literal('anybody'), z.array(fingerprintText).max(1000)]).default('anybody'),
    messages: z.boolean(),
    typedData: z.boolean().default(false),
    delegations: z.boolean().default(false),
    rawDigest: z.boolean().default(false),
    chains: z.union([z.literal('any'), z.array(chainSchema).max(100)]),
    bitcoin: z.union([z.literal('any'), z.literal(false), bitcoinSchema]).default(false),
    mostSignaturesPerHour: z.int().min(0).max(1_000_000),
    resharing: z
      .strictObject({
        members: z.enum(['same', 'any', 'none']),
        agreeing: z.int().min(2).max(20).default(2),
        lowerThreshold: z.boolean().default(false),
      })
      .default(defaultPolicy.resharing),
  })
  .refine(({ chains }) => chains === 'any' || distinct(chains.map(({ chainId }) => chainId)), 'a chain is listed twice')

/** As a decoded transaction has it: with its checksum. */
function ethereumAddressOf(text: string): string | undefined {
  try {
    return readAddress(text, 'destination')
  } catch {
    return undefined
  }
}

/** As a decoded payment has it. */
function bitcoinAddressOf(text: string): string | undefined {
  const script = scriptOf(text)
  return script && addressOf(script)
}

function distinct(values: readonly number[]): boolean {
  return new Set(values).size === values.length
}

/** @throws Error that says which part is wrong: a party with an unreadable policy must not start with another one */
export function decodePolicy(text: string): Policy {
  if (text.length > longestPolicy) throw new Error('the policy file is too large')
  const result = policySchema.safeParse(JSON.parse(text))
  if (result.success) return result.data
  const [path, message] = mistakeIn(result.error.issues)
  throw new Error(`the policy file: ${path.join('.')} ${message}`)
}

type Issues = z.ZodError['issues']

/** Where several shapes are possible, the mistake is in the one that was meant: it is found the deepest. */
function mistakeIn(issues: Issues, before: readonly PropertyKey[] = []): readonly [path: string[], message: string] {
  const [issue] = issues
  if (issue === undefined) return [[], 'is not valid']
  const path = [...before, ...issue.path]
  const inner = issue.code === 'invalid_union' ? issue.errors.map((each) => mistakeIn(each, path)) : []
  const [deepest] = inner.toSorted(([one], [other]) => other.length - one.length)
  return deepest !== undefined && deepest[0].length > path.length ? deepest : [path.map(String), issue.message]
}

/** @throws ProtocolAbort `refused` */
export function allowCreating({ createWalletsFor }: Policy, creator: PublicIdentity): void {
  if (createWalletsFor === 'anybody' || createWalletsFor.includes(fingerprint(creator))) return
  throw refused('policy', 'wallets for this creator are not allowed')
}

/**
 * Whether new shares of a wallet of ours may be made as proposed. That the proposal follows from the shares we hold, and is
 * by a member, is known.
 * @throws ProtocolAbort `refused`, naming the rule that forbids it
 */
export function allowResharing(
  { resharing: { members, agreeing, lowerThreshold } }: Policy,
  { threshold, parties, dealers, before }: ReshareProposal,
  wallet: { readonly me: PartyId; readonly threshold: number },
): void {
  if (members === 'none') throw refused('policy', 'new shares are not made')
  if (wallet.me > parties) throw refused('policy', 'it does not give its place away')
  if (threshold < wallet.threshold && !lowerThreshold)
    throw refused('policy', `as many as now, ${wallet.threshold}, must go on signing`)
  if (members === 'any') {
    if (dealers.length < agreeing)
      throw refused('policy', `at least ${agreeing} members have to agree to other members`)
    return
  }
  const isSame = parties === before.members.length && threshold === before.threshold
  if (!isSame || dealers.length !== parties)
    throw refused('policy', 'new shares are made for the same members only, with all of them taking part')
}

/**
 * Whether the content may be signed, given what this wallet has been charged with before. A batch may be signed if all of
 * its items may, one after the other, each of them charged like a signature of its own.
 * @returns what the signatures are to be charged with, before they are agreed to
 * @throws ProtocolAbort `refused`, naming the rule that forbids it; ContentRefused when it does not decode
 */
export function allowSigning(
  policy: Policy,
  order: SigningOrder,
  earlier: readonly Spent[],
  nowMs: number,
): readonly Cost[] {
  signingTasks(order)
  const { content, publicKey } = order
  if (content.type !== 'batch') return [allowContent(policy, { publicKey, content }, earlier, nowMs)]
  const charged: Cost[] = []
  for (const item of content.items) {
    const before = [...earlier, ...charged.map((cost) => ({ ...cost, atMs: nowMs }))]
    charged.push(allowContent(policy, { publicKey, content: item }, before, nowMs))
  }
  return charged
}

interface Wanted {
  readonly publicKey: Uint8Array
  readonly content: Exclude<SigningContent, BatchContent>
}

/** What a signature has cost a wallet before, and when. */
export type Spent = Pick<Charge, 'atMs'> & Cost

function allowContent(policy: Policy, { publicKey, content }: Wanted, earlier: readonly Spent[], nowMs: number): Cost {
  const lastHour = earlier.filter(({ atMs }) => atMs > nowMs - hourMs)
  if (lastHour.length >= policy.mostSignaturesPerHour) {
    throw refused('policy', `this wallet has reached its limit of ${policy.mostSignaturesPerHour} signatures an hour`)
  }
  switch (content.type) {
    case 'ethereum-message':
    case 'bitcoin-message':
      if (!policy.messages) throw refused('policy', 'signing messages is not allowed')
      return { chainId: undefined, amount: 0n }
    case 'ethereum-typed-data':
      if (!policy.typedData) throw refused('policy', 'signing typed data is not allowed')
      return { chainId: undefined, amount: 0n }
    case 'ethereum-authorization':
      if (!policy.delegations) throw delegationRefused()
      return { chainId: undefined, amount: 0n }
    case 'raw-digest':
      if (!policy.rawDigest)
        throw refused('policy', 'signing raw digests is not allowed: nobody can see what they stand for')
      return { chainId: undefined, amount: 0n }
    case 'ethereum-transaction': {
      const transaction = decodeTransaction(content.unsigned)
      if (transaction.form === 'delegation' && !policy.delegations) throw delegationRefused()
      const charge = { chainId: Number(transaction.chainId), amount: amountOf(transaction) }
      const lastDay = earlier.filter(({ atMs, chainId }) => chainId === charge.chainId && atMs > nowMs - dayMs)
      allowTransaction(policy, transaction, charge.amount, lastDay)
      return charge
    }
    case 'bitcoin-psbt': {
      const payment = decodePsbt(content.psbt, publicKey)
      const charge = { chainId: 'bitcoin', amount: payment.leaving + payment.fee } as const
      const lastDay = earlier.filter(({ atMs, chainId }) => chainId === 'bitcoin' && atMs > nowMs - dayMs)
      allowPayment(policy, payment, charge.amount, lastDay)
      return charge
    }
  }
}

function delegationRefused(): ProtocolAbort {
  return refused('policy', 'signing EIP-7702 authorizations is not allowed: they hand an account over to a contract')
}

/** What the wallet can lose by it: the value and the highest fee. What data does is not counted. */
function amountOf({ value, gasLimit, maxFeePerGas }: EthereumTransaction): bigint {
  return value + gasLimit * maxFeePerGas
}

function allowTransaction(
  { chains }: Policy,
  { chainId, to, data }: EthereumTransaction,
  amount: bigint,
  lastDay: readonly Spent[],
): void {
  if (chains === 'any') return
  const chain = chains.find((one) => BigInt(one.chainId) === chainId)
  if (chain === undefined) throw refused('policy', `chain ${chainId} is not allowed`)
  if (to === undefined && !chain.createContracts) throw refused('policy', 'creating contracts is not allowed')
  if (to !== undefined && chain.destinations !== 'any' && !chain.destinations.includes(to)) {
    throw refused('policy', `destination ${to} is not allowed`)
  }
  if (to !== undefined && data.length > 0 && !chain.data)
    throw refused('policy', 'calling contracts with data is not allowed')
  if (chain.mostPerTransaction !== undefined && amount > chain.mostPerTransaction) {
    throw refused(
      'policy',
      `a transaction may cost at most ${chain.mostPerTransaction} wei; this one may cost ${amount}`,
    )
  }
  withinDay(chain.mostPerDay, amount, lastDay, 'wei')
}

function allowPayment(
  { bitcoin }: Policy,
  { outputs, areAmountsProven }: BitcoinPayment,
  amount: bigint,
  lastDay: readonly Spent[],
): void {
  if (bitcoin === 'any') return
  if (bitcoin === false) throw refused('policy', 'signing Bitcoin payments is not allowed')
  // Otherwise the fee, which counts, may be another one than the PSBT says.
  if (!areAmountsProven) throw refused('policy', 'the PSBT must contain the transactions that its inputs spend')
  const { destinations, mostPerTransaction, mostPerDay } = bitcoin
  for (const { back, address = 'without an address' } of outputs) {
    if (back !== undefined || destinations === 'any' || destinations.includes(address)) continue
    throw refused('policy', `destination ${address} is not allowed`)
  }
  if (mostPerTransaction !== undefined && amount > mostPerTransaction) {
    throw refused('policy', `a payment may cost at most ${mostPerTransaction} satoshi; this one costs ${amount}`)
  }
  withinDay(mostPerDay, amount, lastDay, 'satoshi')
}

function withinDay(most: bigint | undefined, amount: bigint, lastDay: readonly Spent[], unit: string): void {
  const spent = lastDay.reduce((sum, charge) => sum + charge.amount, 0n)
  if (most !== undefined && spent + amount > most) {
    throw refused(
      'policy',
      `at most ${most} ${unit} a day: ${spent} are already committed; this transaction may cost ${amount}`,
    )
  }
}
