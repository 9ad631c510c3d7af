import { sameBytes } from '../bytes.ts'
import type { z } from '../zod.ts'

/**
 * Bounds the bytes, parses them, validates them, and holds them against the one way in which the result is written.
 * @param what the document, for the error
 * @throws RangeError that names the part that is wrong and nothing of its content
 */
export function readStrictly<T>(
  what: string,
  bytes: Uint8Array,
  { longest, schema, written }: { longest: number; schema: z.ZodType<T>; written: (value: T) => Uint8Array },
): T {
  if (bytes.length > longest) throw new RangeError(`${what}: at most ${longest} bytes`)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new RangeError(`${what}: is UTF-8 JSON`)
  }
  const read = schema.safeParse(json)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw new RangeError(`${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is valid'}`)
  }
  if (!sameBytes(bytes, written(read.data))) throw new RangeError(`${what}: is written in canonical form`)
  return read.data
}
