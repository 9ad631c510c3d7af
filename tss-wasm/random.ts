/** `length` fresh uniform bytes, or a throw. Never fewer. Tests pass a seeded one and print the seed. */
export type RandomSource = (length: number) => Uint8Array<ArrayBuffer>

/** WebCrypto refuses to fill more than this in one call. */
const longestDraw = 65_536

/** The system's generator. The only place in the project that touches it; a lint rule holds that line. */
export const systemRandom: RandomSource = (length) => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += longestDraw) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + longestDraw, length)))
  }
  return bytes
}
