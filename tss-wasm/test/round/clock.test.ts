import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock } from '../../round/clock.ts'

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
