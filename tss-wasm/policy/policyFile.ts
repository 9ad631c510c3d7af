import { readAddress } from '../content/jsonValues.ts'
import { addressOf, scriptOf } from '../content/scripts.ts'
import { tokenAt, tokenNamed } from '../content/tokens.ts'
import { z } from '../zod.ts'
import { formatAmount, parseAmount } from '../content/amounts.ts'
import { isTimeZone, minutesIn, timeText, weekdays, type WorkingHours } from './hours.ts'
import {
  type BitcoinPolicy,
  type ChainPolicy,
  defaultPolicy,
  type MemberPolicy,
  type Policy,
  type TokenPolicy,
} from './policy.ts'

const longestPolicy = 64 * 1024

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

/** As people write it, in the token's unit: how many digits there may be behind the point, the token says. */
const tokenAmount = z
  .string()
  .regex(
    /^(0|[1-9][0-9]{0,59})(\.[0-9]{1,40})?$/,
    'an amount of a token is a string such as "1000" or "0.5", in its unit',
  )
const tokenSchema = z.strictObject({
  symbol: z.string().regex(/^[A-Za-z0-9.$_-]{1,16}$/, 'a symbol has 1 to 16 letters, digits or any of .$_-'),
  address: address.optional(),
  decimals: z.int().min(0).max(40).optional(),
  destinations: z.union([z.literal('any'), z.array(address).max(1000)]),
  mostPerTransaction: tokenAmount.optional(),
  mostPerDay: tokenAmount.optional(),
  waitsAbove: tokenAmount.optional(),
})

type WrittenToken = z.infer<typeof tokenSchema>

/** With what the table knows of it where the file does not say. @throws Error that says what is missing or differs */
function tokenOn(chainId: number, written: WrittenToken): TokenPolicy {
  const { symbol, destinations } = written
  const named = tokenNamed(BigInt(chainId), symbol)
  const contract = written.address ?? named?.address
  if (contract === undefined)
    throw new Error(`${symbol} is not known on chain ${chainId}: say its address and decimals`)
  const known = tokenAt(BigInt(chainId), contract)
  const decimals = written.decimals ?? known?.decimals
  if (decimals === undefined) throw new Error(`${symbol} is not known on chain ${chainId}: say its decimals`)
  if (known !== undefined && known.decimals !== decimals) {
    throw new Error(`${contract} has ${known.decimals} decimals, not ${decimals}`)
  }
  if (known !== undefined && known.symbol.toLowerCase() !== symbol.toLowerCase()) {
    throw new Error(`${contract} is ${known.symbol}, not ${symbol}`)
  }
  const units = (text: string | undefined) => {
    if (text === undefined) return undefined
    const read = parseAmount(text, decimals)
    if (read === undefined) throw new Error(`${text} ${symbol} has more than ${decimals} digits behind the point`)
    return read
  }
  return {
    ...{ symbol, address: contract, decimals, destinations },
    mostPerTransaction: units(written.mostPerTransaction),
    mostPerDay: units(written.mostPerDay),
    waitsAbove: units(written.waitsAbove),
  }
}

const chainSchema = z
  .strictObject({
    chainId: z.int().min(1),
    destinations: z.union([z.literal('any'), z.array(address).max(1000)]),
    data: z.boolean().default(false),
    createContracts: z.boolean().default(false),
    tokens: z.array(tokenSchema).max(100).default([]),
    mostPerTransaction: amount.optional(),
    mostPerDay: amount.optional(),
    waitsAbove: amount.optional(),
  })
  .transform(({ mostPerTransaction, mostPerDay, waitsAbove, ...rest }, context) => {
    const tokens = rest.tokens.flatMap((token, i) => {
      try {
        return [tokenOn(rest.chainId, token)]
      } catch (error) {
        const message = error instanceof Error ? error.message : 'is not valid'
        context.addIssue({ code: 'custom', path: ['tokens', i], message })
        return []
      }
    })
    if (!distinct(tokens.map(({ address: contract }) => contract))) {
      context.addIssue({ code: 'custom', path: ['tokens'], message: 'a token is listed twice' })
    }
    return { ...rest, tokens, mostPerTransaction, mostPerDay, waitsAbove }
  })

const bitcoinSchema = z
  .strictObject({
    destinations: z.union([z.literal('any'), z.array(bitcoinAddress).max(1000)]),
    mostPerTransaction: amount.optional(),
    mostPerDay: amount.optional(),
    waitsAbove: amount.optional(),
  })
  .transform(({ destinations, mostPerTransaction, mostPerDay, waitsAbove }) => ({
    ...{ destinations, mostPerTransaction, mostPerDay, waitsAbove },
  }))

const memberSchema = z
  .strictObject({
    fingerprint: fingerprintText,
    mostSignaturesPerHour: z.int().min(0).max(1_000_000).optional(),
    limits: z
      .array(
        z
          .strictObject({
            chainId: z.union([z.int().min(1), z.literal('bitcoin')]),
            mostPerTransaction: amount.optional(),
            mostPerDay: amount.optional(),
          })
          .transform(({ chainId, mostPerTransaction, mostPerDay }) => ({ chainId, mostPerTransaction, mostPerDay })),
      )
      .max(100)
      .default([])
      .refine((limits) => distinct(limits.map(({ chainId }) => chainId)), 'a chain is listed twice'),
  })
  .transform(({ fingerprint, mostSignaturesPerHour, limits }) => ({ fingerprint, mostSignaturesPerHour, limits }))

const time = z
  .string()
  .refine((text) => minutesIn(text) !== undefined, 'a time is "00:00" to "24:00"')
  .transform((text) => minutesIn(text) ?? 0)
const hoursSchema = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, {
      error: ({ input }) => `${JSON.stringify(input)} is not a time zone, such as "Europe/Zurich"`,
    }),
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .refine(distinct, 'a day is listed twice')
      .transform((days) => weekdays.filter((day) => days.includes(day))),
    from: time,
    until: time,
  })
  .refine(({ from, until }) => until > from, 'until must be later than from, on the same day')

/** What a policy file holds. */
export const policySchema: z.ZodType<Policy> = z
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
    members: z
      .union([z.literal('any'), z.array(memberSchema).max(100)])
      .default('any')
      .refine(
        (members) => members === 'any' || distinct(members.map(({ fingerprint }) => fingerprint)),
        'a member is listed twice',
      ),
    hours: hoursSchema.optional(),
    // Requests live for seven days at most.
    waitHours: z.int().min(1).max(144).default(24),
    leastApprovals: z.int().min(1).max(19).default(1),
    operatorApproves: z.boolean().default(false),
    resharing: z
      .strictObject({
        members: z.enum(['same', 'any', 'none']),
        agreeing: z.int().min(2).max(20).default(2),
        lowerThreshold: z.boolean().default(false),
        delayHours: z
          .int()
          .min(0)
          .max(24 * 90)
          .default(0),
        mostPerDay: z.int().min(1).max(1000).optional(),
        renewEveryDays: z.int().min(1).max(3650).optional(),
      })
      .transform(({ mostPerDay, renewEveryDays, ...rest }) => ({ ...rest, mostPerDay, renewEveryDays }))
      .refine(
        ({ members, renewEveryDays }) => members !== 'none' || renewEveryDays === undefined,
        'shares cannot be renewed by a party that makes no new shares',
      )
      .default(defaultPolicy.resharing),
  })
  .refine(({ chains }) => chains === 'any' || distinct(chains.map(({ chainId }) => chainId)), 'a chain is listed twice')
  .transform(({ hours, ...rest }) => ({ ...rest, hours }))

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

function distinct(values: readonly unknown[]): boolean {
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

/** What of a policy concerns the members of a wallet that exists, as a file says it: `policySchema` reads it. */
export function policyFileOf(policy: Policy): unknown {
  const { messages, typedData, delegations, rawDigest, chains, bitcoin, mostSignaturesPerHour } = policy
  return {
    ...{ version: 1, messages, typedData, delegations, rawDigest },
    chains: chains === 'any' ? chains : chains.map(chainOf),
    bitcoin: typeof bitcoin === 'object' ? bitcoinOf(bitcoin) : bitcoin,
    mostSignaturesPerHour,
    members: policy.members === 'any' ? 'any' : policy.members.map(memberOf),
    hours: policy.hours && hoursOf(policy.hours),
    waitHours: policy.waitHours,
    leastApprovals: policy.leastApprovals,
    // An app that does not know the word reads the rest.
    ...(policy.operatorApproves && { operatorApproves: true }),
    resharing: resharingOf(policy),
  }
}

/** What is as without a word stays unsaid: an app that does not know the word reads the rest. */
function resharingOf({ resharing }: Policy) {
  const { members, agreeing, lowerThreshold, delayHours, mostPerDay, renewEveryDays } = resharing
  return {
    ...{ members, agreeing, lowerThreshold },
    ...(delayHours > 0 && { delayHours }),
    ...(mostPerDay !== undefined && { mostPerDay }),
    ...(renewEveryDays !== undefined && { renewEveryDays }),
  }
}

function chainOf(chain: ChainPolicy) {
  const { chainId, destinations, data, createContracts, tokens, mostPerTransaction, mostPerDay, waitsAbove } = chain
  return {
    ...{ chainId, destinations, data, createContracts, tokens: tokens.map(tokenOf) },
    ...{ mostPerTransaction, mostPerDay, waitsAbove },
  }
}

function tokenOf({ symbol, address, decimals, destinations, ...most }: TokenPolicy) {
  const text = (units: bigint | undefined) => (units === undefined ? undefined : formatAmount(units, decimals))
  return {
    ...{ symbol, address, decimals, destinations },
    mostPerTransaction: text(most.mostPerTransaction),
    mostPerDay: text(most.mostPerDay),
    waitsAbove: text(most.waitsAbove),
  }
}

function bitcoinOf({ destinations, mostPerTransaction, mostPerDay, waitsAbove }: BitcoinPolicy) {
  return { destinations, mostPerTransaction, mostPerDay, waitsAbove }
}

function memberOf({ fingerprint, mostSignaturesPerHour, limits }: MemberPolicy) {
  const own = limits.map(({ chainId, mostPerTransaction, mostPerDay }) => ({ chainId, mostPerTransaction, mostPerDay }))
  return { fingerprint, mostSignaturesPerHour, limits: own }
}

function hoursOf({ timeZone, days, from, until }: WorkingHours) {
  return { timeZone, days, from: timeText(from), until: timeText(until) }
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
