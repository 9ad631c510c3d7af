import { readAddress } from '../content/jsonValues.ts'
import { addressOf, scriptOf } from '../content/scripts.ts'
import { z } from '../zod.ts'
import { type BitcoinPolicy, type ChainPolicy, defaultPolicy, type Policy } from './policy.ts'

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

/** What of a policy concerns the members of a wallet that exists, as a file says it: `policySchema` reads it. */
export function policyFileOf(policy: Policy): unknown {
  const { messages, typedData, delegations, rawDigest, chains, bitcoin, mostSignaturesPerHour } = policy
  const { members, agreeing, lowerThreshold } = policy.resharing
  return {
    ...{ version: 1, messages, typedData, delegations, rawDigest },
    chains: chains === 'any' ? chains : chains.map(chainOf),
    bitcoin: typeof bitcoin === 'object' ? bitcoinOf(bitcoin) : bitcoin,
    ...{ mostSignaturesPerHour, resharing: { members, agreeing, lowerThreshold } },
  }
}

function chainOf({ chainId, destinations, data, createContracts, mostPerTransaction, mostPerDay }: ChainPolicy) {
  return { chainId, destinations, data, createContracts, mostPerTransaction, mostPerDay }
}

function bitcoinOf({ destinations, mostPerTransaction, mostPerDay }: BitcoinPolicy) {
  return { destinations, mostPerTransaction, mostPerDay }
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
