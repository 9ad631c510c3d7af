import { bytesToHex } from '@noble/hashes/utils.js'
import type { BatchContent, BatchItem } from './content.ts'
import { ContentRefused } from './refused.ts'

/** How many contents one approval is for at most. */
export const mostItems = 200

/**
 * The contents of a batch in their order, 1 to `mostItems`.
 * @throws ContentRefused for another number of them
 */
export function batchItems({ items }: BatchContent): readonly BatchItem[] {
  if (items.length === 0) throw new ContentRefused('items', 'too-small', { given: '0', needed: '1' })
  if (items.length > mostItems) {
    throw new ContentRefused('items', 'too-many', { given: items.length.toString(), needed: mostItems.toString() })
  }
  return items
}

/**
 * Whatever one item gives, of all of them. A refusal says in which item it is, counted from 1.
 * @throws ContentRefused
 */
export function ofEach<T>(content: BatchContent, work: (item: BatchItem) => T): readonly T[] {
  return batchItems(content).map((item, i) => {
    try {
      return work(item)
    } catch (error) {
      if (!(error instanceof ContentRefused)) throw error
      throw new ContentRefused(`items[${i + 1}].${error.field}`, error.rule, error)
    }
  })
}

/** The same twice is a mistake: a network carries it out once, or a payment is made twice. @throws ContentRefused */
export function mustDiffer(digests: readonly Uint8Array[]): void {
  const seen = new Map<string, number>()
  for (const [i, digest] of digests.entries()) {
    const earlier = seen.get(bytesToHex(digest))
    if (earlier !== undefined) {
      throw new ContentRefused(`items[${i + 1}]`, 'same-twice', { given: `items[${earlier + 1}]` })
    }
    seen.set(bytesToHex(digest), i)
  }
}
