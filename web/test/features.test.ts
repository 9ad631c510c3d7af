import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { features, missingCurves, missingFeatures } from '../boot/features.ts'

// As far as Node has it: an engine in which everything is there.
const complete = Object.create(globalThis, {
  navigator: { value: { locks: { request: () => undefined } } },
  IDBFactory: { value: () => undefined },
  Worker: { value: () => undefined },
  // A getter that answers to the real global object only.
  crypto: { value: globalThis.crypto },
}) as typeof globalThis

describe('what a browser must have', () => {
  test('nothing is missed where everything is there', () => {
    assert.deepEqual(missingFeatures(complete), [])
  })

  for (const [path, name] of [
    ['WebAssembly', 'WebAssembly SIMD'],
    ['BigInt', 'BigInt'],
    ['crypto', 'Web Crypto'],
    ['navigator', 'Web Locks'],
    ['Worker', 'Web Workers'],
    ['IDBFactory', 'IndexedDB'],
    ['AbortSignal', 'AbortSignal.any'],
    ['Intl', 'Intl.ListFormat'],
  ] as const) {
    test(`an engine without ${name} is told so by name`, () => {
      const old = Object.create(complete, { [path]: { value: undefined } }) as typeof globalThis
      assert.deepEqual(missingFeatures(old), [name])
    })
  }

  test('names are told once', () => {
    assert.equal(new Set(features.map(({ name }) => name)).size, features.length)
  })

  test('a browser whose Web Crypto lacks a curve is told which', async () => {
    const subtle = {
      generateKey: (name: string) => (name === 'X25519' ? Promise.reject(new Error('unknown')) : Promise.resolve({})),
    } as unknown as SubtleCrypto
    assert.deepEqual(await missingCurves({ subtle } as Crypto), ['Web Crypto X25519'])
    assert.deepEqual(await missingCurves(globalThis.crypto), [])
  })
})
