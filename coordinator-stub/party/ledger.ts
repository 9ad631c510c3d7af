import { z } from 'zod'
import { openLineFile } from '../../files/lineFile.ts'
import type { Spending, Spent } from '../../tss-wasm/policy/decide.ts'

/** One signature that a server party has agreed to, counted by its limits from then on. */
export interface Charge extends Spent {
  /** Hash of the proposal, which names its session: one request is charged once, however often it is shown. */
  readonly request: string
  readonly walletId: string
}

/** What has been agreed to lately, durable before it is agreed to: a restart forgets no limit. */
export interface Ledger {
  /**
   * Decides with `decide` on what the wallet was charged with before, and writes its answer down. One at a time, so that
   * two requests cannot both have the last of a limit. A request that was charged before is not charged again. One that takes
   * several signatures is charged for each of them, or for none.
   * @returns whether it is charged now; if not, somebody else pays for it, and the charge is not ours to give back
   */
  charge(
    what: Pick<Charge, 'request' | 'walletId' | 'by'>,
    nowMs: number,
    decide: (earlier: readonly Charge[]) => readonly Spending[],
  ): Promise<boolean>
  /** What the wallet was charged with lately, oldest first: for whoever asks whether a signature would be agreed to. */
  earlier(walletId: string, nowMs: number): readonly Charge[]
  /**
   * Forgets the charges of a request for which nothing of a signature has left us.
   * @returns whose they were; undefined where there were none
   */
  giveBack(request: string): Promise<string | undefined>
}

const units = z
  .string()
  .regex(/^[0-9]{1,78}$/)
  .transform(BigInt)
const chargeSchema = z
  .strictObject({
    atMs: z.int(),
    request: z.string(),
    walletId: z.string(),
    chainId: z.union([z.number().min(1), z.literal('bitcoin')]).optional(),
    amount: units,
    token: z.strictObject({ address: z.string(), amount: units }).optional(),
    by: z.string().optional(),
  })
  .transform(({ chainId, token, by, ...rest }) => ({
    ...{ ...rest, chainId },
    ...(token !== undefined && { token }),
    ...(by !== undefined && { by }),
  }))
/** All charges of a request that takes several signatures: a line is there whole or not at all. */
const togetherSchema = z.strictObject({ together: z.array(chargeSchema).min(1) })
const entrySchema = z.union([chargeSchema, togetherSchema, z.strictObject({ givenBack: z.string() })])

/** So many lines more than twice what counts, and the file is written anew without what does not count any more. */
const spareLines = 1000

/**
 * A file of JSON lines, a charge or what is given back in each; the file's first form, one list of charges, is read too. A
 * signature adds a line, whatever else the day has seen.
 * @param rememberedMs longer than the longest span that a limit counts over
 * @throws Error when a whole line cannot be read: a forgotten limit limits nothing
 */
export async function openLedger(path: string, rememberedMs: number): Promise<Ledger> {
  const { file, lines: stored } = await openLineFile(path)
  const charges = readCharges(stored)
  /** Of each wallet, oldest first. */
  const byWallet = new Map<string, Charge[]>()
  for (const all of charges.values()) for (const charge of all) chargesOf(charge.walletId).push(charge)
  let lines = stored.length
  if (stored[0]?.startsWith('[')) await rewrite()
  let last: Promise<unknown> = Promise.resolve()

  function chargesOf(walletId: string): Charge[] {
    const known = byWallet.get(walletId) ?? []
    byWallet.set(walletId, known)
    return known
  }
  /** By our clock charges come in their order; one that was set back keeps some for longer. */
  function forget(nowMs: number): void {
    const old = new Map<string, number>()
    for (const [request, all] of charges) {
      if (all.some(({ atMs }) => atMs > nowMs - rememberedMs)) break
      charges.delete(request)
      for (const { walletId } of all) old.set(walletId, (old.get(walletId) ?? 0) + 1)
    }
    for (const [walletId, count] of old) {
      const mine = chargesOf(walletId)
      mine.splice(0, count)
      if (mine.length === 0) byWallet.delete(walletId)
    }
  }
  async function rewrite(): Promise<void> {
    await file.replace([...charges.values()].map(encode))
    lines = charges.size
  }
  async function keep(line: string): Promise<void> {
    await file.append(line)
    lines += 1
  }
  /** Nothing is lost if it fails: the file says the same at greater length. */
  async function tidy(): Promise<void> {
    if (lines > 2 * charges.size + spareLines) await rewrite()
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.then(ignore, ignore).then(() => tidy().catch(() => undefined))
    return done
  }
  return {
    giveBack: (request) =>
      inTurn(async () => {
        const [first] = charges.get(request) ?? []
        if (first === undefined) return undefined
        await keep(JSON.stringify({ givenBack: request }))
        charges.delete(request)
        const { walletId } = first
        byWallet.set(
          walletId,
          chargesOf(walletId).filter((charge) => charge.request !== request),
        )
        return walletId
      }),
    charge: ({ request, walletId, by }, nowMs, decide) =>
      inTurn(async () => {
        forget(nowMs)
        const mine = byWallet.get(walletId) ?? []
        const isCharged = charges.has(request)
        const earlier = isCharged ? mine.filter((charge) => charge.request !== request) : mine
        const added = decide(earlier).map((cost) => ({ atMs: nowMs, request, walletId, by, ...cost }))
        if (isCharged) return false
        await keep(encode(added))
        charges.set(request, added)
        chargesOf(walletId).push(...added)
        return true
      }),
    earlier: (walletId, nowMs) => (byWallet.get(walletId) ?? []).filter(({ atMs }) => atMs > nowMs - rememberedMs),
  }
}

const ignore = () => undefined

/** By request, in the order in which they were charged. */
function readCharges(lines: readonly string[]): Map<string, readonly Charge[]> {
  const charges = new Map<string, readonly Charge[]>()
  if (lines[0]?.startsWith('[')) {
    const list = z.array(chargeSchema).parse(JSON.parse(lines.join('\n')))
    return new Map(list.map((charge) => [charge.request, [charge]]))
  }
  for (const line of lines) {
    const entry = entrySchema.parse(JSON.parse(line))
    if ('givenBack' in entry) charges.delete(entry.givenBack)
    else {
      const all = 'together' in entry ? entry.together : [entry]
      for (const { request } of all) charges.set(request, all)
    }
  }
  return charges
}

function encode(all: readonly Charge[]): string {
  const written = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return JSON.stringify(all.length === 1 ? all[0] : { together: all }, written)
}
