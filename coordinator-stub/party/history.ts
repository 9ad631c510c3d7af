import { bytesToHex } from '@noble/hashes/utils.js'
import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { inTurn } from '../../files/inTurn.ts'
import { syncFolder } from '../../files/dataFolder.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import type { ContentSignature } from '../../tss-wasm/content/ethereum.ts'
import { contentJson, contentJsonSchema } from './contentJson.ts'

/** One signature, or all of one payment, that a server party has taken part in. Nothing secret. */
export interface SignedEntry {
  readonly atMs: number
  readonly walletId: string
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  /** Below the wallet's own key; left out for that key. */
  readonly path?: readonly number[] | undefined
  readonly content: SigningContent
  /** In the order of the content's tasks. */
  readonly signatures: readonly ContentSignature[]
  /** Seats. */
  readonly signers: readonly number[]
  /** 16 bytes */
  readonly session: Uint8Array
  /** The request that it was asked by, where it was one: its id, and its note. */
  readonly request?: { readonly id: Uint8Array; readonly note: string; readonly from: number } | undefined
}

/** What a server party has signed, one line of JSON each; only ever appended to, and never read by the party itself. */
export interface History {
  add(entry: SignedEntry): Promise<void>
}

/** @param path of a file that the first entry makes; mode 0600 */
export function openHistory(path: string): History {
  const turn = inTurn()
  return {
    add: (entry) =>
      turn(async () => {
        const isNew = await stat(path).then(
          () => false,
          () => true,
        )
        const file = await open(path, 'a+', 0o600)
        try {
          const { size } = await file.stat()
          // What a crash or a full disk has left of a line gets a line of its own, which readers skip.
          const isTorn = size > 0 && (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== lineEnd
          await file.appendFile(`${isTorn ? '\n' : ''}${lineOf(entry)}\n`)
          await file.sync()
        } finally {
          await file.close()
        }
        if (isNew) await syncFolder(dirname(path))
      }),
  }
}

const lineEnd = 0x0a
const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * length}}$`))

/** As it stands in the file, and as it is exported: bytes are lower-case hex. */
const lineSchema = z.strictObject({
  at: z.iso.datetime(),
  wallet: hex(16),
  publicKey: hex(33),
  path: z.array(z.int()).optional(),
  content: contentJsonSchema,
  signatures: z.array(z.strictObject({ r: hex(32), s: hex(32), recovery: z.int().min(0).max(3) })),
  signers: z.array(z.int()),
  session: hex(16),
  request: z.strictObject({ id: hex(16), note: z.string(), from: z.int() }).optional(),
})
export type HistoryLine = z.infer<typeof lineSchema>

function lineOf({ atMs, walletId, publicKey, path, content, signatures, signers, session, request }: SignedEntry) {
  const line: HistoryLine = {
    ...{ at: new Date(atMs).toISOString(), wallet: walletId, publicKey: bytesToHex(publicKey) },
    ...(path !== undefined && path.length > 0 && { path: [...path] }),
    content: contentJson(content),
    signatures: signatures.map(({ r, s, recovery }) => ({ r: bytesToHex(r), s: bytesToHex(s), recovery })),
    ...{ signers: [...signers], session: bytesToHex(session) },
    ...(request !== undefined && { request: { ...request, id: bytesToHex(request.id) } }),
  }
  return JSON.stringify(line)
}

/** Undefined for what a crash has left of a line. */
export function readHistoryLine(line: string): HistoryLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
