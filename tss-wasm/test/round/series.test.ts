import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Outgoing } from '../../round/channel.ts'
import { openMailbox } from '../../round/mailbox.ts'
import { mailAt, seriesOf, seriesTable, sideBySide } from '../../round/series.ts'
import { ManualClock, Network, recorded } from '../network.ts'
import { first, one, second, two } from './rounds.ts'

const rounds = [first, second]

describe('a series', () => {
  it('of one keeps the names of the protocol', () => {
    assert.deepEqual(seriesTable(rounds, 1), rounds)
  })

  it('has rounds of its own each time, alike but for the name', () => {
    const table = seriesTable(rounds, 2)
    assert.deepEqual(
      table.map(({ name }) => name),
      ['1/first', '1/second', '2/first', '2/second'],
    )
    assert.deepEqual(table[3], { ...second, name: '2/second' })
  })

  it('keeps apart what is sent and collected at each time', async () => {
    const network = new Network([one, two])
    const sent: Outgoing[] = []
    const open = (me: typeof one, peer: typeof one) =>
      openMailbox(recorded(network.channel(me), sent), {
        me,
        peers: [peer],
        rounds: seriesTable(rounds, 2),
        deadlineMs: 1000,
        clock: new ManualClock(),
      })
    const [mine, theirs] = [open(one, two), open(two, one)]
    const later = mailAt(theirs, 1, 2)
    await later.broadcast(first, 21)
    await later.sendTo(one, second, 22)
    const earlier = mailAt(theirs, 0, 2)
    await earlier.broadcast(first, 11)
    await earlier.sendTo(one, second, 12)
    const got = async (time: number) => {
      const mail = mailAt(mine, time, 2)
      return [(await mail.collect(first)).get(two), (await mail.collect(second)).get(two)]
    }
    assert.deepEqual([await got(0), await got(1)], [[11, 12], [21, 22]]) // prettier-ignore
    assert.deepEqual(
      sent.map(({ round, to }) => [round, to]),
      [
        ['2/first', 'everyone'],
        ['2/second', one],
        ['1/first', 'everyone'],
        ['1/second', one],
      ],
    )
  })
  it('has as many rounds each time as that time needs', () => {
    const names = seriesOf([[first], [first, second]]).map(({ name }) => name)
    assert.deepEqual(names, ['1/first', '2/first', '2/second'])
  })

  it('side by side ends whole when one of its runs fails, and none goes on', async () => {
    const network = new Network([one, two])
    const mail = openMailbox(network.channel(one), {
      me: one,
      peers: [two],
      rounds: seriesTable(rounds, 2),
      deadlineMs: 1000,
      clock: new ManualClock(),
    })
    const failing = Promise.withResolvers<never>()
    let ended = ''
    const running = sideBySide(mail, [
      // Waits for a message that never comes, and would then speak.
      (shared) =>
        mailAt(shared, 0, 2)
          .collect(first)
          .catch((error: unknown) => {
            ended = String(error)
            throw error
          }),
      () => failing.promise,
    ])
    failing.reject(new Error('somebody cheats'))
    await assert.rejects(running, /somebody cheats/)
    assert.match(ended, /somebody cheats/)
  })

  it('side by side gives what each run gives', async () => {
    const mail = openMailbox(new Network([one, two]).channel(one), {
      ...{ me: one, peers: [two], rounds, deadlineMs: 1000, clock: new ManualClock() },
    })
    const runs = [1, 2].map((value) => () => Promise.resolve(value))
    assert.deepEqual(await sideBySide(mail, runs), [1, 2])
  })
})
