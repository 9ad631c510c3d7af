import type { SigningContent } from '../../tss-wasm/content/content.ts'
import type { Failure } from '../../tss-wasm/failure.ts'

/** Something that a wallet was asked to sign, and how it ended here. Nothing secret: a signature is public once it exists. */
export interface HistoryEntry {
  readonly walletId: string
  readonly atMs: number
  readonly content: SigningContent
  /** Label of the seat that asked; undefined is this device. */
  readonly askedBy: string | undefined
  /** Labels of the other seats that took part. */
  readonly others: readonly string[]
  readonly end: HistoryEnd
}

export type HistoryEnd =
  /** What others take of it: the signed transaction, or the signature, in hex. */
  | { readonly type: 'signed'; readonly result: string; readonly transactionHash: string | undefined }
  | { readonly type: 'rejected' }
  /** Here it failed; `mayBeSigned`: others may hold a signature all the same. */
  | { readonly type: 'failed'; readonly failure: Failure; readonly mayBeSigned?: true }

/** For people to look at; nothing depends on it. */
export interface HistoryStore {
  add(entry: HistoryEntry): Promise<void>
  /** The newest first. */
  of(walletId: string, most: number): Promise<readonly HistoryEntry[]>
}
