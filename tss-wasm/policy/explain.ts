import { bitcoinDecimals, etherDecimals, formatAmount } from '../content/amounts.ts'
import { networkOf } from '../content/networks.ts'
import type { Amount, BrokenRule } from './brokenRule.ts'
import type { ChainPolicy, Limits, MemberPolicy, Policy } from './policy.ts'
import { english, type PolicyWords } from './words.ts'

/** The rule that stands against a content, and what it says of this one. In English: what a party tells and logs. */
export function brokenInWords(broken: BrokenRule, words: PolicyWords = english): string {
  // Each rule is said by the entry of its name, which takes that rule.
  const say = words.broken[broken.rule] as (broken: BrokenRule, amount: (amount: Amount) => string) => string
  return say(broken, amountIn(words))
}

/** In English, whose wallets a policy helps to make. */
export function explainCreating({ createWalletsFor }: Policy): string {
  return createWalletsFor === 'anybody'
    ? 'It helps anybody to make a wallet.'
    : `It helps to make wallets that are created by: ${createWalletsFor.join('; ') || 'nobody'}.`
}

/** What a policy lets a server party do with a wallet that exists, a sentence each. */
export function explainPolicy(policy: Policy, words: PolicyWords = english): readonly string[] {
  const { chains, bitcoin, mostSignaturesPerHour, resharing } = policy
  const kinds = ['messages', 'typedData', 'delegations', 'rawDigest'] as const
  return [
    words.perHour(mostSignaturesPerHour),
    ...askingInWords(policy, words),
    ...kinds.map((kind) => (policy[kind] ? words.signs : words.signsNot)(words.kinds[kind])),
    ...(chains === 'any' ? [words.anyTransaction] : chains.flatMap((chain) => chainInWords(chain, policy, words))),
    ...(chains !== 'any' && chains.length === 0 ? [words.noTransaction] : []),
    bitcoin === 'any'
      ? words.anyPayment
      : bitcoin === false
        ? words.noPayment
        : words.of(words.bitcoin, [
            recipients(bitcoin.destinations, words),
            ...limits(bitcoin, { decimals: bitcoinDecimals, coin: 'BTC' }, policy, words),
          ]),
    resharingInWords(resharing, words),
    ...timesInWords(resharing, words),
  ]
}

function askingInWords(policy: Policy, words: PolicyWords): readonly string[] {
  const { members, hours, leastApprovals, operatorApproves } = policy
  return [
    ...(members === 'any'
      ? []
      : [
          words.membersOnly(members.map(({ fingerprint }) => fingerprint)),
          ...members.flatMap((member) => memberInWords(member, words)),
        ]),
    ...(hours === undefined ? [] : [words.hours(hours)]),
    ...(leastApprovals > 1 ? [words.leastApprovals(leastApprovals)] : []),
    ...(operatorApproves ? [words.operatorApproves] : []),
  ]
}

function memberInWords(
  { fingerprint, mostSignaturesPerHour, limits: own }: MemberPolicy,
  words: PolicyWords,
): readonly string[] {
  const all = [
    ...(mostSignaturesPerHour === undefined ? [] : [words.ofMember(mostSignaturesPerHour)]),
    ...own.map((one) => {
      const [what, of] = coinOf(one.chainId, words)
      return `${what}: ${mostInWords(one, of, words)}`
    }),
  ]
  return all.length === 0 ? [] : [words.member(fingerprint, all)]
}

function coinOf(chainId: number | 'bitcoin', words: PolicyWords): readonly [what: string, Omit<Amount, 'units'>] {
  if (chainId === 'bitcoin') return [words.bitcoin, { decimals: bitcoinDecimals, coin: 'BTC' }]
  const network = networkOf(BigInt(chainId))
  return [words.chain(chainId, network?.name), { decimals: etherDecimals, coin: network?.coin }]
}

function chainInWords(chain: ChainPolicy, policy: Policy, words: PolicyWords): readonly string[] {
  const [name, of] = coinOf(chain.chainId, words)
  const own = words.of(name, [
    recipients(chain.destinations, words),
    ...limits(chain, of, policy, words),
    chain.data ? words.calls : words.callsNot,
    chain.createContracts ? words.creates : words.createsNot,
  ])
  const tokens = chain.tokens.map(({ symbol, decimals, destinations, ...most }) =>
    words.of(`${name}, ${words.token(symbol)}`, [
      recipients(destinations, words),
      ...limits(most, { decimals, coin: symbol }, policy, words),
    ]),
  )
  return [own, ...tokens]
}

function recipients(destinations: 'any' | readonly string[], words: PolicyWords): string {
  if (destinations === 'any') return words.paysAnybody
  return destinations.length === 0 ? words.paysNobody : words.paysOnly(destinations)
}

function limits(most: Limits, of: Omit<Amount, 'units'>, { waitHours }: Policy, words: PolicyWords): readonly string[] {
  const { waitsAbove } = most
  const said = mostInWords(most, of, words)
  if (waitsAbove === undefined) return [said]
  return [said, words.waits(amountIn(words)({ ...of, units: waitsAbove }), waitHours)]
}

function mostInWords(
  { mostPerTransaction, mostPerDay }: Omit<Limits, 'waitsAbove'>,
  of: Omit<Amount, 'units'>,
  words: PolicyWords,
): string {
  const text = (units: bigint | undefined) => (units === undefined ? undefined : amountIn(words)({ ...of, units }))
  return words.limits(words.each(text(mostPerTransaction)), words.aDay(text(mostPerDay)))
}

function timesInWords(
  { members, delayHours, mostPerDay, renewEveryDays }: Policy['resharing'],
  words: PolicyWords,
): readonly string[] {
  return [
    ...(members === 'any' && delayHours > 0 ? [words.resharesAfter(delayHours)] : []),
    ...(mostPerDay === undefined ? [] : [words.resharesADay(mostPerDay)]),
    ...(renewEveryDays === undefined ? [] : [words.renews(renewEveryDays)]),
  ]
}

function resharingInWords({ members, agreeing, lowerThreshold }: Policy['resharing'], words: PolicyWords): string {
  if (members === 'none') return words.resharesNever
  if (members === 'same') return words.resharesSame
  return lowerThreshold ? words.resharesLower(agreeing) : words.resharesAny(agreeing)
}

/** "1.5 ETH" */
function amountIn(words: PolicyWords): (amount: Amount) => string {
  return ({ units, decimals, coin = words.coin }) => `${formatAmount(units, decimals)} ${coin}`
}
