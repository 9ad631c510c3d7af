import { hasHidden, withoutHidden } from '../content/visibleText.ts'
import { z } from '../zod.ts'

/** UTF-16 units. */
export const longestWalletName = 64

/** The one rule of names, of wallets and of who holds them: something to see, and nothing that nobody sees. */
export function isName(name: string): boolean {
  return name !== '' && name.length <= longestWalletName && name.trim() === name && !hasHidden(name)
}

/** A wallet's name in what a session signs. */
export const walletName = z.string().refine(isName, 'is a name that everybody sees')

/** What was typed, pasted or read from an old file, made a name; empty where nothing of it is seen. */
export function visibleName(typed: string): string {
  return withoutHidden(typed)
}
