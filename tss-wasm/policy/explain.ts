import { bitcoinDecimals, etherDecimals, formatAmount } from '../content/amounts.ts'
import { networkOf } from '../content/networks.ts'
import type { Amount, BrokenRule } from './brokenRule.ts'
import type { ChainPolicy, Limits, Policy } from './policy.ts'
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
    ...kinds.map((kind) => (policy[kind] ? words.signs : words.signsNot)(words.kinds[kind])),
    ...(chains === 'any' ? [words.anyTransaction] : chains.map((chain) => chainInWords(chain, words))),
    ...(chains !== 'any' && chains.length === 0 ? [words.noTransaction] : []),
    bitcoin === 'any'
      ? words.anyPayment
      : bitcoin === false
        ? words.noPayment
        : words.of(words.bitcoin, [
            recipients(bitcoin.destinations, words),
            limits(bitcoin, { decimals: bitcoinDecimals, coin: 'BTC' }, words),
          ]),
    resharingInWords(resharing, words),
  ]
}

function chainInWords(chain: ChainPolicy, words: PolicyWords): string {
  const network = networkOf(BigInt(chain.chainId))
  return words.of(words.chain(chain.chainId, network?.name), [
    recipients(chain.destinations, words),
    limits(chain, { decimals: etherDecimals, coin: network?.coin }, words),
    chain.data ? words.calls : words.callsNot,
    chain.createContracts ? words.creates : words.createsNot,
  ])
}

function recipients(destinations: 'any' | readonly string[], words: PolicyWords): string {
  if (destinations === 'any') return words.paysAnybody
  return destinations.length === 0 ? words.paysNobody : words.paysOnly(destinations)
}

function limits({ mostPerTransaction, mostPerDay }: Limits, of: Omit<Amount, 'units'>, words: PolicyWords): string {
  const text = (units: bigint | undefined) => (units === undefined ? undefined : amountIn(words)({ ...of, units }))
  return words.limits(words.each(text(mostPerTransaction)), words.aDay(text(mostPerDay)))
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
