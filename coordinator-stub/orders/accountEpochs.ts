import { bytesToHex } from '@noble/hashes/utils.js'
import type { Session } from '../../proto/gen/coordinator_pb.js'
import type { Epoch, Holder } from '../../tss-wasm/identity/handover.ts'
import { hex, identityKeys, seat } from '../../tss-wasm/identity/json.ts'
import { firstEpoch } from '../../tss-wasm/identity/reshareAgreement.ts'
import { decodeRoster } from '../../tss-wasm/identity/roster.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { z } from '../../tss-wasm/zod.ts'

/** What of an account's epochs is kept. */
export interface AccountEpochs {
  readonly current: Epoch
  /** The one before: a rival attempt from it wins where its number is higher (RESHARING 4.3, 7). */
  readonly before?: Epoch | undefined
}

const epochSchema: z.ZodType<Epoch> = z.strictObject({
  publicKey: hex(33),
  number: z.int().min(0),
  hash: hex(32),
  threshold: z.int(),
  members: z.array(z.strictObject({ seat, identity: identityKeys })).max(20),
})
const epochsSchema: z.ZodType<AccountEpochs> = z.strictObject({ current: epochSchema, before: epochSchema.optional() })

/** @param stored as `encodeAccountEpochs` wrote it; null for an account whose members were never seen */
export function decodeAccountEpochs(stored: unknown): AccountEpochs | undefined {
  return stored === null || stored === undefined ? undefined : epochsSchema.parse(stored)
}

export function encodeAccountEpochs(epochs: AccountEpochs): string {
  return JSON.stringify(epochs, (_, field: unknown) => (field instanceof Uint8Array ? bytesToHex(field) : field))
}

/** The epoch that the session of a new wallet has begun; undefined where its roster cannot be read. */
export function madeBy({ roster: bytes }: Session, publicKey: Uint8Array): AccountEpochs | undefined {
  try {
    const roster = decodeRoster(bytes)
    const members = roster.seats.map(({ seat: at, identity }): Holder => ({ seat: at, identity }))
    return { current: firstEpoch({ publicKey, threshold: roster.threshold, members }) }
  } catch (error) {
    if (error instanceof ProtocolAbort) return undefined
    throw error
  }
}
