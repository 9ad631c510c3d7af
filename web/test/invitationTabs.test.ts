import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inSeat } from '../../participant/session/inSeat.ts'
import type { Seat } from '../../participant/session/seat.ts'
import { failureIn, ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { CommandPorts } from '../app/commands/commands.ts'
import { asking } from '../app/commands/asking.ts'
import { creating } from '../app/commands/creating.ts'
import type { InvitedTo } from '../jobs/joinByInvitation.ts'
import { browserWalletLocks } from '../platform/browser/walletLocks.ts'
import { invitationTo, script, testPorts } from './doubles.ts'

/** One tab of a browser, and what came of the ceremony that it began. */
function tab(joined: string[], name: string) {
  const ports = testPorts(script())
  const answer = Promise.withResolvers<never>()
  answer.promise.catch(() => undefined)
  const join: typeof ports.coordinator.join = () => {
    joined.push(name)
    return answer.promise
  }
  const asked = {
    ...ports,
    coordinator: { ...ports.coordinator, join },
    walletLocks: browserWalletLocks(navigator.locks),
  }
  const ends: unknown[] = []
  const run = async (_: unknown, job: (watch: () => void, signal: AbortSignal) => Promise<unknown>) => {
    ends.push(await job(() => undefined, new AbortController().signal).catch(failureIn))
  }
  const running = { run, cancel: () => undefined, dismiss: () => undefined }
  const commands = creating(asked as unknown as CommandPorts, running, asking())
  return {
    commands,
    ends,
    end: () => {
      answer.reject(new ProtocolAbort({ kind: 'cancelled' }))
    },
  }
}

const invitedTo = (seat: number) =>
  ({
    invitation: invitationTo(seat as PartyId),
    walletName: 'Club',
    threshold: 2,
    parties: 3,
    seat,
    seen: {},
  }) as unknown as InvitedTo
const passphrase = () => new TextEncoder().encode('quite a long phrase')

test('a guest who opens the link in two tabs joins once; the second is told where, and harms nothing', async () => {
  const joined: string[] = []
  const [first, second] = [tab(joined, 'first'), tab(joined, 'second')]
  const joining = first.commands.join(invitedTo(2), 'Ben', passphrase())
  while (joined.length === 0 && first.ends.length === 0) await new Promise(setImmediate)
  const typed = passphrase()
  await second.commands.join(invitedTo(2), 'Ben', typed)
  assert.deepEqual(second.ends, [
    { kind: 'refused', what: 'invitation-open-elsewhere', detail: 'another tab has its lock' },
  ])
  assert.ok(
    typed.every((byte) => byte === 0),
    'overwritten',
  )
  assert.deepEqual([joined, first.ends], [['first'], []])
  first.end()
  await joining

  const again = tab(joined, 'again')
  again.end()
  await again.commands.join(invitedTo(2), 'Ben', passphrase())
  assert.deepEqual(joined, ['first', 'again'], 'free again once the first tab is through')
})

test('who finds its run taken by another client of the same person leaves without failing it', async () => {
  const log: string[] = []
  const seat = {
    leave: () => log.push('leave'),
    fail: (failure: { kind: string }) => Promise.resolve(log.push(`fail ${failure.kind}`)),
  } as unknown as Seat
  await assert.rejects(inSeat(seat, () => Promise.reject(refused('replayed-run', 'this run was taken part in before'))))
  await assert.rejects(inSeat(seat, () => Promise.reject(new ProtocolAbort({ kind: 'cancelled' }))))
  assert.deepEqual(log, ['leave', 'fail cancelled'])
})
