import { bitcoinDecimals, etherDecimals } from '../content/amounts.ts'
import type { BatchContent, SigningContent } from '../content/content.ts'
import { networkOf } from '../content/networks.ts'
import { type BitcoinPayment, decodePsbt } from '../content/psbt.ts'
import { signingTasks, type SigningOrder } from '../content/signing.ts'
import { decodeTokenCall } from '../content/tokenCall.ts'
import { decodeTransaction, type EthereumTransaction } from '../content/transaction.ts'
import { isWithin } from './hours.ts'
import { dayMs, hourMs, type Limits, type MemberPolicy, type Policy, type TokenPolicy } from './policy.ts'
import type { Amount, BrokenRule } from './brokenRule.ts'

/** What a signature costs by a policy's limits. */
export interface Spending {
  /** EIP-155, rounded beyond 2^53, where no policy names one; or Bitcoin's main network; undefined for messages */
  readonly chainId: number | 'bitcoin' | undefined
  /** wei, or satoshi */
  readonly amount: bigint
  /** What it moves, or lets somebody move, of a token that the policy names; in its smallest unit. */
  readonly token?: { readonly address: string; readonly amount: bigint } | undefined
}

/** What was signed before, when, and for whom. */
export interface Spent extends Spending {
  readonly atMs: number
  /** Fingerprint of whoever asked; undefined for what was charged before that was written down. */
  readonly by?: string | undefined
}

/** What is asked for, by whom, and what members have said of it. */
export interface Asked {
  readonly order: SigningOrder
  /** Fingerprint. */
  readonly by: string
  /** Undefined: at once, in a session. */
  readonly request?: AskedAsRequest | undefined
}

export interface AskedAsRequest {
  /** When the party said that it has seen the request; undefined before that. */
  readonly seenMs: number | undefined
  /** Members beside the party who have approved; whoever asks is one. */
  readonly approvals: number
  readonly objections: number
  /** What members are known to have said, and the coordinator has not shown. */
  readonly withheld: number
  /** Whether whoever runs the party has approved it by hand. */
  readonly byOperator?: boolean
}

/** A request that nobody has answered yet. */
export const justAsked: AskedAsRequest = { seenMs: undefined, approvals: 1, objections: 0, withheld: 0 }

export type Decision =
  /** One for each item of a batch, one for any other content. */
  | { readonly type: 'signs'; readonly spendings: readonly Spending[] }
  | { readonly type: 'refuses'; readonly rule: BrokenRule }
  /** Not yet: with time, or with what members say, it may be another decision. Only of requests. */
  | { readonly type: 'waits'; readonly rule: BrokenRule }

/**
 * Whether a policy lets the content be signed, given what its wallet has spent before. A batch is signed if all of its items
 * are, one after the other, each of them counted like a signature of its own. The party that decides and the app that
 * foretells it call this one function: they differ only where they know different things.
 * @throws ContentRefused when the content does not decode
 */
export function decide(policy: Policy, asked: Asked, earlier: readonly Spent[], nowMs: number): Decision {
  const { order, by } = asked
  signingTasks(order)
  const { content, publicKey } = order
  const member = policy.members === 'any' ? undefined : policy.members.find(({ fingerprint }) => fingerprint === by)
  if (policy.members !== 'any' && member === undefined) return { type: 'refuses', rule: { rule: 'asker' } }
  const spendings: Spending[] = []
  let delay: BrokenRule | undefined
  for (const item of content.type === 'batch' ? content.items : [content]) {
    const before = [...earlier, ...spendings.map((spending) => ({ ...spending, by, atMs: nowMs }))]
    const one = decideOne(policy, { publicKey, content: item }, before, nowMs)
    if ('broken' in one) return { type: 'refuses', rule: one.broken }
    const broken = member && brokenByMember(member, one.spending, before, nowMs)
    if (broken !== undefined) return { type: 'refuses', rule: broken }
    spendings.push(one.spending)
    delay ??= one.delay
  }
  return inTime(policy, { asked, delay, nowMs }) ?? { type: 'signs', spendings }
}

interface InTime {
  readonly asked: Asked
  /** The rule by which it waits, where one does. */
  readonly delay: BrokenRule | undefined
  readonly nowMs: number
}

/** What only time, or other members, can change. What is asked at once does not wait: it is refused. */
function inTime(
  { hours, waitHours, leastApprovals, operatorApproves }: Policy,
  { asked: { request }, delay, nowMs }: InTime,
): Decision | undefined {
  const notNow = (rule: BrokenRule): Decision => ({ type: request === undefined ? 'refuses' : 'waits', rule })
  if (delay !== undefined) {
    if (request === undefined) return notNow(delay)
    if (request.objections > 0) return { type: 'refuses', rule: { rule: 'objected' } }
    if (request.seenMs === undefined || nowMs < request.seenMs + waitHours * hourMs) return notNow(delay)
    // Among them may be an objection.
    if (request.withheld > 0) return notNow({ rule: 'withheld' })
  }
  if ((request?.approvals ?? 1) < leastApprovals) return notNow({ rule: 'approvals', least: leastApprovals })
  if (operatorApproves && request?.byOperator !== true) return notNow({ rule: 'operator' })
  if (hours !== undefined && !isWithin(hours, nowMs)) return notNow({ rule: 'hours', hours })
  return undefined
}

interface Wanted {
  readonly publicKey: Uint8Array
  readonly content: Exclude<SigningContent, BatchContent>
}

type Judged = { readonly broken: BrokenRule } | { readonly spending: Spending; readonly delay?: BrokenRule | undefined }

function decideOne(policy: Policy, { publicKey, content }: Wanted, earlier: readonly Spent[], nowMs: number): Judged {
  const most = policy.mostSignaturesPerHour
  if (since(earlier, nowMs - hourMs).length >= most) return { broken: { rule: 'signatures-an-hour', most } }
  const signsIf = (isAllowed: boolean, rule: Kind): Judged =>
    isAllowed ? { spending: { chainId: undefined, amount: 0n } } : { broken: { rule } }
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
    case 'ethereum-transaction':
      return judgeTransaction(policy, decodeTransaction(content.unsigned), since(earlier, nowMs - dayMs))
    case 'bitcoin-psbt':
      return judgePayment(policy, decodePsbt(content.psbt, publicKey), since(earlier, nowMs - dayMs))
  }
}

type Kind = 'messages' | 'typed-data' | 'delegations' | 'raw-digest'

function since(earlier: readonly Spent[], fromMs: number): readonly Spent[] {
  return earlier.filter(({ atMs }) => atMs > fromMs)
}

/** What the wallet can lose by it: the value and the highest fee. What data does is not counted. */
function amountOf({ value, gasLimit, maxFeePerGas }: EthereumTransaction): bigint {
  return value + gasLimit * maxFeePerGas
}

function judgeTransaction(
  { chains, delegations, waitHours }: Policy,
  transaction: EthereumTransaction,
  lastDay: readonly Spent[],
): Judged {
  const { form, chainId, to, data } = transaction
  const spending = { chainId: Number(chainId), amount: amountOf(transaction) }
  if (form === 'delegation' && !delegations) return { broken: { rule: 'delegations' } }
  if (chains === 'any') return { spending }
  const chain = chains.find((one) => BigInt(one.chainId) === chainId)
  if (chain === undefined) return { broken: { rule: 'chain', chainId } }
  const coin = { decimals: etherDecimals, coin: networkOf(chainId)?.coin }
  const spentOf = (address?: string) => spentIn(lastDay, spending.chainId, address)
  const token = data.length > 0 ? chain.tokens.find(({ address }) => address === to) : undefined
  if (token !== undefined) {
    const moved = movedBy(token, transaction)
    if ('rule' in moved) return { broken: moved }
    const unit = { decimals: token.decimals, coin: token.symbol }
    const broken =
      aboveLimits(token, moved.amount, spentOf(token.address), unit) ??
      aboveLimits(chain, spending.amount, spentOf(), coin)
    if (broken !== undefined) return { broken }
    const delay = waitsFor(token, moved.amount, unit, waitHours) ?? waitsFor(chain, spending.amount, coin, waitHours)
    return { spending: { ...spending, token: { address: token.address, amount: moved.amount } }, delay }
  }
  if (to === undefined && !chain.createContracts) return { broken: { rule: 'create-contracts' } }
  if (to !== undefined && chain.destinations !== 'any' && !chain.destinations.includes(to)) {
    return { broken: { rule: 'destination', address: to } }
  }
  if (to !== undefined && data.length > 0 && !chain.data) return { broken: { rule: 'data' } }
  const broken = aboveLimits(chain, spending.amount, spentOf(), coin)
  if (broken !== undefined) return { broken }
  return { spending, delay: waitsFor(chain, spending.amount, coin, waitHours) }
}

/** Bytes of a selector and two words. */
const plainCall = 4 + 2 * 32

/** What a call moves of a token, or lets somebody move: an approval counts like a payment. */
function movedBy(
  { symbol, destinations }: TokenPolicy,
  { data, value }: EthereumTransaction,
): { readonly amount: bigint } | BrokenRule {
  const call = data.length === plainCall && value === 0n ? decodeTokenCall(data) : undefined
  if (call?.kind !== 'transfer' && call?.kind !== 'approve') return { rule: 'token-call', symbol }
  const address = call.kind === 'transfer' ? call.to : call.spender
  if (destinations !== 'any' && !destinations.includes(address)) return { rule: 'destination', address }
  return { amount: call.amount }
}

function judgePayment(
  { bitcoin, waitHours }: Policy,
  { outputs, areAmountsProven, leaving, fee }: BitcoinPayment,
  lastDay: readonly Spent[],
): Judged {
  const spending = { chainId: 'bitcoin', amount: leaving + fee } as const
  if (bitcoin === 'any') return { spending }
  if (bitcoin === false) return { broken: { rule: 'bitcoin' } }
  // Otherwise the fee, which counts, may be another one than the PSBT says.
  if (!areAmountsProven) return { broken: { rule: 'unproven-inputs' } }
  const { destinations } = bitcoin
  for (const { back, address } of outputs) {
    if (back !== undefined || destinations === 'any' || destinations.includes(address ?? '')) continue
    return { broken: { rule: 'destination', address } }
  }
  const coin = { decimals: bitcoinDecimals, coin: 'BTC' }
  const broken = aboveLimits(bitcoin, spending.amount, spentIn(lastDay, 'bitcoin'), coin)
  if (broken !== undefined) return { broken }
  return { spending, delay: waitsFor(bitcoin, spending.amount, coin, waitHours) }
}

/** @param token its contract; left out: the chain's own coin */
function spentIn(lastDay: readonly Spent[], chainId: Spending['chainId'], token?: string): bigint {
  const own = lastDay.filter((each) => each.chainId === chainId)
  if (token === undefined) return own.reduce((sum, { amount }) => sum + amount, 0n)
  return own.reduce((sum, each) => sum + (each.token?.address === token ? each.token.amount : 0n), 0n)
}

type Unit = Omit<Amount, 'units'>
type Most = Omit<Limits, 'waitsAbove'>

function aboveLimits(
  { mostPerTransaction, mostPerDay }: Most,
  amount: bigint,
  spent: bigint,
  unit: Unit,
): Extract<BrokenRule, { readonly wanted: Amount }> | undefined {
  const of = (units: bigint) => ({ ...unit, units })
  if (mostPerTransaction !== undefined && amount > mostPerTransaction) {
    return { rule: 'most-each', most: of(mostPerTransaction), wanted: of(amount) }
  }
  if (mostPerDay !== undefined && spent + amount > mostPerDay) {
    return { rule: 'most-a-day', most: of(mostPerDay), wanted: of(amount), spent: of(spent) }
  }
  return undefined
}

function waitsFor({ waitsAbove }: Limits, amount: bigint, unit: Unit, hours: number): BrokenRule | undefined {
  if (waitsAbove === undefined || amount <= waitsAbove) return undefined
  return { rule: 'waits', above: { ...unit, units: waitsAbove }, hours }
}

/** What of its own limits stands against what a member asks for. */
function brokenByMember(
  { fingerprint, mostSignaturesPerHour: most, limits }: MemberPolicy,
  { chainId, amount }: Spending,
  earlier: readonly Spent[],
  nowMs: number,
): BrokenRule | undefined {
  const own = earlier.filter(({ by }) => by === fingerprint)
  if (most !== undefined && since(own, nowMs - hourMs).length >= most) return { rule: 'signatures-of-asker', most }
  const limit = limits.find((one) => one.chainId === chainId)
  if (limit === undefined) return undefined
  const unit =
    chainId === 'bitcoin'
      ? { decimals: bitcoinDecimals, coin: 'BTC' }
      : { decimals: etherDecimals, coin: networkOf(BigInt(limit.chainId))?.coin }
  const broken = aboveLimits(limit, amount, spentIn(since(own, nowMs - dayMs), chainId), unit)
  if (broken?.rule === 'most-each') return { ...broken, rule: 'most-each-of-asker' }
  return broken?.rule === 'most-a-day' ? { ...broken, rule: 'most-a-day-of-asker' } : undefined
}
