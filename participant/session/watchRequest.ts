/** What is signed, in the domain "watch", to be told of offered seats: who asks, and when, which makes old ones useless. */
export function watchRequest(who: string, timeMs: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${who}\n${timeMs}`)
}
