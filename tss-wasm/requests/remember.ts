import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import type { OpenedRequest } from './entry.ts'

/**
 * A request with all that was ever heard of it here: what the coordinator has shown once it cannot take back. Where another
 * request lies under the same id now, the one that was there first stays.
 */
export function remembered(before: OpenedRequest | undefined, now: OpenedRequest): OpenedRequest {
  if (before === undefined) return now
  if (!sameBytes(before.hash, now.hash)) return before
  const here = new Set(before.statements.map(({ hash }) => bytesToHex(hash)))
  const added = now.statements.filter(({ hash }) => !here.has(bytesToHex(hash)))
  return { ...now, statements: [...before.statements, ...added] }
}
