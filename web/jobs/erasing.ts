export interface Erasable extends Disposable {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Overwrites the bytes at the end of the scope; where they went to the worker nothing is left to overwrite. */
export function erasing(bytes: Uint8Array<ArrayBuffer>): Erasable {
  return {
    bytes,
    [Symbol.dispose]() {
      bytes.fill(0)
    },
  }
}
