import type { TypedNode } from './typedData.ts'

/**
 * When something begins or ends: a moment; later than the year 9999, which nobody lives to see. A number that is a moment only in
 * milliseconds, as exchanges count, is as good as no end to a contract, which counts in seconds: both are said.
 */
export type Moment = Date | 'far' | { readonly inMilliseconds: Date }

/** Names of moments in typed data and calls, as their authors like them. */
const names =
  /^(sig|_)?(deadline|expir(y|es|ation|ationTime|esAt|yTime)|(valid|usable)_?(to|until|after|before|from)|not_?(before|after)|(start|end|begin|decayStart|decayEnd)_?(time|date|timestamp)?|(issued|created|ends|starts)_?at|time(stamp)?|date)$/i
const earliestSeconds = 1_000_000_000n
const endOf9999 = 253_402_300_799n

export function isMomentName(name: string): boolean {
  return names.test(name)
}

/** The moment that a number stands for, by its name and its size. */
export function momentOf({ name, type, value }: TypedNode): Moment | undefined {
  if (typeof value !== 'string' || !type.startsWith('uint') || !isMomentName(name)) return undefined
  const number = BigInt(value)
  if (number < earliestSeconds) return undefined
  const isMilliseconds = number >= 1000n * earliestSeconds && number <= 1000n * endOf9999
  return isMilliseconds ? { inMilliseconds: new Date(Number(number)) } : momentOfSeconds(number)
}

/** Of a number that is known to count seconds since 1970. */
export function momentOfSeconds(seconds: bigint): Date | 'far' {
  return seconds > endOf9999 ? 'far' : new Date(1000 * Number(seconds))
}
