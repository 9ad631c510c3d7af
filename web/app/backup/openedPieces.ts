import type { PieceFault } from '../../../tss-wasm/guardians/slip39.ts'
import type { Texts } from '../texts/en.ts'
import { pieceFault } from './pieceFault.ts'

/** What opens the file of guardians, or the sentence that says what is wrong with the pieces. */
export async function openedPieces(
  pieces: readonly string[],
  texts: Texts['guardians'],
): Promise<
  | { readonly key: Uint8Array<ArrayBuffer>; readonly error?: undefined }
  | { readonly key?: undefined; readonly error: string }
> {
  const typed = pieces.filter((piece) => piece.trim() !== '')
  try {
    const { keyFromPieces } = await import('../../jobs/guardians.ts')
    return { key: keyFromPieces(typed) }
  } catch (error) {
    const fault = faultIn(error)
    return { error: fault === undefined ? texts.notLoaded : pieceFault(fault, texts) }
  }
}

/** By its form: the class comes with the part of the app that joins pieces. */
function faultIn(error: unknown): PieceFault | undefined {
  return error instanceof Error && 'fault' in error ? (error.fault as PieceFault) : undefined
}
