import type { Amount, BrokenRule } from './brokenRule.ts'
import { timeText, type WorkingHours } from './hours.ts'

type Broken<R extends BrokenRule['rule']> = BrokenRule & { readonly rule: R }
type AmountText = (amount: Amount) => string

/** What one language needs to say of a policy. */
export interface PolicyWords {
  /** Of a network that nobody here knows. */
  readonly coin: string
  /** The rule first, and then what it says of this content. */
  readonly broken: { readonly [R in BrokenRule['rule']]: (broken: Broken<R>, amount: AmountText) => string }
  readonly perHour: (most: number) => string
  readonly signs: (what: string) => string
  readonly signsNot: (what: string) => string
  readonly kinds: {
    readonly messages: string
    readonly typedData: string
    readonly delegations: string
    readonly rawDigest: string
  }
  readonly anyTransaction: string
  readonly noTransaction: string
  readonly anyPayment: string
  readonly noPayment: string
  readonly bitcoin: string
  /** @param name of the network, where it has one */
  readonly chain: (id: number, name: string | undefined) => string
  /** What is said of one chain, or of Bitcoin. */
  readonly of: (what: string, rules: readonly string[]) => string
  readonly paysAnybody: string
  readonly paysNobody: string
  readonly paysOnly: (addresses: readonly string[]) => string
  readonly each: (most: string | undefined) => string
  readonly aDay: (most: string | undefined) => string
  readonly limits: (each: string, aDay: string) => string
  readonly waits: (above: string, hours: number) => string
  /** @param symbol of the token */
  readonly token: (symbol: string) => string
  readonly membersOnly: (fingerprints: readonly string[]) => string
  /** @param limits of one member, in words */
  readonly member: (fingerprint: string, limits: readonly string[]) => string
  readonly ofMember: (most: number) => string
  readonly hours: (hours: WorkingHours) => string
  readonly leastApprovals: (least: number) => string
  readonly operatorApproves: string
  readonly calls: string
  readonly callsNot: string
  readonly creates: string
  readonly createsNot: string
  readonly resharesNever: string
  readonly resharesSame: string
  readonly resharesLower: (agreeing: number) => string
  readonly resharesAny: (agreeing: number) => string
  readonly resharesAfter: (hours: number) => string
  readonly resharesADay: (most: number) => string
  readonly renews: (days: number) => string
}

const hoursText = ({ days, from, until, timeZone }: WorkingHours) =>
  `${days.join(', ')}, ${timeText(from)} to ${timeText(until)} (${timeZone})`

export const english: PolicyWords = {
  coin: "of the network's coin",
  broken: {
    messages: () => 'signing messages is not allowed',
    'typed-data': () => 'signing typed data is not allowed',
    delegations: () => 'signing EIP-7702 authorizations is not allowed: they hand an account over to a contract',
    'raw-digest': () => 'signing raw digests is not allowed: nobody can see what they stand for',
    bitcoin: () => 'signing Bitcoin payments is not allowed',
    data: () => 'calling contracts with data is not allowed',
    'create-contracts': () => 'creating contracts is not allowed',
    'unproven-inputs': () => 'the PSBT must contain the transactions that its inputs spend',
    'signatures-an-hour': ({ most }) => `this wallet has reached its limit of ${most} signatures an hour`,
    chain: ({ chainId }) => `chain ${chainId} is not allowed`,
    destination: ({ address = 'without an address' }) => `destination ${address} is not allowed`,
    'most-each': ({ most, wanted }, amount) => `above ${amount(most)} each: this may cost ${amount(wanted)}`,
    'most-a-day': ({ most, spent, wanted }, amount) =>
      `above ${amount(most)} a day: ${amount(spent)} are spent, this may cost ${amount(wanted)}`,
    'token-call': ({ symbol }) => `calling the contract of ${symbol} is allowed for plain transfers and approvals only`,
    asker: () => 'this member may not ask',
    objected: () => 'a member has objected',
    withheld: () => 'not before all that members have said has come',
    operator: () => 'not before its operator has approved the request',
    'signatures-of-asker': ({ most }) => `above ${most} signatures an hour for whoever asks`,
    'most-each-of-asker': ({ most, wanted }, amount) =>
      `above ${amount(most)} each for whoever asks: this may cost ${amount(wanted)}`,
    'most-a-day-of-asker': ({ most, spent, wanted }, amount) =>
      `above ${amount(most)} a day for whoever asks: ${amount(spent)} are spent, this may cost ${amount(wanted)}`,
    hours: ({ hours }) => `outside of its hours, ${hoursText(hours)}`,
    waits: ({ above, hours }, amount) =>
      `above ${amount(above)}, which waits ${hours} h as a request, and any member can object`,
    approvals: ({ least }) => `not before ${least} members have approved`,
  },
  perHour: (most) => `It signs at most ${most} times an hour for each wallet.`,
  signs: (what) => `It signs ${what}.`,
  signsNot: (what) => `It does not sign ${what}.`,
  kinds: {
    messages: 'messages',
    typedData: 'typed data (EIP-712): orders and permits that move tokens are of that kind',
    delegations: 'what gives an account to the code of a contract (EIP-7702)',
    rawDigest: 'raw digests, of which nobody can see what they stand for',
  },
  anyTransaction: 'It signs every transaction on every Ethereum network, without a limit.',
  noTransaction: 'It signs no Ethereum transaction.',
  anyPayment: 'It signs every Bitcoin payment, without a limit.',
  noPayment: 'It signs no Bitcoin payment.',
  bitcoin: 'Bitcoin',
  chain: (id, name) => (name === undefined ? `Chain ${id}` : `${name} (chain ${id})`),
  of: (what, rules) => `${what}: ${rules.join('; ')}.`,
  paysAnybody: 'pays anybody',
  paysNobody: 'pays nobody',
  paysOnly: (addresses) => `pays only ${addresses.join(', ')}`,
  each: (most) => (most === undefined ? 'no limit for one payment' : `at most ${most} each`),
  aDay: (most) => (most === undefined ? 'no limit for a day' : `at most ${most} in 24 hours`),
  limits: (each, aDay) => `${each}, ${aDay}, fee included`,
  waits: (above, hours) => `above ${above} it waits ${hours} h, and any member can object`,
  token: (symbol) => `plain transfers and approvals of ${symbol}`,
  membersOnly: (fingerprints) => `Only these members may ask: ${fingerprints.join('; ') || 'nobody'}.`,
  member: (fingerprint, limits) => `Asked by ${fingerprint}: ${limits.join('; ')}.`,
  ofMember: (most) => `at most ${most} signatures an hour`,
  hours: (hours) => `It signs ${hoursText(hours)}.`,
  leastApprovals: (least) => `It signs only what ${least} other members have approved.`,
  operatorApproves: 'It signs only requests that its operator has approved.',
  calls: 'may call contracts, and what tokens that moves is not counted',
  callsNot: 'may not call contracts',
  creates: 'may create contracts',
  createsNot: 'may not create contracts',
  resharesNever: 'It never makes new shares of a wallet.',
  resharesSame: 'It makes new shares of a wallet for the same members only.',
  resharesLower: (agreeing) =>
    `It makes new shares of a wallet for other members if ${agreeing} agree, also with a lower threshold.`,
  resharesAny: (agreeing) =>
    `It makes new shares of a wallet for other members if ${agreeing} agree, never with a lower threshold.`,
  resharesAfter: (hours) =>
    `It waits ${hours} hours from the first time it is asked for other members until it agrees.`,
  resharesADay: (most) => `It makes new shares of a wallet at most ${most} times in 24 hours.`,
  renews: (days) => `It proposes to renew shares once they are ${days} days old.`,
}
