import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

/** Who may call: pages by their origin, which their browser states, and programs by a key. */
export interface Admission {
  /** As browsers write origins. */
  readonly origins: readonly string[]
  /** What programs send as "Authorization: Bearer KEY". */
  readonly key: string
}

export type Caller =
  /** A page in a browser of this machine. */
  | { readonly type: 'page'; readonly origin: string }
  /** A program that has the key. */
  | { readonly type: 'program' }

export type Turned = 'not-this-machine' | 'other-host' | 'unknown-origin' | 'no-key'

/**
 * Whose call it is, or why it is turned away. The name of the host is looked at as well: a page of a stranger whose name its
 * server lets point to this machine has that name, and sends no other.
 */
export function callerOf(
  {
    remoteAddress = '',
    headers,
  }: { readonly remoteAddress?: string | undefined; readonly headers: IncomingHttpHeaders },
  { origins, key }: Admission,
): Caller | Turned {
  if (!/^(127\.|::1$|::ffff:127\.)/.test(remoteAddress)) return 'not-this-machine'
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?$/i.test(headers.host ?? '')) return 'other-host'
  const { origin, authorization = '' } = headers
  if (origin !== undefined) return origins.includes(origin) ? { type: 'page', origin } : 'unknown-origin'
  const given = /^Bearer (.+)$/.exec(authorization)?.[1] ?? ''
  // Of one length, whatever is given.
  const [one, other] = [given, key].map((text) => sha256(utf8ToBytes(text)))
  return one && other && timingSafeEqual(one, other) ? { type: 'program' } : 'no-key'
}

/** For members who are asked, and in the log. */
export function nameOf(caller: Caller): string {
  return caller.type === 'page' ? caller.origin : 'a program with the key'
}
