import { z } from 'zod'
import { readIfThere, writeDurably } from '../../files/dataFolder.ts'

/** One signature that a server party has agreed to, counted by its limits from then on. */
export interface Charge {
  readonly atMs: number
  /** Hash of the proposal, which names its session: one request is charged once, however often it is shown. */
  readonly request: string
  readonly walletId: string
  /** EIP-155, rounded beyond 2^53, where no policy names one; or Bitcoin's main network; undefined for messages */
  readonly chainId: number | 'bitcoin' | undefined
  /** wei, or satoshi */
  readonly amount: bigint
}

/** What has been agreed to lately, durable before it is agreed to: a restart forgets no limit. */
export interface Ledger {
  /**
   * Decides with `decide` on what the wallet was charged with before, and writes its answer down. One at a time, so that
   * two requests cannot both have the last of a limit. A request that was charged before is not charged again.
   */
  charge(
    what: Pick<Charge, 'request' | 'walletId'>,
    nowMs: number,
    decide: (earlier: readonly Charge[]) => Pick<Charge, 'chainId' | 'amount'>,
  ): Promise<void>
  /** Forgets a charge for which nothing of a signature has left us. */
  giveBack(request: string): Promise<void>
}

const chargesSchema = z.array(
  z
    .strictObject({
      atMs: z.int(),
      request: z.string(),
      walletId: z.string(),
      chainId: z.union([z.number().min(1), z.literal('bitcoin')]).optional(),
      amount: z
        .string()
        .regex(/^[0-9]{1,78}$/)
        .transform(BigInt),
    })
    .transform(({ chainId, ...rest }) => ({ ...rest, chainId })),
)

/** @param rememberedMs longer than the longest span that a limit counts over */
export async function openLedger(path: string, rememberedMs: number): Promise<Ledger> {
  const stored = await readIfThere(path)
  let charges: readonly Charge[] = stored ? chargesSchema.parse(JSON.parse(new TextDecoder().decode(stored))) : []
  let last: Promise<unknown> = Promise.resolve()
  const keep = async (kept: readonly Charge[]): Promise<void> => {
    await writeDurably(path, encode(kept))
    charges = kept
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  return {
    giveBack: (request) =>
      inTurn(async () => {
        const kept = charges.filter((charge) => charge.request !== request)
        if (kept.length < charges.length) await keep(kept)
      }),
    charge({ request, walletId }, nowMs, decide) {
      return inTurn(async () => {
        const mine = charges.filter((charge) => charge.walletId === walletId && charge.request !== request)
        const added = { atMs: nowMs, request, walletId, ...decide(mine) }
        if (charges.some((charge) => charge.request === request)) return
        await keep([...charges.filter(({ atMs }) => atMs > nowMs - rememberedMs), added])
      })
    },
  }
}

function encode(charges: readonly Charge[]): Uint8Array {
  const plain = charges.map(({ amount, ...rest }) => ({ ...rest, amount: amount.toString() }))
  return new TextEncoder().encode(JSON.stringify(plain, null, 1) + '\n')
}
