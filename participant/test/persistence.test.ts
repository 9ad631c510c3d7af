import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Code, ConnectError } from '@connectrpc/connect'
import { deviceClock } from '../../tss-wasm/round/clock.ts'
import { virtualMachine } from '../../tss-wasm/test/round/virtualClock.ts'
import type { StreamPlaces } from '../connection/asking.ts'
import { patient, persistence, type Surroundings } from '../connection/persistence.ts'

const never = new AbortController().signal
const away = () => Promise.reject(new ConnectError('no way to the coordinator', Code.Unavailable))

function rig(surroundings: Surroundings = {}) {
  const machine = virtualMachine()
  const persistently = persistence((length) => new Uint8Array(length), patient, {
    clock: deviceClock(machine, machine.wallMs),
    ...surroundings,
  })
  return { machine, persistently }
}

/** What a promise has come to, without waiting for it. */
function watched(promise: Promise<unknown>): { end: string } {
  const seen = { end: 'waiting' }
  promise.then(
    (value) => (seen.end = String(value)),
    (error: unknown) => (seen.end = String(error)),
  )
  return seen
}

describe('a call that nobody answers', () => {
  it('is given up after a minute of attempts', async () => {
    const { machine, persistently } = rig()
    const call = watched(persistently.call(away, never))
    await machine.pass(55_000)
    assert.equal(call.end, 'waiting')
    await machine.pass(12_000)
    assert.match(call.end, /disconnected/)
  })

  it('is not given up because the device slept, and then is tried for a whole minute again', async () => {
    const { machine, persistently } = rig()
    let isBack = false
    const call = watched(persistently.call(() => (isBack ? Promise.resolve('answered') : away()), never))
    await machine.pass(50_000)
    machine.sleep(75_000, 'timers run on')
    await machine.pass(50_000)
    assert.equal(call.end, 'waiting')
    isBack = true
    await machine.pass(6000)
    assert.equal(call.end, 'answered')
  })

  it('is made for as long as the session lives, where somebody is awaited: two minutes without a network', async () => {
    const { machine, persistently } = rig()
    const session = new AbortController()
    let isBack = false
    const said = () => (isBack ? Promise.resolve('said') : away())
    const call = watched(persistently.call(said, session.signal, 'until-ended'))
    const other = watched(persistently.call(away, session.signal, 'until-ended'))
    await machine.pass(120_000)
    isBack = true
    await machine.pass(6000)
    assert.equal(call.end, 'said')
    assert.equal(other.end, 'waiting')
    session.abort(new Error('the session has ended'))
    await machine.pass(6000)
    assert.match(other.end, /the session has ended/)
  })
})

describe('a stream', () => {
  it('is opened anew as soon as the device wakes: its connection seldom outlives that', async () => {
    const { machine, persistently } = rig()
    let opened = 0
    const silent = async function* () {
      opened += 1
      yield opened
      await new Promise(() => undefined)
    }
    const stream = persistently.stream(silent, never, { insistence: 'until-ended' })
    const first = watched(stream.next())
    await machine.pass(10)
    assert.equal(first.end, '[object Object]')
    const second = watched(stream.next())
    await machine.pass(10_000)
    assert.equal(opened, 1)
    machine.sleep(75_000, 'timers stand still')
    await machine.pass(2000)
    assert.equal(opened, 2)
    assert.equal(second.end, '[object Object]')
  })
})

/** A coordinator that has so many things to tell, and a stream of them that a proxy holds back, or does not. */
function telling({ isHeldBack }: { readonly isHeldBack: () => boolean }) {
  const seen = { opened: 0, asked: 0 }
  let [told, has] = [0, 0]
  const news = () => {
    const all = Array.from({ length: has - told }, (_, at) => told + at + 1)
    told = has
    return all
  }
  return {
    seen,
    tell() {
      has += 1
    },
    open: async function* () {
      seen.opened += 1
      if (isHeldBack()) await new Promise(() => undefined)
      yield 0
      yield* news()
      await new Promise(() => undefined)
    },
    instead: {
      kind: 'messages',
      ask() {
        seen.asked += 1
        return Promise.resolve({ news: news() })
      },
    },
  } as const
}

/** Reads a stream for ever. */
function reading(stream: AsyncGenerator<number, never>): { readonly got: number[]; end: string } {
  const seen = { got: [] as number[], end: 'open' }
  const read = async () => {
    for await (const one of stream) seen.got.push(one)
  }
  read().catch((error: unknown) => (seen.end = String(error)))
  return seen
}

describe('a stream that a proxy holds back while calls are answered', () => {
  it('is asked for instead, from its first silence on, and no stream is tried for two minutes', async () => {
    const { machine, persistently } = rig()
    const one = telling({ isHeldBack: () => true })
    const read = reading(persistently.stream(() => one.open(), never, { instead: one.instead }))
    one.tell()
    await machine.pass(6000)
    assert.deepEqual(read.got, [1])
    for (let at = 0; at < 20; at += 1) {
      one.tell()
      await machine.pass(2500)
    }
    assert.equal(read.got.length, 21)
    assert.equal(one.seen.opened, 1)

    const other = telling({ isHeldBack: () => true })
    const alsoRead = reading(persistently.stream(() => other.open(), never, { instead: other.instead }))
    other.tell()
    await machine.pass(1000)
    assert.deepEqual([alsoRead.got, other.seen.opened], [[1], 0], 'what happened to one would happen to all')

    await machine.pass(120_000)
    const { opened, asked } = one.seen
    assert.equal(opened, 2, 'the proxy may be gone')
    assert.ok(asked < 150, `${asked} calls`)
  })

  it('is a stream again once nobody holds it back', async () => {
    const { machine, persistently } = rig()
    const one = telling({ isHeldBack: () => machine.now() < 60_000 })
    const read = reading(persistently.stream(() => one.open(), never, { instead: one.instead }))
    await machine.pass(130_000)
    assert.deepEqual([one.seen.opened, read.got], [2, [0]])
  })

  it('is noticed also where the first word gets through', async () => {
    const { machine, persistently } = rig()
    const one = telling({ isHeldBack: () => false })
    const read = reading(persistently.stream(() => one.open(), never, { instead: one.instead }))
    await machine.pass(500)
    one.tell() // the stream says nothing of it
    await machine.pass(3000)
    one.tell()
    await machine.pass(2500)
    assert.deepEqual([read.got, one.seen.opened], [[0, 1, 2], 1])
  })

  it('is not suspected where heartbeats come', async () => {
    const { machine, persistently } = rig()
    const beating = async function* () {
      for (;;) {
        yield 0
        await new Promise<void>((resolve) => machine.after(10_000, resolve))
      }
    }
    const { instead, seen } = telling({ isHeldBack: () => false })
    const read = reading(persistently.stream(beating, never, { instead }))
    await machine.pass(300_000)
    assert.equal(read.got.length, 31)
    assert.equal(seen.asked, 3, 'until the second word')
  })

  it('is given up like any other when calls are not answered either', async () => {
    const { machine, persistently } = rig()
    const silent = { open: () => telling({ isHeldBack: () => true }).open(), ask: away }
    const read = reading(persistently.stream(silent.open, never, { instead: { kind: 'messages', ask: silent.ask } }))
    await machine.pass(50_000)
    assert.equal(read.end, 'open')
    await machine.pass(30_000)
    assert.match(read.end, /disconnected/)
  })
})

describe('a stream that the server has no room for', () => {
  it('is asked for until there is one', async () => {
    let free = 0
    const places: StreamPlaces = {
      take: () => Promise.resolve(free > 0 ? { [Symbol.dispose]: () => undefined } : undefined),
    }
    const { machine, persistently } = rig({ places })
    const one = telling({ isHeldBack: () => false })
    const read = reading(persistently.stream(() => one.open(), never, { instead: one.instead }))
    one.tell()
    await machine.pass(3000)
    assert.deepEqual([one.seen.opened, read.got], [0, [1]])
    free = 1
    await machine.pass(8000)
    assert.deepEqual([one.seen.opened, read.got], [1, [1, 0]])
  })
})
