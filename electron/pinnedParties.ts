import { readIfThere, writeDurably } from '../files/dataFolder.ts'
import { decodeServerParties, encodeServerParties, type PinnedParty } from '../participant/session/serverParties.ts'

export interface PinningPorts {
  /** Where they are kept once confirmed. */
  readonly file: string
  /** What the coordinator says: its word, to be confirmed. */
  readonly ask: () => Promise<string>
  /** Shows names and fingerprints to the person. */
  readonly confirm: (parties: readonly PinnedParty[]) => Promise<boolean>
}

/**
 * The server parties this installation trusts (ARCHITECTURE 2.3). In a browser they come with the app; the desktop app
 * comes from elsewhere, so the person confirms them once, by fingerprint. Whatever the coordinator says later changes
 * nothing: a party whose key is another one then is found out when it takes a seat.
 */
export function pinnedParties({ file, ask, confirm }: PinningPorts): () => Promise<string | undefined> {
  let asking: Promise<string | undefined> | undefined
  const pin = async (): Promise<string | undefined> => {
    const known = await readIfThere(file)
    if (known !== undefined) return encodeServerParties(decodeServerParties(new TextDecoder().decode(known)))
    const parties = decodeServerParties(await ask())
    const text = encodeServerParties(parties)
    if (parties.length === 0) return text
    if (!(await confirm(parties))) return undefined
    await writeDurably(file, new TextEncoder().encode(text))
    return text
  }
  // One question at a time.
  return () => (asking ??= pin().finally(() => (asking = undefined)))
}
