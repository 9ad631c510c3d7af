/** Bidirectional controls, zero-width and other invisible characters, which let a text read otherwise than it is. */
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u
const kept = new Set(['\n', '\t'])

export interface VisibleText {
  /** Undefined where the bytes are no UTF-8. */
  readonly text: string | undefined
  readonly hasHidden: boolean
}

/** Text as it should be shown before it is signed: nothing in it stays invisible. */
export function visibleText(bytes: Uint8Array): VisibleText {
  let raw: string
  try {
    raw = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { text: undefined, hasHidden: false }
  }
  let hasHidden = false
  const text = Array.from(raw, (character) => {
    if (kept.has(character) || !hidden.test(character)) return character
    hasHidden = true
    return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`
  }).join('')
  return { text, hasHidden }
}
