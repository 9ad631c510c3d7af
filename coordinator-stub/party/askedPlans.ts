import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../../files/dataFolder.ts'
import { inTurn } from '../../files/inTurn.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { encodeJson } from './wallet.ts'

/**
 * What members have asked of a party about other members of a wallet, and when first: a policy may make it wait between that
 * and its consent. Durable before it is answered, so that a restart forgets no delay and no limit.
 */
export interface AskedPlans {
  /**
   * Since when a plan stands. One that was asked for more than `validMs` ago stands anew: consent to what was once announced
   * does not lie about for ever.
   * @throws ProtocolAbort `refused` where as many plans of this wallet stand as are noted
   */
  ask(walletId: string, plan: string, nowMs: number, validMs: number): Promise<{ firstMs: number; isNew: boolean }>
  /** A run for new shares of this wallet begins now. */
  take(walletId: string, nowMs: number): Promise<void>
  /** When runs for new shares of this wallet began, in the last day. */
  taken(walletId: string, nowMs: number): Promise<readonly number[]>
}

const mostPlans = 64
const dayMs = 24 * 3600_000

const notesSchema = z.strictObject({
  plans: z.array(z.strictObject({ plan: z.string().regex(/^[0-9a-f]{64}$/), firstMs: z.number() })).max(mostPlans),
  taken: z.array(z.number()),
})
type Notes = z.infer<typeof notesSchema>

/**
 * What a proposal would make of a wallet, whoever proposes it, and under whatever number: which epoch it starts from, who
 * goes on in which seat, who leaves, how many are new, and how many sign. SHA-256, in hex.
 */
export function planOf({ publicKey, parent, parentHash, threshold, parties, dealers }: ReshareProposal): string {
  return bytesToHex(sha256(encodeJson({ publicKey, parent, parentHash, threshold, parties, dealers })))
}

/** @param folder its own, made if need be: one file for each wallet. One that is damaged is an error: it may have held a delay */
export async function openAskedPlans(folder: string): Promise<AskedPlans> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const changing = inTurn()
  const file = (walletId: string) => join(folder, `${walletId}.json`)
  const read = async (walletId: string): Promise<Notes> => {
    const bytes = await readIfThere(file(walletId))
    return bytes === undefined
      ? { plans: [], taken: [] }
      : notesSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  }
  const lastDay = ({ taken }: Notes, nowMs: number) => taken.filter((atMs) => atMs > nowMs - dayMs)
  return {
    ask: (walletId, plan, nowMs, validMs) =>
      changing(async () => {
        const notes = await read(walletId)
        const standing = notes.plans.filter(({ firstMs }) => firstMs > nowMs - validMs)
        const known = standing.find((each) => each.plan === plan)
        if (known !== undefined) return { firstMs: known.firstMs, isNew: false }
        if (standing.length >= mostPlans)
          throw refused('policy', 'too many other changes of this wallet were asked for')
        const plans = [...standing, { plan, firstMs: nowMs }]
        await writeDurably(file(walletId), encodeJson({ ...notes, plans }))
        return { firstMs: nowMs, isNew: true }
      }),
    take: (walletId, nowMs) =>
      changing(async () => {
        const notes = await read(walletId)
        await writeDurably(file(walletId), encodeJson({ ...notes, taken: [...lastDay(notes, nowMs), nowMs] }))
      }),
    taken: async (walletId, nowMs) => lastDay(await read(walletId), nowMs),
  }
}
