import { sameBytes } from '../bytes.ts'
import { hex, protocolVersion, seat, serialized } from '../identity/json.ts'
import type { PartyId } from '../partyId.ts'
import type { Membership } from '../requests/mailbox.ts'
import { readStrictly } from '../requests/strict.ts'
import { z } from '../zod.ts'
import type { Spent } from './decide.ts'
import { dayMs, type Policy } from './policy.ts'
import { policyFileOf, policySchema } from './policyFile.ts'

/** What a member that decides by a policy tells the others of it (SPEC 11.6). */
export interface PublishedRules {
  /** Of the wallet, compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly epoch: number
  /** Whose policy it is. */
  readonly seat: PartyId
  /** By that member's clock. */
  readonly madeMs: number
  /** But for whom it makes wallets for, which is no business of this one. */
  readonly policy: Policy
  /** What the wallet has spent in the last 24 hours; undefined where that is too much to be told. */
  readonly spent: readonly Spent[] | undefined
}

/** Bytes. A policy file and all that is told of what was spent fit. */
export const longestRules = 128 * 1024
/** Signatures that are told of. */
export const mostSpent = 200
/** A member says its rules again before they are as old as this; older ones may be what somebody has kept. */
export const staleAfterMs = 26 * 3600_000
export const sayAgainAfterMs = 12 * 3600_000
/** So far an honest clock may be ahead of ours. */
const clockDifferenceMs = 5 * 60_000

const moment = z
  .int()
  .min(0)
  .max(2 ** 48)
const units = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/)
  .transform(BigInt)

const schema: z.ZodType<PublishedRules> = z
  .strictObject({
    protocol: z.literal(protocolVersion),
    kind: z.literal('rules'),
    publicKey: hex(33),
    epoch: z.int().min(0),
    seat,
    madeMs: moment,
    policy: policySchema,
    spent: z
      .array(
        z
          .strictObject({
            atMs: moment,
            chainId: z.union([z.number().min(1), z.literal('bitcoin')]).optional(),
            amount: units,
            token: z.strictObject({ address: z.string().max(64), amount: units }).optional(),
            by: z.string().max(64).optional(),
          })
          .transform(({ atMs, chainId, amount, token, by }) => ({
            ...{ atMs, chainId, amount },
            ...(token !== undefined && { token }),
            ...(by !== undefined && { by }),
          })),
      )
      .max(mostSpent)
      .optional(),
  })
  .transform(({ publicKey, epoch, seat, madeMs, policy, spent }) => ({ publicKey, epoch, seat, madeMs, policy, spent }))

/** The bytes that are signed. @throws RangeError where they would be more than may be told */
export function encodeRules(rules: PublishedRules): Uint8Array<ArrayBuffer> {
  const bytes = canonical(rules)
  decodeRules(bytes)
  return bytes
}

/** @throws RangeError, naming the part that is wrong */
export function decodeRules(bytes: Uint8Array): PublishedRules {
  return readStrictly('rules', bytes, { longest: longestRules, schema, written: canonical })
}

function canonical({ publicKey, epoch, seat, madeMs, policy, spent }: PublishedRules): Uint8Array<ArrayBuffer> {
  return serialized({
    ...{ protocol: protocolVersion, kind: 'rules', publicKey, epoch, seat, madeMs },
    policy: policyFileOf(policy),
    spent: spent?.map(({ atMs, chainId, amount, token, by }) => ({ atMs, chainId, amount, token, by })),
  })
}

/** What a member may be told of what its wallet has spent. */
export function spentToTell(charges: readonly Spent[], nowMs: number): readonly Spent[] | undefined {
  const counted = charges.filter(({ atMs }) => atMs > nowMs - dayMs)
  return counted.length > mostSpent ? undefined : counted
}

/**
 * What its member has signed, held against the wallet, and against what we have seen before. Who signed it is known.
 * @param newestMs when the newest were made that this device has seen of that member
 * @throws RangeError, naming what is wrong: they are another party's or wallet's, or older than what was told before
 */
export function checkRules(
  rules: PublishedRules,
  { publicKey, epoch }: Membership,
  of: PartyId,
  { nowMs, newestMs }: { readonly nowMs: number; readonly newestMs: number },
): void {
  if (rules.seat !== of) throw new RangeError('rules: are of the member that they are shown for')
  if (!sameBytes(rules.publicKey, publicKey)) throw new RangeError('rules: are of this wallet')
  if (rules.epoch !== epoch) throw new RangeError('rules: are of this epoch')
  if (rules.madeMs > nowMs + clockDifferenceMs) throw new RangeError('rules: are of now')
  if (rules.madeMs < newestMs) throw new RangeError('rules: are not older than those that were told before')
}
