import { z } from '../zod.ts'
import { isName } from './walletName.ts'

/**
 * Documents of a new wallet whose members say what they are called (SPEC 8.4): proposal, hand-shakes and roster. Without
 * names they are of `protocolVersion`, which every earlier program reads.
 */
export const version = 'quorate/3'

/** What a member calls itself: a name as wallets have it (`isName`), or empty for none. */
export const memberName = z.string().refine((name) => name === '' || isName(name), 'is a name that everybody sees')
