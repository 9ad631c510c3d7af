import { cborBytes, readBytesOnly } from './cbor.ts'
import { collectUr, urParts } from './parts.ts'

/** The type that wallets know, and the one that its standard calls it since. */
const types = ['crypto-psbt', 'psbt']
/** A code of it has about 70 modules a side: cameras of phones read it from a screen at once. */
const longestFragment = 200

/** What a camera has read of a PSBT. */
export interface PsbtReading {
  /** From 0 to 1. */
  readonly progress: number
  readonly psbt: Uint8Array | undefined
}

/** Reads the frames of an animated QR code, in whatever order it catches them. */
export function collectPsbt(): (text: string) => PsbtReading {
  const collector = collectUr()
  return (text) => {
    const { progress, whole } = collector.take(text)
    return { progress, psbt: whole && psbtIn(whole) }
  }
}

/** Of one text, or of all parts one after the other. Undefined where it is not the whole UR of a PSBT. */
export function psbtOfUr(text: string): Uint8Array | undefined {
  const collector = collectUr()
  const parts = text.split(/(?=ur:)/i)
  const whole = parts.reduce<ReturnType<typeof collector.take>['whole']>(
    (_, part) => collector.take(part).whole,
    undefined,
  )
  return whole && psbtIn(whole)
}

function psbtIn({ type, cbor }: { readonly type: string; readonly cbor: Uint8Array }): Uint8Array | undefined {
  if (!types.includes(type)) return undefined
  try {
    return readBytesOnly(cbor)
  } catch {
    return undefined
  }
}

/** The frames that show a PSBT to another program's camera. */
export function psbtFrames(psbt: Uint8Array): { readonly count: number; readonly at: (i: number) => string } {
  return urParts('crypto-psbt', cborBytes(psbt), longestFragment)
}
