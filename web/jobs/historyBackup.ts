import { isCheck, type Check } from '../../tss-wasm/checks.ts'
import {
  isCause,
  isGaveUp,
  type Cause,
  type CoordinatorCode,
  type Failure,
  type GaveUp,
} from '../../tss-wasm/failure.ts'
import { seat, serialized } from '../../tss-wasm/identity/json.ts'
import { contentSchema } from '../../tss-wasm/identity/proposal.ts'
import { visibleName } from '../../tss-wasm/identity/walletName.ts'
import { z } from '../../tss-wasm/zod.ts'
import type { HistoryEntry, HistoryStore } from '../platform/historyStore.ts'

// The history of a wallet as it travels in its backup (SPEC 10): a text, JSON, the newest entry first. Reading is strict by
// the entry: one that is not well formed is left out, since no share is refused for what people only look at.

/** UTF-8 bytes of the text. With it and the shares of the largest company a backup stays below the length that is read. */
export const longestHistory = 384 * 1024
/** Entries, of a wallet. */
const most = 5000

/** The newest entries that fit; undefined where there are none. */
export async function historyForBackup(history: HistoryStore, walletId: string): Promise<string | undefined> {
  return writeHistory(await history.of(walletId, most))
}

/**
 * Adds what a backup knows and this device does not: what is here already, of a wallet that was removed, stays as it is.
 * @param text as `historyForBackup` wrote it, from outside
 */
export async function restoreHistory(history: HistoryStore, walletId: string, text: string): Promise<void> {
  const here = new Set((await history.of(walletId, Infinity)).map(nameOf))
  // The oldest first, as they came.
  for (const entry of readHistory(walletId, text).toReversed()) if (!here.has(nameOf(entry))) await history.add(entry)
}

/** @param entries the newest first */
export function writeHistory(entries: readonly HistoryEntry[]): string | undefined {
  const written: string[] = []
  let length = 2
  for (const entry of entries) {
    const bytes = serialized(fieldsOf(entry))
    length += bytes.length + 1
    if (length > longestHistory) break
    written.push(new TextDecoder().decode(bytes))
  }
  return written.length === 0 ? undefined : `[${written.join(',')}]`
}

/** The entries that are well formed, as those of this wallet. */
export function readHistory(walletId: string, text: string): readonly HistoryEntry[] {
  if (text.length > longestHistory) return []
  const entries = z.array(z.unknown()).max(most).safeParse(parsed(text))
  if (!entries.success) return []
  return entries.data.flatMap((fields) => {
    const entry = entrySchema.safeParse(fields)
    return entry.success ? [{ walletId, ...entry.data }] : []
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A request has its own name; of what was signed at once, by people who were there, two do not end in one millisecond. */
function nameOf({ request, atMs }: HistoryEntry): string {
  return request?.name ?? `at ${atMs}`
}

/** Without the wallet, which the backup is of, and without evidence, which is a file of its own. */
function fieldsOf(entry: HistoryEntry): object {
  const { end } = entry
  const told = end.type === 'failed' ? { ...end, failure: { ...end.failure, evidence: undefined } } : end
  return { ...entry, walletId: undefined, end: told }
}

/** UTF-16 units, of what a person reads at once. */
const longestText = 1000
const text = z.string().max(longestText).transform(visibleName)
const moment = z
  .int()
  .min(0)
  .max(2 ** 48)
/** Label of a seat; of this device there is none. */
const label = text.nullish().transform((said) => said ?? undefined)
const seats = z.array(seat)

const failure: z.ZodType<Failure> = z
  .union([
    z.object({
      kind: z.literal('misbehaviour'),
      culprits: seats,
      check: z.custom<Check>((check) => typeof check === 'string' && isCheck(check)),
      detail: text.exactOptional(),
    }),
    z.object({ kind: z.literal('timed-out'), waitingFor: seats, round: text, waitedMs: moment.exactOptional() }),
    z.object({
      kind: z.literal('peer-gave-up'),
      peer: seat,
      why: z.custom<GaveUp>((why) => typeof why === 'string' && isGaveUp(why)),
      cause: z.custom<Cause>((cause) => typeof cause === 'string' && isCause(cause)).exactOptional(),
      about: seats.exactOptional(),
      detail: text,
    }),
    z.object({ kind: z.enum(['disconnected', 'engine-crashed', 'not-loaded']), detail: text }),
    z.object({ kind: z.literal('cancelled') }),
    z.object({
      kind: z.literal('refused'),
      what: z.literal('coordinator'),
      code: z.custom<CoordinatorCode>((code) => typeof code === 'string' && /^[a-z_]{1,40}$/.test(code)),
      detail: text,
    }),
    z.object({
      kind: z.literal('refused'),
      what: z.custom<Cause>((what) => typeof what === 'string' && isCause(what)),
      detail: text,
    }),
  ])
  // Another version of the app wrote it, with reasons that this one has no words for.
  .catch({ kind: 'refused', what: 'unknown', detail: '' })

/** Hex or base64, of a signed transaction too; a line for each of several. */
const result = z
  .string()
  .max(longestHistory)
  .regex(/^[\w+/=:. \n-]*$/)

const end = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('signed'), result, transactionHash: result.optional() })
    .transform(({ transactionHash, ...rest }) => ({ ...rest, transactionHash })),
  z.object({ type: z.enum(['rejected', 'withdrawn', 'expired', 'replaced']) }),
  z.object({ type: z.literal('failed'), failure, mayBeSigned: z.literal(true).exactOptional() }),
])

const answer = z
  .object({
    label,
    answer: z.enum(['none', 'approved', 'rejected']),
    atMs: moment.exactOptional(),
    by: z.enum(['person', 'policy', 'machine']).exactOptional(),
    reason: text.exactOptional(),
  })
  .transform(({ label: said, ...rest }) => ({ label: said, ...rest }))

const request = z.object({
  name: z.string().regex(/^[0-9a-f]{32}$/),
  note: text,
  createdMs: moment,
  expiresMs: moment,
  answers: z.array(answer).max(32),
  signers: z.array(label).max(32),
  transaction: result.exactOptional(),
})

const entrySchema: z.ZodType<Omit<HistoryEntry, 'walletId'>> = z
  .object({
    atMs: moment,
    content: contentSchema,
    askedBy: label,
    others: z.array(text).max(32),
    end,
    request: request.exactOptional(),
  })
  .transform(({ askedBy, ...rest }) => ({ askedBy, ...rest }))
