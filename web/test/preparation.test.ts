import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToHex } from '@noble/hashes/utils.js'
import { systemRandom } from '../../tss-wasm/random.ts'
import type { Engine, SealedPreParameters } from '../../tss-wasm/worker/api.ts'
import { keepPrepared } from '../jobs/preparePreParameters.ts'
import { browserReservations } from '../platform/browser/reservations.ts'
import { memoryPreParameterStore } from './memoryStores.ts'

const set = () => ({}) as unknown as SealedPreParameters

/** Two windows of one browser: one stock, and Web Locks between them. A search ends when the test says so. */
function browser(stock: SealedPreParameters[]) {
  const name = bytesToHex(systemRandom(16))
  const searches: (() => void)[] = []
  const begun = Promise.withResolvers<undefined>()
  const preParameters = memoryPreParameterStore(stock)
  const startEngine = () =>
    ({
      makePreParameters: async () => {
        const found = Promise.withResolvers<SealedPreParameters>()
        searches.push(() => {
          found.resolve(set())
        })
        begun.resolve(undefined)
        return found.promise
      },
      [Symbol.dispose]: () => undefined,
    }) as unknown as Engine
  const exclusively = async (what: string, work: () => Promise<void>) => {
    await navigator.locks.request(`${name} ${what}`, work)
  }
  const window = () => {
    const reservations = browserReservations(navigator.locks, `${name} set `)
    return keepPrepared({ preParameters, startEngine, exclusively, reservations }, () => undefined)
  }
  return { windows: [window(), window()] as const, searches, begun: begun.promise, preParameters }
}

const never = new AbortController().signal

test('two wallets begun at once with one set: the second waits for its own before it gathers anybody', async () => {
  const { windows, searches, begun, preParameters } = browser([set()])
  const [one, other] = windows
  using first = await one.reserve(never)
  let isReserved = false
  const second = other.reserve(never).then((held) => {
    isReserved = true
    return held
  })
  await begun
  assert.equal(isReserved, false)
  searches[0]?.()
  using held = await second
  assert.ok(first !== held)
  assert.deepEqual([await preParameters.count(), searches.length], [2, 1])
  assert.ok((await preParameters.take()) !== undefined && (await preParameters.take()) !== undefined)
})

test('a set that was reserved and not used serves the next wallet', async () => {
  const { windows, searches } = browser([set()])
  const [one] = windows
  const reserved = await one.reserve(never)
  reserved[Symbol.dispose]()
  const cancel = new AbortController()
  await one.reserve(cancel.signal)
  cancel.abort(new Error('the person has cancelled'))
  using again = await one.reserve(never)
  assert.ok(again)
  assert.deepEqual(searches, [])
})
