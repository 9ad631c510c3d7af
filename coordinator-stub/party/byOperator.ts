import { bytesToHex } from '@noble/hashes/utils.js'
import { openLineFile } from '../../files/lineFile.ts'

/** Requests that whoever runs the party has approved by hand, by their hashes: durable, so that a restart forgets none. */
export interface ApprovedByOperator {
  has(hash: Uint8Array): boolean
  /** @param expiresMs when the request ends, and nobody asks for its approval any more */
  add(hash: Uint8Array, expiresMs: number): Promise<void>
}

/**
 * A file of lines "HASH EXPIRES", each the approval of one request.
 * @param nowMs what has ended by then is dropped
 * @throws Error when a whole line cannot be read: an approval that nobody gave must not be made of it
 */
export async function openApprovedByOperator(path: string, nowMs: number): Promise<ApprovedByOperator> {
  const { file, lines } = await openLineFile(path)
  const live = lines.filter((line) => expiryOf(line, path) > nowMs)
  if (live.length < lines.length) await file.replace(live)
  const known = new Set(live.map((line) => line.slice(0, hashDigits)))
  return {
    has: (hash) => known.has(bytesToHex(hash)),
    async add(hash, expiresMs) {
      const name = bytesToHex(hash)
      if (known.has(name)) return
      await file.append(`${name} ${expiresMs}`)
      known.add(name)
    },
  }
}

const hashDigits = 64

function expiryOf(line: string, path: string): number {
  const [, expires = ''] = /^[0-9a-f]{64} ([0-9]{1,15})$/.exec(line) ?? []
  if (expires === '') throw new Error(`${path} has a line that is no approval`)
  return Number(expires)
}
