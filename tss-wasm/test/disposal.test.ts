import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addDisposal } from '../disposal.web.ts'

// An engine without explicit resource management, as WebKit is: its own Symbol has no keys and there are no stacks.
interface Stacks {
  readonly DisposableStack: new () => DisposableStack
  readonly AsyncDisposableStack: new () => AsyncDisposableStack
}

function oldEngine(): Stacks & Record<string, unknown> {
  const scope: Record<string, unknown> = {}
  addDisposal(scope, Symbol)
  return scope as Stacks & Record<string, unknown>
}

describe('explicit resource management where the engine has none', () => {
  test('the keys are those that compiled code falls back to', () => {
    const symbols = {} as typeof Symbol
    addDisposal({}, symbols)
    assert.equal(symbols.dispose, Symbol.for('Symbol.dispose'))
    assert.equal(symbols.asyncDispose, Symbol.for('Symbol.asyncDispose'))
  })

  test('an engine that has its own keeps it', () => {
    const scope: Record<string, unknown> = { DisposableStack: 'its own' }
    const before = Symbol.dispose
    addDisposal(scope, Symbol)
    assert.equal(scope['DisposableStack'], 'its own')
    assert.equal(Symbol.dispose, before)
  })

  test('what was taken last is given back first, once', () => {
    const stack = new (oldEngine().DisposableStack)()
    const said: string[] = []
    stack.use({ [Symbol.dispose]: () => said.push('used') })
    stack.adopt('adopted', (value) => said.push(value))
    stack.defer(() => said.push('deferred'))
    stack.dispose()
    stack.dispose()
    assert.deepEqual(said, ['deferred', 'adopted', 'used'])
    assert.equal(stack.disposed, true)
    assert.throws(() => {
      stack.defer(() => undefined)
    }, ReferenceError)
  })

  test('what was moved is given back by its new owner only', async () => {
    const { AsyncDisposableStack: Async } = oldEngine()
    const first = new Async()
    const said: string[] = []
    first.use({ [Symbol.asyncDispose]: () => Promise.resolve(void said.push('async')) })
    first.use({ [Symbol.dispose]: () => said.push('sync') })
    const second = first.move()
    await first.disposeAsync()
    assert.deepEqual(said, [])
    await second.disposeAsync()
    assert.deepEqual(said, ['sync', 'async'])
  })

  test('everything is given back although one fails, and every error is told', () => {
    const stack = new (oldEngine().DisposableStack)()
    const said: string[] = []
    stack.defer(() => said.push('last'))
    for (const name of ['first', 'second'])
      stack.defer(() => {
        throw new Error(name)
      })
    assert.throws(
      () => {
        stack.dispose()
      },
      (error: Error & { error: Error; suppressed: Error }) =>
        error.error.message === 'first' && error.suppressed.message === 'second',
    )
    assert.deepEqual(said, ['last'])
  })
})
