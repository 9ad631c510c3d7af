import { cborBytes, readBytesOnly } from './cbor.ts'
import { collectUr, urParts } from './parts.ts'

/** What a camera has read of something. */
export interface BytesReading {
  /** From 0 to 1. */
  readonly progress: number
  readonly bytes: Uint8Array | undefined
}

/** The frames of an animated QR code; beyond `count` they are mixed of the others, so that a missed one is made up for. */
export interface Frames {
  readonly count: number
  readonly at: (i: number) => string
}

/** A code of it has about 70 modules a side: cameras of phones read it from a screen at once. */
const longestFragment = 200

export function framesOf(type: string, bytes: Uint8Array): Frames {
  return urParts(type, cborBytes(bytes), longestFragment)
}

/** Reads the frames of an animated QR code, in whatever order it catches them. @param types that are taken */
export function collectTyped(types: readonly string[]): (text: string) => BytesReading {
  const collector = collectUr()
  return (text) => {
    const { progress, whole } = collector.take(text)
    return { progress, bytes: whole && bytesIn(whole, types) }
  }
}

export function bytesIn(
  { type, cbor }: { readonly type: string; readonly cbor: Uint8Array },
  types: readonly string[],
): Uint8Array | undefined {
  if (!types.includes(type)) return undefined
  try {
    return readBytesOnly(cbor)
  } catch {
    return undefined
  }
}
