import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { type DeliveryCheck, ecdsaChecks, explain, protocolChecks, type ProtocolCheck } from '../../checks.ts'
import { keygen } from '../../protocols/keygen.ts'
import { reshareRounds, signRounds } from '../../protocols/messages.ts'
import { sign } from '../../protocols/sign.ts'
import type { Channel, Outgoing } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import type { Broadcast } from '../../round/mailbox.ts'
import { type Network, silent, tampering } from '../network.ts'
import { assertEverybodyNames, cheater, failureOf, honest, withCheater } from '../withCheater.ts'
import { keygenCheats, keygenInputs, keygenTable } from './keygenCheats.ts'
import { reshareCheats, reshareCheatSetting } from './reshareCheats.ts'
import { reshare, type ReshareInput } from './reshareSetting.ts'
import { signCheats, signInputs, signTable } from './signCheats.ts'

const [one, other] = honest
const keygenSetting = { table: keygenTable, inputs: keygenInputs }
const signSetting = { table: signTable, inputs: signInputs }
const tripped = new Set<string>()

describe('a cheater in keygen', () => {
  for (const cheating of keygenCheats) {
    it(`with ${cheating.name} fails "${cheating.check}"`, async () => {
      assertEverybodyNames(await withCheater(keygen, keygenSetting, cheating), cheating)
      tripped.add(cheating.check)
    })
  }
})

describe('a cheater in signing', () => {
  for (const cheating of signCheats) {
    it(`with ${cheating.name} fails "${cheating.check}"`, async () => {
      const result = await withCheater(sign, signSetting, cheating)
      assertEverybodyNames(result, cheating)
      tripped.add(cheating.check)
      const early =
        checkedBefore('signature verifies', cheating.check) && checkedBefore('s is a scalar', cheating.check)
      assert.equal(
        result.said.some(({ round }) => round === signRounds.signatureShare.name),
        !early,
        'no signature share leaves before everything else is checked',
      )
    })
  }
})

describe('a cheater in resharing', () => {
  const { old: dealing, new: receiving } = reshareCheatSetting.committees ?? assert.fail()

  for (const cheating of reshareCheats) {
    it(`with ${cheating.name} fails "${cheating.check}", before anybody has stored or erased anything`, async () => {
      const stored: PartyId[] = []
      const inputs = new Map(
        [...reshareCheatSetting.inputs].map(([id, input]): [PartyId, ReshareInput] => {
          const keep = () => Promise.resolve(void stored.push(id))
          return [id, 'fresh' in input ? { fresh: { ...input.fresh, keep } } : input]
        }),
      )
      const result = await withCheater(reshare, { ...reshareCheatSetting, inputs }, cheating)
      const listeners = receiving.filter((id) => id !== cheating.cheater)
      assertEverybodyNames(result, { culprits: () => [cheating.cheater], ...cheating }, listeners)
      tripped.add(cheating.check)
      assert.deepEqual(
        stored.filter((id) => id !== cheating.cheater),
        [],
      )
      assert.ok(!result.said.some(({ round }) => round === reshareRounds.stored.name))
      for (const id of dealing.filter((one) => one !== cheating.cheater)) {
        const failure = failureOf(result, id)
        assert.ok(failure.kind === 'timed-out', 'old members listen to nothing that could be false')
        assert.ok(failure.waitingFor.every((awaited) => receiving.includes(awaited)))
      }
    })
  }

  const [dealer, receiver] = [dealing[1] ?? assert.fail(), receiving[1] ?? assert.fail()]
  it('that keeps its no-small-factor proof to itself has nobody store or erase anything', async () => {
    const channel = (to: Channel) => silent(to, reshareRounds.noSmallFactor.name)
    const result = await withCheater(reshare, reshareCheatSetting, { cheater: receiver, channel })
    for (const id of receiving.filter((one) => one !== receiver)) {
      const failure = failureOf(result, id)
      assert.ok(failure.kind === 'timed-out')
      assert.deepEqual(failure.waitingFor, [receiver])
    }
    assert.ok(!result.said.some(({ round }) => round === reshareRounds.stored.name))
  })

  it('that says what only the other committee says is named', async () => {
    const channel = (to: Channel): Channel => ({
      ...to,
      async send(message) {
        await to.send(message)
        if (message.round === reshareRounds.commitment.name) {
          await to.send({ to: 'everyone', round: reshareRounds.ready.name, body: reshareRounds.ready.codec.encode({}) })
        }
      },
    })
    const result = await withCheater(reshare, reshareCheatSetting, { cheater: dealer, channel })
    const check = 'sender speaks in this round'
    const detail = reshareRounds.ready.name
    for (const id of [...dealing, ...receiving].filter((one) => one !== dealer)) {
      assert.deepEqual(failureOf(result, id), { kind: 'misbehaviour', culprits: [dealer], check, detail })
    }
    assert.ok(explain(check) !== undefined)
  })

  for (const [round, teller] of [
    [reshareRounds.commitment, dealer],
    [reshareRounds.moduli, receiver],
  ] as const) {
    it(`that tells two stories in "${round.name}" stops everybody before anything is stored`, async () => {
      const another = (body: Uint8Array): Uint8Array =>
        round === reshareRounds.commitment
          ? round.codec.encode({ ...round.codec.decode(body), commitment: 5n })
          : reshareRounds.moduli.codec.encode({ ...reshareRounds.moduli.codec.decode(body), paillierN: 5n })
      const channel = (to: Channel, network: Network): Channel => ({
        ...to,
        async send(message) {
          if (message.round !== round.name) return to.send(message)
          for (const [i, id] of receiving.filter((one) => one !== teller).entries()) {
            const body = i === 0 ? another(message.body) : message.body
            network.deliver(id, { ...message, from: teller, body })
          }
        },
      })
      const result = await withCheater(reshare, reshareCheatSetting, { cheater: teller, channel })
      const check = 'everybody got the same broadcast'
      const detail = `${round.name} of party ${teller}`
      for (const id of receiving.filter((one) => one !== teller)) {
        assert.deepEqual(failureOf(result, id), { kind: 'misbehaviour', culprits: [], check, detail })
      }
      assert.ok(!result.said.some((message) => message.round === reshareRounds.stored.name))
    })
  }
})

function checkedBefore(later: ProtocolCheck, check: ProtocolCheck): boolean {
  const names = Object.keys(protocolChecks)
  return names.indexOf(check) < names.indexOf(later)
}

describe('a message', () => {
  const { nonceCommitment, encryptedNonce, theta } = signRounds
  const flipped = (message: Outgoing): Outgoing => ({
    ...message,
    body: message.body.map((byte, i) => (i === message.body.length - 1 ? byte ^ 1 : byte)),
  })
  const offences: [string, (honest: Channel) => Channel, DeliveryCheck, detail?: string][] = [
    [
      'that is noise',
      (to) => tampering(to, theta.name, (m) => [{ ...m, body: new Uint8Array(50).fill(7) }]),
      'message is well formed',
      theta.name,
    ],
    [
      'cut short',
      (to) => tampering(to, encryptedNonce.name, (m) => [{ ...m, body: m.body.subarray(0, -1) }]),
      'message is well formed',
      encryptedNonce.name,
    ],
    [
      'of another type',
      (to) => tampering(to, theta.name, (m) => [{ ...m, body: nonceCommitment.codec.encode({ commitment: 1n }) }]),
      'message is well formed',
      theta.name,
    ],
    [
      'for a round that does not exist',
      (to) => tampering(to, theta.name, (m) => [{ ...m, round: 'sign 10' }]),
      'message belongs to a round of this protocol',
    ],
    [
      'followed by another one',
      (to) => tampering(to, theta.name, (m) => [m, flipped(m)]),
      'one message per sender',
      theta.name,
    ],
    [
      'for one party, told everybody',
      (to) => tampering(to, encryptedNonce.name, (m) => [{ ...m, to: 'everyone' }]),
      'private message is sent as such',
      encryptedNonce.name,
    ],
    [
      'for everybody, told each alone',
      (to) => tampering(to, theta.name, (m) => honest.map((party) => ({ ...m, to: party }))),
      'broadcast message is sent as such',
      theta.name,
    ],
  ]
  for (const [name, channel, check, detail] of offences) {
    const expected = { kind: 'misbehaviour', culprits: [cheater], check, ...(detail && { detail }) }
    it(`${name} names its sender`, async () => {
      const result = await withCheater(sign, signSetting, { channel })
      for (const party of honest) assert.deepEqual(failureOf(result, party), expected)
      assert.ok(explain(check) !== undefined)
    })
  }

  it('sent twice the same changes nothing', async () => {
    const { outcomes } = await withCheater(sign, signSetting, {
      channel: (to) => tampering(to, theta.name, (m) => [m, m]),
    })
    assert.ok([...outcomes.values()].every(({ ok }) => ok))
  })

  it('that does not come names who is awaited', async () => {
    for (const round of [undefined, theta.name, signRounds.signatureShare.name]) {
      const result = await withCheater(sign, signSetting, { channel: (to) => silent(to, round) })
      for (const party of honest) {
        const failure = failureOf(result, party)
        assert.equal(failure.kind, 'timed-out')
        assert.deepEqual(failure.waitingFor, [cheater])
        if (round !== undefined) assert.equal(failure.round, round)
      }
    }
  })

  const otherOpening = (round: Broadcast<{ readonly opening: readonly bigint[] }>) => (body: Uint8Array) => {
    const said = round.codec.decode(body)
    return round.codec.encode({ ...said, opening: said.opening.map((x) => x + 1n) })
  }
  const echoed = [
    // A false θ would change R, and V_j of every honest party would look false to the others.
    [theta, (body: Uint8Array) => theta.codec.encode({ theta: theta.codec.decode(body).theta + 1n })],
    ...[signRounds.nonceOpening, signRounds.blindOpening, signRounds.checkOpening].map(
      (round) => [round, otherOpening(round as Broadcast<{ readonly opening: readonly bigint[] }>)] as const,
    ),
  ] as const
  for (const [{ name }, another] of echoed) {
    it(`of "${name}" that differs from reader to reader stops everybody before any signature share leaves`, async () => {
      const twoStories = (to: Channel, network: Network): Channel => ({
        ...to,
        async send(message) {
          if (message.round !== name) return to.send(message)
          network.deliver(one, { ...message, from: cheater })
          network.deliver(other, { ...message, from: cheater, body: another(message.body) })
        },
      })
      const result = await withCheater(sign, signSetting, { channel: twoStories })
      for (const party of honest) {
        // Without signatures nobody can tell who lied; identity's tests show that with them the cheater is named.
        const check = 'everybody got the same broadcast'
        const detail = `${name} of party ${cheater}`
        assert.deepEqual(failureOf(result, party), { kind: 'misbehaviour', culprits: [], check, detail })
        assert.ok(explain(check) !== undefined)
      }
      assert.ok(!result.said.some((message) => message.round === signRounds.signatureShare.name))
    })
  }

  it('to one party that is false names its sender there; the others wait for that party', async () => {
    const channel = (to: Channel): Channel =>
      tampering(to, encryptedNonce.name, (m) => (m.to === one ? [flipped(m)] : [m]))
    const result = await withCheater(sign, signSetting, { channel })
    assert.deepEqual(failureOf(result, one), {
      kind: 'misbehaviour',
      culprits: [cheater],
      check: "Alice's range proof",
    })
    const failure = failureOf(result, other)
    assert.ok(failure.kind === 'timed-out' && failure.waitingFor.includes(one))
  })
})

describe('checks', () => {
  it('all have words for people', () => {
    for (const check of Object.keys(protocolChecks) as ProtocolCheck[]) assert.ok((explain(check) ?? '').length > 20)
  })

  after(() => {
    assert.deepEqual(
      Object.keys(ecdsaChecks).filter((check) => !tripped.has(check)),
      [],
      'every check has its cheater',
    )
  })
})
