/** Same length and content. Looks at every byte, so the time tells the length only. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

/** Big-endian, two bytes. */
export function uint16(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw new RangeError('does not fit two bytes')
  return Uint8Array.of(value >> 8, value)
}

/** Big-endian, four bytes. */
export function uint32(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError('does not fit four bytes')
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** Reads from front to back and never past the end. What it hands out are copies. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** @throws RangeError if fewer are left */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > this.left) throw new RangeError('bytes are cut short')
    this.#at += length
    return new Uint8Array(this.#bytes.subarray(this.#at - length, this.#at))
  }

  uint8(): number {
    return this.take(1)[0] ?? 0
  }

  uint16(): number {
    return (this.uint8() << 8) | this.uint8()
  }

  uint32(): number {
    return this.uint16() * 0x10000 + this.uint16()
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  rest(): Uint8Array<ArrayBuffer> {
    return this.take(this.left)
  }

  /** @throws RangeError if anything is left */
  end(): void {
    if (this.left > 0) throw new RangeError('bytes are left over')
  }
}
