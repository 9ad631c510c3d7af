import { collectUr } from './parts.ts'
import { bytesIn, type BytesReading, collectTyped, type Frames, framesOf } from './typed.ts'

/** The type that wallets know, and the one that its standard calls it since. */
const types = ['crypto-psbt', 'psbt']

export function collectPsbt(): (text: string) => BytesReading {
  return collectTyped(types)
}

/** Of one text, or of all parts one after the other. Undefined where it is not the whole UR of a PSBT. */
export function psbtOfUr(text: string): Uint8Array | undefined {
  const collector = collectUr()
  const parts = text.split(/(?=ur:)/i)
  const whole = parts.reduce<ReturnType<typeof collector.take>['whole']>(
    (_, part) => collector.take(part).whole,
    undefined,
  )
  return whole && bytesIn(whole, types)
}

/** The frames that show a PSBT to another program's camera. */
export function psbtFrames(psbt: Uint8Array): Frames {
  return framesOf('crypto-psbt', psbt)
}
