export const longestWalletName = 64

/** What a screen shows must be what was signed: nothing that hides, reorders or breaks lines. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u

export function hasHidden(name: string): boolean {
  return hidden.test(name)
}

/**
 * What was typed or pasted, without what nobody sees of it: joiners inside emoji, zero-width spaces, marks of direction.
 * Tabs and ends of lines become spaces.
 */
export function visibleName(typed: string): string {
  const spaced = typed.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  return Array.from(spaced, (character) => (hidden.test(character) ? '' : character))
    .join('')
    .trim()
}
