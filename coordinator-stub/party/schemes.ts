import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere } from '../../files/dataFolder.ts'
import { type BlsDomain, sameDomain } from '../../tss-wasm/content/blsDomain.ts'
import type { KeyScheme } from '../../tss-wasm/content/keyScheme.ts'
import type { SchemeContent } from '../../tss-wasm/content/schemeContent.ts'
import { schemeMessages } from '../../tss-wasm/content/schemeMessages.ts'
import { refused } from '../../tss-wasm/failure.ts'
import { domainSchema } from '../../tss-wasm/identity/proposal.ts'
import type { Spending, Spent } from '../../tss-wasm/policy/decide.ts'
import { isWithin } from '../../tss-wasm/policy/hours.ts'
import { hourMs, type Policy } from '../../tss-wasm/policy/policy.ts'

/** Which keys of other schemes a party helps to make, and signs with (SCHEMES 11.4). Without the file: none. */
export interface SchemeSettings {
  readonly ed25519: boolean
  readonly taproot: boolean
  /** Domains of BLS keys. */
  readonly bls12381: readonly BlsDomain[]
  /** For each key, counted over the last hour. */
  readonly mostSignaturesPerHour: number
}

const noSchemes: SchemeSettings = { ed25519: false, taproot: false, bls12381: [], mostSignaturesPerHour: 0 }
const longestFile = 64 * 1024

const settingsSchema: z.ZodType<SchemeSettings> = z
  .strictObject({
    version: z.literal(1),
    ed25519: z.boolean().default(false),
    taproot: z.boolean().default(false),
    bls12381: z.array(domainSchema).max(100).default([]),
    mostSignaturesPerHour: z.int().min(0).max(1_000_000),
  })
  .transform(({ ed25519, taproot, bls12381, mostSignaturesPerHour }) => ({
    ...{ ed25519, taproot, bls12381, mostSignaturesPerHour },
  }))

/** @throws Error that names what is wrong: a party must not start with other settings than it was given */
export function decodeSchemeSettings(text: string): SchemeSettings {
  if (text.length > longestFile) throw new Error('schemes.json is too large')
  const result = settingsSchema.safeParse(JSON.parse(text))
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Error(`schemes.json: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? 'is not valid'}`)
}

/** Of the party's folder. @throws Error for a file that cannot be read */
export async function readSchemeSettings(folder: string): Promise<SchemeSettings> {
  const stored = await readIfThere(join(folder, 'schemes.json'))
  return stored === undefined ? noSchemes : decodeSchemeSettings(new TextDecoder().decode(stored))
}

/** Whether keys of this kind are made and used here. @throws ProtocolAbort `refused` */
export function allowScheme(settings: SchemeSettings = noSchemes, key: KeyScheme): void {
  const isAllowed =
    key.scheme === 'bls12381'
      ? settings.bls12381.some((domain) => sameDomain(domain, key.domain))
      : settings[key.scheme]
  if (isAllowed) return
  const what = key.scheme === 'bls12381' ? 'BLS keys of this domain' : `keys of the scheme ${key.scheme}`
  throw refused('policy', `${what} are not allowed here`)
}

interface AskedByScheme {
  readonly key: KeyScheme
  readonly publicKey: Uint8Array
  readonly content: SchemeContent
  /** Fingerprint of whoever asks. */
  readonly by: string
}

/**
 * Whether a key of another scheme signs this content: who asks, when and how often, as the policy has it for every signature.
 * It has no limits of amounts for other networks yet; whoever needs them allows no such keys.
 * @returns what each signature is charged with
 * @throws ProtocolAbort `refused`, naming the rule; ContentRefused when the content does not decode
 */
export function allowSchemeSigning(
  { schemes = noSchemes, policy }: { readonly schemes?: SchemeSettings | undefined; readonly policy: Policy },
  { key, publicKey, content, by }: AskedByScheme,
  earlier: readonly Spent[],
  nowMs: number,
): readonly Spending[] {
  allowScheme(schemes, key)
  const messages = schemeMessages({ key, publicKey, content })
  const { members, hours, leastApprovals } = policy
  if (members !== 'any' && !members.some(({ fingerprint }) => fingerprint === by))
    throw refused('policy', 'this member cannot ask for signatures')
  if (leastApprovals > 1) throw refused('policy', `${leastApprovals} members have to approve, and here one asks`)
  if (hours !== undefined && !isWithin(hours, nowMs)) throw refused('policy', 'it is outside of the working hours')
  const most = Math.min(schemes.mostSignaturesPerHour, policy.mostSignaturesPerHour)
  const lastHour = earlier.filter(({ atMs }) => atMs > nowMs - hourMs).length
  if (lastHour + messages.length > most) throw refused('policy', `at most ${most} signatures an hour`)
  return messages.map(() => ({ chainId: undefined, amount: 0n }))
}
