import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Code, ConnectError } from '@connectrpc/connect'
import { deviceClock } from '../../tss-wasm/round/clock.ts'
import { virtualMachine } from '../../tss-wasm/test/round/virtualClock.ts'
import { patient, persistence } from '../connection/persistence.ts'

const never = new AbortController().signal
const away = () => Promise.reject(new ConnectError('no way to the coordinator', Code.Unavailable))

function rig() {
  const machine = virtualMachine()
  const persistently = persistence(
    (length) => new Uint8Array(length),
    patient,
    undefined,
    deviceClock(machine, machine.wallMs),
  )
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
