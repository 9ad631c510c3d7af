// Explicit resource management for engines that have none yet (WebKit). Imported before anything else by the page and by
// every worker: `using` and our classes look for these keys when they are defined. Where the engine has its own, it stays.

/** The part of the standard's stacks that the app uses. https://github.com/tc39/proposal-explicit-resource-management */
class Stack {
  protected undo: (() => unknown)[] = []
  #isDisposed = false

  get disposed(): boolean {
    return this.#isDisposed
  }

  defer(undo: () => unknown): void {
    if (this.#isDisposed) throw new ReferenceError('the stack is disposed')
    this.undo.push(undo)
  }

  adopt<T>(value: T, undo: (value: T) => unknown): T {
    this.defer(() => undo(value))
    return value
  }

  /** Takes what is to be undone; last in, first out. */
  protected close(): (() => unknown)[] {
    const undo = this.#isDisposed ? [] : this.undo
    this.#isDisposed = true
    this.undo = []
    return undo.reverse()
  }

  protected moveTo<S extends Stack>(stack: S): S {
    if (this.#isDisposed) throw new ReferenceError('the stack is disposed')
    stack.undo = this.undo
    this.undo = []
    this.#isDisposed = true
    return stack
  }
}

/** Both errors are told: the one that came while another was on its way out. */
function suppressed(error: unknown, before: { readonly error: unknown } | undefined): { readonly error: unknown } {
  if (before === undefined) return { error }
  return {
    error: Object.assign(new Error('an error was suppressed while disposing'), { error, suppressed: before.error }),
  }
}

function method(value: object, keys: readonly symbol[]): (() => unknown) | undefined {
  for (const key of keys) {
    const found = (value as Record<symbol, unknown>)[key]
    if (typeof found === 'function') return () => (found as () => unknown).call(value)
  }
  return undefined
}

class SyncStack extends Stack {
  use<T extends Disposable | null | undefined>(value: T): T {
    if (!value) return value
    const undo = method(value, [Symbol.dispose])
    if (undo === undefined) throw new TypeError('not disposable')
    this.defer(undo)
    return value
  }

  move(): SyncStack {
    return this.moveTo(new SyncStack())
  }

  dispose(): void {
    let failed: { readonly error: unknown } | undefined
    for (const undo of this.close()) {
      try {
        undo()
      } catch (error) {
        failed = suppressed(error, failed)
      }
    }
    if (failed !== undefined) throw failed.error
  }
}

class AsyncStack extends Stack {
  use<T extends AsyncDisposable | Disposable | null | undefined>(value: T): T {
    if (!value) return value
    const undo = method(value, [Symbol.asyncDispose, Symbol.dispose])
    if (undo === undefined) throw new TypeError('not disposable')
    this.defer(undo)
    return value
  }

  move(): AsyncStack {
    return this.moveTo(new AsyncStack())
  }

  async disposeAsync(): Promise<void> {
    let failed: { readonly error: unknown } | undefined
    for (const undo of this.close()) {
      try {
        await undo()
      } catch (error) {
        failed = suppressed(error, failed)
      }
    }
    if (failed !== undefined) throw failed.error
  }
}

/** @param target Symbol; what has the key keeps its own */
function addKey(target: typeof Symbol, name: 'dispose' | 'asyncDispose'): void {
  if (typeof target[name] === 'symbol') return
  // Compiled `using` falls back to this registered symbol, so that both sides mean the same key.
  Object.defineProperty(target, name, { value: Symbol.for(`Symbol.${name}`) })
}

/** The same method under the standard's key. */
function addAlias(prototype: object, key: symbol, name: string): void {
  const method = Object.getOwnPropertyDescriptor(prototype, name)
  if (method !== undefined) Object.defineProperty(prototype, key, method)
}

/** @param scope globalThis; another one only in tests */
export function addDisposal(scope: Record<string, unknown>, symbols: typeof Symbol): void {
  addKey(symbols, 'dispose')
  addKey(symbols, 'asyncDispose')
  addAlias(SyncStack.prototype, symbols.dispose, 'dispose')
  addAlias(AsyncStack.prototype, symbols.asyncDispose, 'disposeAsync')
  scope['DisposableStack'] ??= SyncStack
  scope['AsyncDisposableStack'] ??= AsyncStack
}

addDisposal(globalThis, Symbol)
