import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Failure } from '../../failure.ts'
import { reshareTable } from '../../protocols/messages.ts'
import { keygen } from '../../protocols/keygen.ts'
import { sign } from '../../protocols/sign.ts'
import type { Protocol } from '../../protocols/protocol.ts'
import { coverage } from '../../round/echo.ts'
import type { PartyId } from '../../partyId.ts'
import type { Channel } from '../../round/channel.ts'
import { anotherRun, attacked, equivocating, harmless, noise, overheard, stopping } from '../identity/attacks.ts'
import { type Network, seats, tampering } from '../network.ts'
import { company, type Company } from '../parties.ts'
import { results, simulate, type Result, type Setting } from '../simulate.ts'
import { oldShares, reshare, reshareSetting } from './reshareSetting.ts'
import { keygenSetting, signSetting } from './settings.ts'

/** DEEP=1 plays every trick on every kind of message; otherwise each trick on every sixth, each message its share of tricks. */
const stride = process.env['DEEP'] === '1' ? 1 : 6

const twoStories = 'broadcast is the same for everybody'

const friends = await company(2, 3)
const [, two, three, four, five] = seats(5) as [PartyId, PartyId, PartyId, PartyId, PartyId]

function failures({ outcomes }: Result<unknown>): [PartyId, Failure][] {
  return [...outcomes].flatMap(([id, outcome]) => (outcome.ok ? [] : [[id, outcome.failure] as [PartyId, Failure]]))
}

interface Attacked {
  /** Whose envelopes are meddled with. */
  readonly sender: PartyId
  /** One of its readers, who is told another story. */
  readonly victim: PartyId
  /** Those of its readers who compare. */
  readonly readers: readonly PartyId[]
}
type Senders = (round: string) => Attacked

/** Envelopes of an honest run, by who reads them. */
type Heard = ReadonlyMap<PartyId, readonly Uint8Array[]>

/** Every kind of message, by round, and what each reader hears of the sender of that round, in an honest run. */
async function listen<I, O>(protocol: Protocol<I, O>, setting: Setting<I>, run: Company, senders: Senders) {
  const everybody = [...setting.inputs.keys()]
  const rounds = new Set<string>()
  const toReader = new Map(everybody.map((seat) => [seat, [] as Uint8Array[]]))
  const bodies: [private_: boolean, envelope: Uint8Array][] = []
  const honest = await simulate(protocol, {
    ...setting,
    wrap: (channel, id) =>
      overheard(channel, id, run, (to, envelope, round) => {
        rounds.add(round)
        bodies.push([to !== 'everyone', envelope])
        for (const seat of everybody)
          if (id === senders(round).sender && (to === 'everyone' || to === seat)) toReader.get(seat)?.push(envelope)
      }),
  })
  results(honest)
  return { rounds: [...rounds], toReader, bodies }
}

const secondSends: Senders = () => ({ sender: two, victim: three, readers: seats(3).filter((seat) => seat !== two) })

function suiteFor<I, O>(
  name: string,
  protocol: Protocol<I, O>,
  setting: Setting<I>,
  people: Company = friends,
  senders: Senders = secondSends,
): void {
  describe(`a router that attacks ${name}`, () => {
    let rounds: readonly string[]
    let earlier: Heard
    before(async () => {
      ;({ rounds } = await listen(protocol, setting, people, senders))
      earlier = (await listen(protocol, setting, anotherRun(people), senders)).toReader
      assert.ok(rounds.length >= stride, 'every trick has a message to be played on')
    })
    const run = (round: string, trick: (typeof harmless)[string]) =>
      simulate(protocol, {
        ...setting,
        wrap: (channel, id, network) =>
          attacked(channel, id, network, { company: people, sender: senders(round).sender, round, trick, earlier }),
      })

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
          // It was the sender's last one to that reader, or one that nobody needs whose signature verifies.
          if ((trickName.startsWith('after') || round === 'sign 9: s/echo') && failed.length === 0) continue
          assert.ok(failed.length > 0, round)
          for (const [, failure] of failed)
            assert.equal(failure.kind, 'timed-out', `${round}: ${JSON.stringify(failure)}`)
          const named = failed.some(
            ([, failure]) => failure.kind === 'timed-out' && failure.waitingFor.includes(senders(round).sender),
          )
          assert.ok(named, `${round}: ${JSON.stringify(failed)}`)
        }
      })
    }

    it('reads broadcasts, and no private message', async () => {
      const { bodies } = await listen(protocol, setting, people, senders)
      const readable = (envelope: Uint8Array) => Buffer.from(envelope).includes('binance.tsslib')
      assert.ok(bodies.some(([isPrivate, envelope]) => !isPrivate && readable(envelope)))
      assert.ok(bodies.some(([isPrivate]) => isPrivate))
      for (const [isPrivate, envelope] of bodies) assert.ok(!isPrivate || !readable(envelope))
    })

    const namedByAll = (outcome: Result<unknown>, { sender, readers }: Attacked, check: string, round: string) => {
      const failed = failures(outcome).filter(([id]) => readers.includes(id))
      // Whoever was told the true s has a signature, and needs nobody's account of it.
      const isSigned = round === 'sign 9: s' && check === twoStories
      assert.equal(failed.length, isSigned ? 1 : readers.length)
      for (const [, failure] of failed) {
        assert.ok(failure.kind === 'misbehaviour', JSON.stringify(failure))
        assert.deepEqual([failure.culprits, failure.check, failure.detail], [[sender], check, round])
      }
    }
    const cheating = (sender: PartyId, cheat: (channel: Channel, network: Network) => Channel) =>
      simulate(protocol, {
        ...setting,
        wrap: (channel, id, network) =>
          id === sender ? cheat(channel, network) : overheard(channel, id, people, () => undefined),
      })

    for (const { name: round } of [...coverage(setting.table).values()].flat()) {
      const said = senders(round)
      const { sender, victim } = said
      for (const [story, lie] of [
        ['another story', undefined],
        ['noise', noise],
      ] as const) {
        it(`is told apart from a party that tells one reader ${story} in ${round}: all who lack a result name that party`, async () => {
          const outcome = await cheating(sender, (channel, network) =>
            equivocating(channel, sender, network, { company: people, round, victim, ...(lie && { lie }) }),
          )
          namedByAll(outcome, said, twoStories, round)
        })
      }

      it(`is told apart from a party that sends noise in ${round}: all name it`, async () => {
        const outcome = await cheating(sender, (channel) =>
          tampering(
            overheard(channel, sender, people, () => undefined),
            round,
            (message) => [{ ...message, body: noise() }],
          ),
        )
        namedByAll(outcome, said, 'message is well formed', round)
      })
    }
  })
}

suiteFor('keygen', keygen, keygenSetting(2, 3))
suiteFor('signing', sign, signSetting())

/** Seats 1 and 2 deal to 3, 4 and 5. */
const resharing: Senders = (round) => {
  const isOld = reshareTable.some(({ name, route }) => name === round && route?.from === 'old')
  const newMembers = [three, four, five]
  return isOld
    ? { sender: two, victim: three, readers: newMembers }
    : { sender: four, victim: three, readers: [three, five] }
}
suiteFor('resharing', reshare, reshareSetting(oldShares.slice(0, 2), 2, 3), await company(2, 5), resharing)
