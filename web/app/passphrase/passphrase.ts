/**
 * Takes what was typed out of the input, as the bytes that seal and open shares: UTF-8 of Unicode normal form C, so that
 * the same keys on another system open it too. The string itself stays in the browser's memory until it is collected.
 */
export function takePassphrase(input: HTMLInputElement | null): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(normalized(input))
  if (input !== null) input.value = ''
  return bytes
}

export function normalized(input: HTMLInputElement | null): string {
  return (input?.value ?? '').normalize('NFC')
}
