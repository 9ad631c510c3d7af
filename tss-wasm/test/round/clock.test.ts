import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deviceClock, systemClock } from '../../round/clock.ts'
import { virtualMachine } from './virtualClock.ts'

it('the clock of the machine runs on, calls back in time, and not after it was told not to', async () => {
  const before = systemClock.now()
  const called: string[] = []
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const cancel = systemClock.after(5, () => called.push('cancelled'))
  systemClock.after(20, () => {
    called.push('due')
    resolve(undefined)
  })
  cancel()
  await promise
  assert.deepEqual(called, ['due'])
  assert.ok(systemClock.now() - before >= 19, String(systemClock.now() - before))
})

describe('the clock of a device', () => {
  it('calls back in order, each in its time, however many wait', async () => {
    const machine = virtualMachine()
    const clock = deviceClock(machine, machine.wallMs)
    const called: string[] = []
    const note = (milliseconds: number) =>
      clock.after(milliseconds, () => called.push(`${milliseconds} at ${machine.now()}`))
    note(3500)
    note(200)
    await machine.pass(700)
    note(1000)
    const cancel = note(5000)
    cancel()
    await machine.pass(10_000)
    assert.deepEqual(called, ['200 at 200', '1000 at 1700', '3500 at 3500'])
  })

  for (const own of ['timers run on', 'timers stand still'] as const) {
    it(`stands still while the device sleeps, and who waited waits as long again: ${own}`, async () => {
      const machine = virtualMachine()
      const clock = deviceClock(machine, machine.wallMs)
      const events: string[] = []
      clock.onWake(() => events.push('woke'))
      clock.after(30_000, () => events.push('due'))
      await machine.pass(25_000)
      machine.sleep(120_000, own)
      await machine.pass(29_000)
      assert.deepEqual(events, ['woke'])
      assert.ok(clock.now() < 60_000, String(clock.now()))
      await machine.pass(2000)
      assert.deepEqual(events, ['woke', 'due'])
    })
  }

  it('is not taken for asleep when it is only busy', async () => {
    const machine = virtualMachine()
    const clock = deviceClock(machine, machine.wallMs)
    const events: string[] = []
    clock.onWake(() => events.push('woke'))
    clock.after(4000, () => events.push('due'))
    machine.sleep(8000, 'timers run on') // a long computation
    await machine.pass(10)
    assert.deepEqual(events, ['due'])
  })
})
