import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../failure.ts'
import { secured } from '../../identity/envelope.ts'
import { encodeEvidence, type SignedHeader, verifyEvidence } from '../../identity/evidence.ts'
import { fingerprint } from '../../identity/identity.ts'
import { encodeRoster, type Roster } from '../../identity/roster.ts'
import { sha256 } from '@noble/hashes/sha2.js'
import { signed } from '../../identity/signed.ts'
import { bindingOf, everyone, type Header, signedPart } from '../../identity/signedPart.ts'
import type { Outgoing } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { openMailbox, type Broadcast, type Round } from '../../round/mailbox.ts'
import { Network, seats } from '../network.ts'
import { company, identityOf, type Company } from '../parties.ts'

const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]
const codec = { encode: (value: Uint8Array) => value, decode: (value: Uint8Array) => value }
const echoed: Broadcast<Uint8Array> = { kind: 'broadcast', name: 'r', codec, echoed: true }
const told: Broadcast<Uint8Array> = { kind: 'broadcast', name: 'told', codec }

describe('evidence that anybody can check', () => {
  let friends: Company
  before(async () => {
    friends = await company(2, 3)
  })

  const channelOf = (network: Network, me: PartyId) =>
    secured(network.channel(me), { identity: identityOf(friends, me), roster: friends.roster, me })

  /** Two whole runs of one sender, so that every number is used twice; what the reader says of it. */
  async function caught(first: readonly Outgoing[], second: readonly Outgoing[], rounds: readonly Round[]) {
    const network = new Network(seats(3))
    const mail = openMailbox(channelOf(network, one), { me: one, peers: [two, three], rounds, deadlineMs: 60_000 })
    const heard = mail.collect(told)
    heard.catch(() => undefined)
    for (const messages of [first, second]) {
      const sender = channelOf(network, two)
      for (const message of messages) await sender.send(message)
    }
    return evidenceIn(
      await heard.then(
        () => undefined,
        (error: unknown) => error,
      ),
    )
  }

  function evidenceIn(error: unknown) {
    assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'misbehaviour', String(error))
    const { check, culprits, evidence } = error.failure
    assert.ok(evidence)
    return { check, culprits, evidence }
  }

  async function assertShows(
    evidence: Uint8Array,
    deed: 'number' | 'round',
    rounds: readonly [string, string],
  ): Promise<void> {
    const shown = await verifyEvidence(evidence)
    assert.equal(shown.seat, two)
    assert.equal(shown.fingerprint, fingerprint(identityOf(friends, two).public))
    assert.deepEqual([shown.deed, shown.rounds, shown.session], [deed, rounds, friends.roster.session])
  }

  const say = (words: string, round = 'told'): Outgoing => ({ to: 'everyone', round, body: utf8ToBytes(words) })
  const other: Broadcast<Uint8Array> = { kind: 'broadcast', name: 'other', codec }

  it('names who signs two broadcasts under one number', async () => {
    const { check, culprits, evidence } = await caught([say('yes', 'other')], [say('no', 'other')], [told, other])
    assert.deepEqual([check, culprits], ['one envelope per sequence number', [two]])
    await assertShows(evidence, 'number', ['other', 'other'])
  })

  it('names who signs two private messages under one number, of which nobody else can read either', async () => {
    const whisper = (words: string): Outgoing => ({ to: one, round: 'closed', body: utf8ToBytes(words) })
    const closed: Round = { kind: 'private', name: 'closed', codec }
    const { evidence } = await caught([whisper('yes')], [whisper('no')], [told, closed])
    await assertShows(evidence, 'number', ['closed', 'closed'])
    assert.ok(!new TextDecoder().decode(evidence).includes('yes'))
  })

  it('names who speaks twice in a round', async () => {
    const { check, evidence } = await caught([say('yes', 'other'), say('no', 'other')], [], [told, other])
    assert.equal(check, 'one message per sender')
    await assertShows(evidence, 'round', ['other', 'other'])
  })

  it('names who tells two readers different things, by the words of both readers', async () => {
    const network = new Network(seats(3))
    const mailAt = (me: PartyId, channel = channelOf(network, me)) =>
      openMailbox(channel, { me, peers: seats(3).filter((peer) => peer !== me), rounds: [echoed], deadlineMs: 60_000 })
    const lies: Uint8Array[] = []
    const away = secured(
      {
        next: () => Promise.withResolvers<never>().promise,
        send: ({ body }) => {
          lies.push(body)
          return Promise.resolve()
        },
      },
      { identity: identityOf(friends, two), roster: friends.roster, me: two },
    )
    await away.send({ to: 'everyone', round: 'r', body: utf8ToBytes('no') })
    const below = network.channel(two)
    const twoFaced = secured(
      {
        next: () => below.next(),
        send: (message) => {
          if (message.round !== 'r') return below.send(message)
          network.deliver(one, { ...message, from: two })
          network.deliver(three, { ...message, from: two, body: lies[0] ?? new Uint8Array() })
          return Promise.resolve()
        },
      },
      { identity: identityOf(friends, two), roster: friends.roster, me: two },
    )
    const outcomes = await Promise.allSettled(
      [mailAt(one), mailAt(two, twoFaced), mailAt(three)].map(async (mail) => {
        await mail.broadcast(echoed, utf8ToBytes('yes'))
        await mail.collect(echoed)
      }),
    )
    for (const at of [0, 2]) {
      const outcome = outcomes[at]
      assert.ok(outcome?.status === 'rejected')
      const { check, culprits, evidence } = evidenceIn(outcome.reason)
      assert.deepEqual([check, culprits], ['broadcast is the same for everybody', [two]])
      await assertShows(evidence, 'number', ['r', 'r'])
    }
  })

  describe('shows nothing', () => {
    const digest = (words: string) => sha256(utf8ToBytes(words))

    async function statement(changes: Partial<Header> = {}, words = 'yes', by = two): Promise<SignedHeader> {
      const header: Header = { from: two, to: everyone, sequence: 0, round: 'r', ...changes }
      const part = signedPart(bindingOf(friends.roster), header, digest(words))
      return { ...header, digest: digest(words), signature: await signed('envelope', part, identityOf(friends, by)) }
    }
    const file = (a: SignedHeader, b: SignedHeader, roster: Roster = friends.roster) => encodeEvidence(roster, [a, b])
    const refused = (bytes: Uint8Array, reason: RegExp) => assert.rejects(verifyEvidence(bytes), reason)

    it('of what an honest party signs', async () => {
      const yes = await statement()
      await refused(file(yes, yes), /an honest party signs both/)
      await refused(file(yes, await statement({ sequence: 1, round: 's' }, 'no')), /an honest party signs both/)
      await refused(file(yes, await statement({ sequence: 1 })), /an honest party signs both/)
      await refused(file(yes, await statement({ to: one }, 'no')), /for different readers/)
      const theirs = await statement({ from: three }, 'no', three)
      await refused(file(yes, theirs), /of different parties/)
    })

    it('when it is forged', async () => {
      const yes = await statement()
      await refused(file(yes, await statement({}, 'no', three)), /party 2 has not signed statement 2 in this run/)
      await refused(file({ ...yes, digest: digest('no') }, yes), /not signed statement 1/)
      await refused(file({ ...yes, sequence: 7 }, await statement({}, 'no')), /not signed statement 1/)
      await refused(file({ ...yes, round: 's' }, await statement({}, 'no')), /not signed statement 1/)
      // Of two runs: each signature is good in its own.
      const otherRun = { ...friends.roster, run: new Uint8Array(16).fill(9) }
      await refused(file(yes, await statement({}, 'no'), otherRun), /not signed statement 1/)
      const seat = friends.roster.seats.map((each) =>
        each.seat === two ? { ...each, identity: { ...each.identity, signingKey: digest('mine') } } : each,
      )
      await refused(file(yes, await statement({}, 'no'), { ...friends.roster, seats: seat }), /not signed/)
    })

    it('when it is no evidence, or says more than it may', async () => {
      const good = file(await statement(), await statement({}, 'no'))
      assert.equal((await verifyEvidence(good)).deed, 'number')
      const words = new TextDecoder().decode(good)
      const changed = (from: string | RegExp, to: string) => {
        assert.notEqual(words.replace(from, to), words)
        return utf8ToBytes(words.replace(from, to))
      }
      await refused(new Uint8Array([0xff]), /UTF-8 JSON/)
      await refused(utf8ToBytes('{}'), /format/)
      await refused(changed('evidence/1', 'evidence/2'), /format/)
      await refused(changed('"from":2', '"from":2,"says":"x"'), /statements/)
      await refused(changed('"from":2', '"from":0'), /statements/)
      await refused(changed(/"roster":"[0-9a-f]+"/, '"roster":"7b7d"'), /roster is none/)
      const spaced = Buffer.from(` ${new TextDecoder().decode(encodeRoster(friends.roster))}`).toString('hex')
      await refused(changed(/"roster":"[0-9a-f]+"/, `"roster":"${spaced}"`), /roster is none/)
      await refused(new Uint8Array(300 * 1024), /at most/)
    })
  })
})
