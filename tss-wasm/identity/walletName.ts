import { hasHidden } from '../content/visibleText.ts'

export { hasHidden }

export const longestWalletName = 64

/**
 * What was typed or pasted, without what nobody sees of it: joiners inside emoji, zero-width spaces, marks of direction.
 * Tabs, ends of lines and blanks of other widths become spaces.
 */
export function visibleName(typed: string): string {
  const spaced = typed.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
  return Array.from(spaced, (character) => (hasHidden(character) ? '' : character))
    .join('')
    .trim()
}
