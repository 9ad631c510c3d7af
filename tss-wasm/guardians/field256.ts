/** GF(256) with x^8 + x^4 + x^3 + x + 1, as AES and SLIP-39 have it. The time of a product does not depend on its bytes. */
export function times(a: number, b: number): number {
  let product = 0
  for (let bit = 0, power = a; bit < 8; bit += 1) {
    product ^= power & -((b >> bit) & 1)
    power = ((power << 1) ^ (0x11b & -(power >> 7))) & 0xff
  }
  return product
}

/** a^254. @param a not 0 */
export function inverse(a: number): number {
  let result = 1
  for (let i = 0; i < 254; i += 1) result = times(result, a)
  return result
}

export interface Point {
  readonly x: number
  /** One polynomial for each byte. */
  readonly y: Uint8Array
}

/** What the polynomials of lowest degree through these points are at `x`. The x are public and differ; the y are secret. */
export function interpolated(points: readonly Point[], x: number): Uint8Array<ArrayBuffer> {
  const value = new Uint8Array(points[0]?.y.length ?? 0)
  for (const { x: own, y } of points) {
    const others = points.filter((other) => other.x !== own)
    const weight = others.reduce((product, other) => times(product, times(other.x ^ x, inverse(other.x ^ own))), 1)
    for (const [i, byte] of y.entries()) value[i] = (value[i] ?? 0) ^ times(byte, weight)
  }
  return value
}
