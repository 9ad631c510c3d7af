import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Failure } from '../../failure.ts'
import { keygen } from '../../protocols/keygen.ts'
import { sign } from '../../protocols/sign.ts'
import type { Protocol } from '../../protocols/protocol.ts'
import type { PartyId } from '../../partyId.ts'
import { anotherRun, attacked, equivocating, harmless, overheard, stopping } from '../identity/attacks.ts'
import { seats } from '../network.ts'
import { company } from '../parties.ts'
import { results, simulate, type Result, type Setting } from '../simulate.ts'
import { keygenSetting, signSetting } from './settings.ts'

/** DEEP=1 plays every trick on every kind of message; otherwise each trick on every sixth, each message its share of tricks. */
const stride = process.env['DEEP'] === '1' ? 1 : 6

const friends = await company(2, 3)
const [, two, three] = seats(3) as [PartyId, PartyId, PartyId]

function failures({ outcomes }: Result<unknown>): [PartyId, Failure][] {
  return [...outcomes].flatMap(([id, outcome]) => (outcome.ok ? [] : [[id, outcome.failure] as [PartyId, Failure]]))
}

/** Every kind of message, by round, and what each reader hears of party 2, in an honest run. */
async function listen<I, O>(protocol: Protocol<I, O>, setting: Setting<I>, run = friends) {
  const rounds = new Set<string>()
  const toReader = new Map(seats(3).map((seat) => [seat, [] as Uint8Array[]]))
  const bodies: [private_: boolean, envelope: Uint8Array][] = []
  const honest = await simulate(protocol, {
    ...setting,
    wrap: (channel, id) =>
      overheard(channel, id, run, (to, envelope, round) => {
        rounds.add(round)
        bodies.push([to !== 'everyone', envelope])
        for (const seat of seats(3))
          if (id === two && (to === 'everyone' || to === seat)) toReader.get(seat)?.push(envelope)
      }),
  })
  results(honest)
  return { rounds: [...rounds], toReader, bodies }
}

function suiteFor<I, O>(name: string, protocol: Protocol<I, O>, setting: Setting<I>): void {
  describe(`a router that attacks ${name}`, async () => {
    const { rounds } = await listen(protocol, setting)
    const earlier = (await listen(protocol, setting, anotherRun(friends))).toReader
    const run = (round: string, trick: (typeof harmless)[string]) =>
      simulate(protocol, {
        ...setting,
        wrap: (channel, id, network) =>
          attacked(channel, id, network, { company: friends, sender: two, round, trick, earlier }),
      })

    assert.ok(rounds.length >= stride, 'every trick has a message to be played on')
    const some = (turn: number) => rounds.filter((_, i) => (i + turn) % stride === 0)
    for (const [turn, [trickName, trick]] of Object.entries(harmless).entries()) {
      it(`delivers each kind of message ${trickName}: no effect`, async () => {
        for (const round of some(turn)) assert.deepEqual(failures(await run(round, trick)), [], round)
      })
    }
    for (const [turn, [trickName, trick]] of Object.entries(stopping).entries()) {
      it(`delivers each kind of message ${trickName}: its sender is awaited, nobody is blamed`, async () => {
        for (const round of some(turn)) {
          const failed = failures(await run(round, trick))
          if (trickName.startsWith('after') && failed.length === 0) continue // it was the sender's last one to that reader
          assert.ok(failed.length > 0, round)
          for (const [, failure] of failed)
            assert.equal(failure.kind, 'timed-out', `${round}: ${JSON.stringify(failure)}`)
          const named = failed.some(([, failure]) => failure.kind === 'timed-out' && failure.waitingFor.includes(two))
          assert.ok(named, `${round}: ${JSON.stringify(failed)}`)
        }
      })
    }

    it('reads broadcasts, and no private message', async () => {
      const { bodies } = await listen(protocol, setting)
      const readable = (envelope: Uint8Array) => Buffer.from(envelope).includes('binance.tsslib')
      assert.ok(bodies.some(([isPrivate, envelope]) => !isPrivate && readable(envelope)))
      assert.ok(bodies.some(([isPrivate]) => isPrivate))
      for (const [isPrivate, envelope] of bodies) assert.ok(!isPrivate || !readable(envelope))
    })

    it('that tells two stories for a party is told apart from a party that does', async () => {
      for (const { name: round, kind, ...rest } of setting.table) {
        if (kind !== 'broadcast' || !('echoed' in rest)) continue
        const outcome = await simulate(protocol, {
          ...setting,
          wrap: (channel, id, network) =>
            id === two
              ? equivocating(channel, id, network, { company: friends, round, victim: three })
              : overheard(channel, id, friends, () => undefined),
        })
        const failed = failures(outcome).filter(([id]) => id !== two)
        assert.equal(failed.length, 2)
        for (const [, failure] of failed) {
          assert.ok(failure.kind === 'misbehaviour', JSON.stringify(failure))
          assert.deepEqual([failure.culprits, failure.check], [[two], `${round}: broadcast is the same for everybody`])
        }
      }
    })
  })
}

suiteFor('keygen', keygen, keygenSetting(2, 3))
suiteFor('signing', sign, signSetting())
