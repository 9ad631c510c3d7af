import { bitcoinDecimals, etherDecimals } from '../content/amounts.ts'
import type { BatchContent, SigningContent } from '../content/content.ts'
import { networkOf } from '../content/networks.ts'
import { type BitcoinPayment, decodePsbt } from '../content/psbt.ts'
import { signingTasks, type SigningOrder } from '../content/signing.ts'
import { decodeTransaction, type EthereumTransaction } from '../content/transaction.ts'
import { dayMs, hourMs, type Limits, type Policy } from './policy.ts'
import type { Amount, BrokenRule } from './brokenRule.ts'

/** What a signature costs by a policy's limits. */
export interface Spending {
  /** EIP-155, rounded beyond 2^53, where no policy names one; or Bitcoin's main network; undefined for messages */
  readonly chainId: number | 'bitcoin' | undefined
  /** wei, or satoshi */
  readonly amount: bigint
}

/** What was signed before, and when. */
export interface Spent extends Spending {
  readonly atMs: number
}

export type Decision =
  /** One for each item of a batch, one for any other content. */
  | { readonly type: 'signs'; readonly spendings: readonly Spending[] }
  | { readonly type: 'refuses'; readonly rule: BrokenRule }

/**
 * Whether a policy lets the content be signed, given what its wallet has spent before. A batch is signed if all of its items
 * are, one after the other, each of them counted like a signature of its own. The party that decides and the app that
 * foretells it call this one function: they differ only where they know different things.
 * @throws ContentRefused when the content does not decode
 */
export function decide(policy: Policy, order: SigningOrder, earlier: readonly Spent[], nowMs: number): Decision {
  signingTasks(order)
  const { content, publicKey } = order
  if (content.type !== 'batch') return decideOne(policy, { publicKey, content }, earlier, nowMs)
  const spendings: Spending[] = []
  for (const item of content.items) {
    const before = [...earlier, ...spendings.map((spending) => ({ ...spending, atMs: nowMs }))]
    const decision = decideOne(policy, { publicKey, content: item }, before, nowMs)
    if (decision.type === 'refuses') return decision
    spendings.push(...decision.spendings)
  }
  return { type: 'signs', spendings }
}

interface Wanted {
  readonly publicKey: Uint8Array
  readonly content: Exclude<SigningContent, BatchContent>
}

function decideOne(policy: Policy, { publicKey, content }: Wanted, earlier: readonly Spent[], nowMs: number): Decision {
  const most = policy.mostSignaturesPerHour
  if (since(earlier, nowMs - hourMs).length >= most) return refuses({ rule: 'signatures-an-hour', most })
  const nothing = { chainId: undefined, amount: 0n } as const
  const signsIf = (isAllowed: boolean, rule: BrokenRule['rule'] & Kind): Decision =>
    isAllowed ? signs(nothing) : refuses({ rule })
  switch (content.type) {
    case 'ethereum-message':
    case 'bitcoin-message':
      return signsIf(policy.messages, 'messages')
    case 'ethereum-typed-data':
      return signsIf(policy.typedData, 'typed-data')
    case 'ethereum-authorization':
      return signsIf(policy.delegations, 'delegations')
    case 'raw-digest':
      return signsIf(policy.rawDigest, 'raw-digest')
    case 'ethereum-transaction': {
      const transaction = decodeTransaction(content.unsigned)
      const spending = { chainId: Number(transaction.chainId), amount: amountOf(transaction) }
      const broken = brokenByTransaction(policy, transaction, spending, since(earlier, nowMs - dayMs))
      return broken === undefined ? signs(spending) : refuses(broken)
    }
    case 'bitcoin-psbt': {
      const payment = decodePsbt(content.psbt, publicKey)
      const spending = { chainId: 'bitcoin', amount: payment.leaving + payment.fee } as const
      const broken = brokenByPayment(policy, payment, spending, since(earlier, nowMs - dayMs))
      return broken === undefined ? signs(spending) : refuses(broken)
    }
  }
}

type Kind = 'messages' | 'typed-data' | 'delegations' | 'raw-digest'

function signs(spending: Spending): Decision {
  return { type: 'signs', spendings: [spending] }
}

function refuses(rule: BrokenRule): Decision {
  return { type: 'refuses', rule }
}

function since(earlier: readonly Spent[], fromMs: number): readonly Spent[] {
  return earlier.filter(({ atMs }) => atMs > fromMs)
}

/** What the wallet can lose by it: the value and the highest fee. What data does is not counted. */
function amountOf({ value, gasLimit, maxFeePerGas }: EthereumTransaction): bigint {
  return value + gasLimit * maxFeePerGas
}

function brokenByTransaction(
  { chains, delegations }: Policy,
  { form, chainId, to, data }: EthereumTransaction,
  spending: Spending,
  lastDay: readonly Spent[],
): BrokenRule | undefined {
  if (form === 'delegation' && !delegations) return { rule: 'delegations' }
  if (chains === 'any') return undefined
  const chain = chains.find((one) => BigInt(one.chainId) === chainId)
  if (chain === undefined) return { rule: 'chain', chainId }
  if (to === undefined && !chain.createContracts) return { rule: 'create-contracts' }
  if (to !== undefined && chain.destinations !== 'any' && !chain.destinations.includes(to)) {
    return { rule: 'destination', address: to }
  }
  if (to !== undefined && data.length > 0 && !chain.data) return { rule: 'data' }
  const coin = networkOf(chainId)?.coin
  return aboveLimits(chain, spending, lastDay, (units) => ({ units, decimals: etherDecimals, coin }))
}

function brokenByPayment(
  { bitcoin }: Policy,
  { outputs, areAmountsProven }: BitcoinPayment,
  spending: Spending,
  lastDay: readonly Spent[],
): BrokenRule | undefined {
  if (bitcoin === 'any') return undefined
  if (bitcoin === false) return { rule: 'bitcoin' }
  // Otherwise the fee, which counts, may be another one than the PSBT says.
  if (!areAmountsProven) return { rule: 'unproven-inputs' }
  const { destinations } = bitcoin
  for (const { back, address } of outputs) {
    if (back !== undefined || destinations === 'any' || destinations.includes(address ?? '')) continue
    return { rule: 'destination', address }
  }
  return aboveLimits(bitcoin, spending, lastDay, (units) => ({ units, decimals: bitcoinDecimals, coin: 'BTC' }))
}

function aboveLimits(
  { mostPerTransaction, mostPerDay }: Limits,
  { chainId, amount }: Spending,
  lastDay: readonly Spent[],
  of: (units: bigint) => Amount,
): BrokenRule | undefined {
  if (mostPerTransaction !== undefined && amount > mostPerTransaction) {
    return { rule: 'most-each', most: of(mostPerTransaction), wanted: of(amount) }
  }
  const spent = lastDay.filter((each) => each.chainId === chainId).reduce((sum, each) => sum + each.amount, 0n)
  if (mostPerDay !== undefined && spent + amount > mostPerDay) {
    return { rule: 'most-a-day', most: of(mostPerDay), wanted: of(amount), spent: of(spent) }
  }
  return undefined
}
