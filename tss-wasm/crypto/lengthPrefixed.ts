const mostParts = 3

/** |P_1|, P_1.., |P_2|, P_2.., ..: tss-lib's "builder", used for DLN proofs only (WIRE 4.3). */
export function joinParts(parts: readonly (readonly bigint[])[]): bigint[] {
  return parts.flatMap((part) => [BigInt(part.length), ...part])
}

/**
 * The inverse of `joinParts`, or nothing for fewer than 2 integers, over 3 parts, or a length outside what is left.
 * tss-lib takes the low 64 bits of a length as signed, and drops a length at the very end; neither is followed.
 */
export function splitParts(integers: readonly bigint[]): bigint[][] | undefined {
  if (integers.length < 2) return undefined
  const parts: bigint[][] = []
  for (let at = 0; at < integers.length;) {
    const length = integers[at] ?? 0n
    at += 1
    if (parts.length === mostParts || length < 0n || length > BigInt(integers.length - at)) return undefined
    parts.push(integers.slice(at, at + Number(length)))
    at += Number(length)
  }
  return parts
}
