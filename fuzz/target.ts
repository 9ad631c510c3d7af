import { ProtocolAbort } from '../tss-wasm/failure.ts'

/** A parser that meets bytes of strangers. */
export interface Target {
  /** Also the folder of its corpus. */
  readonly name: string
  /** What is accepted, from which everything else is made. */
  seeds(): Promise<readonly Uint8Array[]> | readonly Uint8Array[]
  /** Words of its language, put in where they hurt. */
  readonly words?: readonly string[]
  /**
   * Reads the bytes as the product does. Whether they were accepted; what was accepted must satisfy the target's own
   * promises (one way to write a thing, values within their bounds).
   * @throws for whatever is no refusal: that is a finding
   */
  read(bytes: Uint8Array): Promise<boolean> | boolean
}

/** Runs it; a refusal in the form that the product promises answers false. Everything else is a finding. */
export function accepts(work: () => void, isRefusal: (error: unknown) => boolean = isAbort): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

export async function acceptsLater(
  work: () => Promise<void>,
  isRefusal: (error: unknown) => boolean = isAbort,
): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

/** The engine's own: somebody's fault, or something that cannot be used. */
export function isAbort(error: unknown): boolean {
  return error instanceof ProtocolAbort && (error.failure.kind === 'misbehaviour' || error.failure.kind === 'refused')
}

export function promise(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken promise: ${what}`)
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
/** As most readers do: what is no UTF-8 becomes replacement characters. */
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
