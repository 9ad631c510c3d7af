/** What a server party signs, in the domain "watch", to be told of seats offered to it; the time makes old ones useless. */
export function watchRequest(serverParty: string, timeMs: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${serverParty}\n${timeMs}`)
}
