const shown = '[secret]'

/**
 * A value that cannot be printed by accident: logs, templates and JSON show "[secret]".
 * `reveal` is the only way out, so `grep reveal` lists every place that handles the plain value.
 */
export class Secret<T> {
  #value: T | undefined
  constructor(value: T) {
    this.#value = value
  }

  /** @throws once erased */
  reveal(): T {
    if (this.#value === undefined) throw new Error('secret used after it was erased')
    return this.#value
  }

  /**
   * Overwrites bytes and drops the reference. A bigint cannot be overwritten in JavaScript: its copies stay until the
   * collector takes them or the worker ends (docs/SECURITY.md).
   */
  erase(): void {
    if (this.#value instanceof Uint8Array) this.#value.fill(0)
    this.#value = undefined
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown
  }
}

/** Secrets that are erased at the end of a scope, however it is left. */
export class HeldSecrets implements Disposable {
  readonly #held: Secret<unknown>[] = []

  add(...secrets: readonly Secret<unknown>[]): void {
    this.#held.push(...secrets)
  }

  [Symbol.dispose](): void {
    for (const secret of this.#held) secret.erase()
  }
}
