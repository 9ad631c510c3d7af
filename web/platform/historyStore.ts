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
  /** Where it was a request that waited at the coordinator. */
  readonly request?: RequestHistory
}

/** A request, and what its members said of it. */
export interface RequestHistory {
  /** Its id in hex: one entry for each. */
  readonly name: string
  /** What for, in the words of whoever asked. */
  readonly note: string
  readonly createdMs: number
  readonly expiresMs: number
  /** Of everybody, by rising seats. */
  readonly answers: readonly RecordedAnswer[]
  /** Whose shares made the signature, by label; undefined is this device. */
  readonly signers: readonly (string | undefined)[]
  /** Once sent: by which the network knows it. */
  readonly transaction?: string
}

export interface RecordedAnswer {
  /** Label of the seat; undefined is this device. */
  readonly label: string | undefined
  readonly answer: 'none' | 'approved' | 'rejected'
  readonly atMs?: number
  readonly by?: 'person' | 'policy' | 'machine'
  readonly reason?: string
}

export type HistoryEnd =
  /** What others take of it: the signed transaction, or the signature, in hex. */
  | { readonly type: 'signed'; readonly result: string; readonly transactionHash: string | undefined }
  /** By this device; of a request that waited, by so many that it could not be signed any more. */
  | { readonly type: 'rejected' }
  | { readonly type: 'withdrawn' | 'expired' | 'replaced' }
  /** Here it failed; `mayBeSigned`: others may hold a signature all the same. */
  | { readonly type: 'failed'; readonly failure: Failure; readonly mayBeSigned?: true }

/** For people to look at; nothing depends on it. */
export interface HistoryStore {
  /** A request has one entry, which takes the place of an earlier one of the same. */
  add(entry: HistoryEntry): Promise<void>
  /** The newest first. */
  of(walletId: string, most: number): Promise<readonly HistoryEntry[]>
}
