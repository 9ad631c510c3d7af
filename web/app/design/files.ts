/** Above what any share takes: nothing longer is read. */
const longest = 1024 * 1024

/** The bytes of a file that a person chose, or why there are none, by the name of its sentence. */
export async function readChosen(
  file: File | undefined,
): Promise<Uint8Array<ArrayBuffer> | 'noFile' | 'tooLong' | 'unreadable'> {
  if (file === undefined) return 'noFile'
  if (file.size > longest) return 'tooLong'
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch {
    return 'unreadable' // moved or changed since it was chosen
  }
}

/** Hands a file to the browser's downloads. @returns its name */
export function download(name: string, content: Uint8Array<ArrayBuffer>): string {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
  return name
}

interface Named {
  readonly name: string
  readonly mySeat: number
  readonly seats: readonly unknown[]
}

/** What every file system takes and people recognize: "Family savings" becomes "family-savings-share-1-of-3.age". */
export function shareFileName({ name, mySeat, seats }: Named, ending: 'age' | 'json'): string {
  return walletFileName(name, `share-${mySeat}-of-${seats.length}`, ending)
}

/** The same of another file about a wallet: "family-savings-history.csv". */
export function walletFileName(name: string, what: string, ending: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return `${words === '' ? 'wallet' : words}-${what}.${ending}`
}
