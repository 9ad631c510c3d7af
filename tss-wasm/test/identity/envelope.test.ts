import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ProtocolAbort, type Failure } from '../../failure.ts'
import { longestEnvelope, secured, type Dropped, type SecuredChannel } from '../../identity/envelope.ts'
import { createIdentity, type Identity } from '../../identity/identity.ts'
import { rosterHash, type Roster } from '../../identity/roster.ts'
import { signed } from '../../identity/signed.ts'
import { systemRandom } from '../../random.ts'
import type { Outgoing } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { openMailbox, type Broadcast } from '../../round/mailbox.ts'
import { Network, recorded, seats, tampering } from '../network.ts'
import { company, identityOf, type Company } from '../parties.ts'
import { withoutEvidence } from '../withoutEvidence.ts'

const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]
const text = (words: string): Uint8Array => new TextEncoder().encode(words)
let friends: Company
before(async () => {
  friends = await company(2, 3)
})

/** A network where each party's envelopes are recorded before they leave. */
class Scene {
  readonly network = new Network(seats(3))
  readonly sent: Outgoing[] = []

  channel(me: PartyId, changes: { identity?: Identity; roster?: Roster } = {}): SecuredChannel {
    const below = recorded(this.network.channel(me), this.sent)
    return secured(below, { identity: identityOf(friends, me), roster: friends.roster, me, ...changes })
  }

  /** What the router gives party 1. */
  deliver(...envelopes: (Uint8Array | undefined)[]): void {
    for (const body of envelopes) {
      assert.ok(body)
      this.network.deliver(one, { from: two, to: one, round: '', body })
    }
  }
}

/** The envelopes in which party 2 sends these messages, none of them delivered. */
async function envelopes(
  messages: readonly Outgoing[],
  changes: { identity?: Identity; roster?: Roster; me?: PartyId } = {},
): Promise<Uint8Array[]> {
  const away = new Scene()
  const channel = away.channel(changes.me ?? two, changes)
  for (const message of messages) await channel.send(message)
  return away.sent.map(({ body }) => body)
}

const hello: Outgoing = { to: 'everyone', round: 'r', body: text('hello') }
const secret: Outgoing = { to: one, round: 'p', body: text('for your eyes only') }

/** Delivers what should be dropped, then an honest message, and looks at what came through. */
async function assertDropped(why: keyof Dropped, ...dropped: (Uint8Array | undefined)[]): Promise<void> {
  const scene = new Scene()
  const [honest] = await envelopes([hello])
  scene.deliver(...dropped, honest)
  const channel = scene.channel(one)
  const arrived = await channel.next()
  assert.deepEqual([arrived.from, arrived.body], [two, hello.body])
  assert.equal(channel.dropped[why], dropped.length)
  assert.equal(
    Object.values(channel.dropped).reduce((a: number, b: number) => a + b),
    dropped.length,
  )
}

async function assertBlamed(scene: Scene, expected: Failure): Promise<void> {
  const channel = scene.channel(one)
  await assert.rejects(
    async () => {
      for (;;) await channel.next()
    },
    (error) => {
      assert.ok(error instanceof ProtocolAbort, String(error))
      assert.deepEqual(withoutEvidence(error.failure), expected)
      return true
    },
  )
}

function flipped(bytes: Uint8Array | undefined, at: number): Uint8Array {
  assert.ok(bytes)
  const copy = bytes.slice()
  const index = at < 0 ? copy.length + at : at
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}

describe('a secured channel', () => {
  it('carries broadcasts to all and private messages to one', async () => {
    const scene = new Scene()
    const [a, b, c] = [scene.channel(one), scene.channel(two), scene.channel(three)]
    await b.send(hello)
    await b.send(secret)
    await b.send({ ...secret, to: three })
    for (const [channel, to] of [
      [a, one],
      [c, three],
    ] as const) {
      assert.deepEqual((await channel.next()).body, hello.body)
      const { from, to: reader, round, body } = await channel.next()
      assert.deepEqual({ from, to: reader, round, body }, { from: two, to, round: 'p', body: secret.body })
    }
  })

  it('shows the router nothing of a private message', async () => {
    const [envelope] = await envelopes([secret])
    assert.equal(Buffer.from(envelope ?? []).includes('eyes'), false)
  })

  it('keeps the order even if all is sent at once', async () => {
    const scene = new Scene()
    const sender = scene.channel(two)
    const rounds = Array.from({ length: 20 }, (_, i) => `round ${i}`)
    await Promise.all(rounds.map((round) => sender.send({ ...hello, round })))
    const reader = scene.channel(one)
    for (const round of rounds) assert.equal((await reader.next()).round, round)
  })

  it('drops an envelope with any one bit changed, and blames nobody', async () => {
    const [broadcast] = await envelopes([hello])
    const [sealed] = await envelopes([secret])
    assert.ok(broadcast && sealed)
    for (const envelope of [broadcast, sealed]) {
      for (let at = 0; at < envelope.length; at += 7) {
        const scene = new Scene()
        scene.deliver(flipped(envelope, at), envelope)
        const channel = scene.channel(one)
        await channel.next()
        assert.equal(
          Object.values(channel.dropped).reduce((a: number, b: number) => a + b),
          1,
          `byte ${at}`,
        )
      }
    }
  })

  it('drops what is cut short, empty, of another version or too long', async () => {
    const [envelope] = await envelopes([hello])
    await assertDropped(
      'malformed',
      new Uint8Array(),
      envelope?.slice(0, 50),
      flipped(envelope, 0),
      new Uint8Array(longestEnvelope + 1),
    )
    await assertDropped('forged', envelope?.slice(0, -1), envelope?.slice(0, -hello.body.length))
  })

  it("drops what somebody else signed in a party's name", async () => {
    await assertDropped('forged', ...(await envelopes([hello], { identity: await createIdentity() })))
    await assertDropped('forged', ...(await envelopes([hello], { identity: identityOf(friends, three) })))
  })

  it('drops what is of another session, another run, or another roster with the same run', async () => {
    const { roster } = friends
    for (const other of [
      { ...roster, session: systemRandom(16) },
      { ...roster, run: systemRandom(16) },
      { ...roster, threshold: 3 },
    ]) {
      await assertDropped('forged', ...(await envelopes([hello], { roster: other })))
    }
  })

  it('drops our own envelopes and those for others', async () => {
    const own = await envelopes([hello], { me: one })
    const others = await envelopes([{ ...secret, to: three }])
    await assertDropped('misrouted', ...own, ...others)
  })

  it('drops what it has seen', async () => {
    const scene = new Scene()
    const [first, second] = await envelopes([hello, { ...hello, round: 's' }])
    scene.deliver(first, first, second, first)
    const channel = scene.channel(one)
    assert.equal((await channel.next()).round, 'r')
    assert.equal((await channel.next()).round, 's')
    scene.network.cut(new ProtocolAbort({ kind: 'cancelled' }))
    await assert.rejects(channel.next())
    assert.equal(channel.dropped.replayed, 2)
  })

  it('drops what comes before its turn', async () => {
    const [, second] = await envelopes([hello, { ...hello, round: 's' }])
    await assertDropped('outOfOrder', second)
  })

  it('names who signed two envelopes with one sequence number', async () => {
    const scene = new Scene()
    scene.deliver(...(await envelopes([hello])), ...(await envelopes([{ ...hello, body: text('something else') }])))
    await assertBlamed(scene, {
      kind: 'misbehaviour',
      culprits: [two],
      check: 'one envelope per sequence number',
      detail: 'r',
    })
  })

  for (const [what, body] of [
    ['does not open', systemRandom(64)],
    ['has a degenerate key', concatBytes(new Uint8Array(32), systemRandom(32))],
    ['is cut short', systemRandom(31)],
  ] as const) {
    it(`names who signed a private message that ${what}`, async () => {
      // an envelope by hand, as SPEC.md describes it
      const { session, run } = friends.roster
      const header = Uint8Array.of(0, 2, 0, 1, 0, 0, 0, 0, 1, 0x70)
      const part = concatBytes(session, run, rosterHash(friends.roster), header, sha256(body))
      const signature = await signed('envelope', part, identityOf(friends, two))
      const scene = new Scene()
      scene.deliver(concatBytes(Uint8Array.of(1), header, signature, body))
      const check = 'private message opens under our key'
      await assertBlamed(scene, { kind: 'misbehaviour', culprits: [two], check, detail: 'p' })
    })
  }

  it('names nobody when our private key is not the one in the roster', async () => {
    const other = await createIdentity()
    const identity = { ...identityOf(friends, one), encryption: other.encryption, public: other.public }
    const scene = new Scene()
    scene.deliver(...(await envelopes([secret])))
    await assert.rejects(scene.channel(one, { identity }).next(), (error) => !(error instanceof ProtocolAbort))
  })

  it('names whose key cannot be encrypted to', async () => {
    const broken = friends.roster.seats.map((each) =>
      each.seat === one ? { ...each, identity: { ...each.identity, encryptionKey: new Uint8Array(32) } } : each,
    )
    const sender = new Scene().channel(two, { roster: { ...friends.roster, seats: broken } })
    await assert.rejects(sender.send(secret), (error) => {
      assert.ok(error instanceof ProtocolAbort)
      const check = 'encryption key can be encrypted to'
      assert.deepEqual(error.failure, { kind: 'misbehaviour', culprits: [one], check })
      return true
    })
  })

  it('names nobody when it is this device that cannot encrypt', async (context) => {
    const sender = new Scene().channel(two)
    context.mock.method(crypto.subtle, 'encrypt', () => Promise.reject(new Error('out of memory')))
    await assert.rejects(sender.send(secret), (error) => !(error instanceof ProtocolAbort))
  })

  it('names nobody when it is this device that cannot decrypt', async (context) => {
    const scene = new Scene()
    await scene.channel(one).send({ ...secret, to: two })
    context.mock.method(crypto.subtle, 'decrypt', () => Promise.reject(new Error('out of memory')))
    await assert.rejects(scene.channel(two).next(), (error) => !(error instanceof ProtocolAbort))
  })

  it('reads a private message that this device has failed to decrypt once', async (context) => {
    const scene = new Scene()
    await scene.channel(one).send({ ...secret, to: two })
    const failed = context.mock.method(crypto.subtle, 'decrypt')
    failed.mock.mockImplementationOnce(() => Promise.reject(new Error('out of memory')))
    assert.deepEqual((await scene.channel(two).next()).body, secret.body)
  })

  it('refuses to send more than fits', async () => {
    await assert.rejects(new Scene().channel(one).send({ ...hello, body: new Uint8Array(longestEnvelope) }))
  })
})

describe('an echoed round over secured channels', () => {
  const round: Broadcast<Uint8Array> = {
    kind: 'broadcast',
    name: 'r',
    echoed: true,
    codec: { encode: (value) => value, decode: (bytes) => bytes },
  }

  /** Everybody broadcasts and collects; `channels` may be those of cheaters. */
  async function run(
    channels: readonly [SecuredChannel, SecuredChannel, SecuredChannel] | SecuredChannel[],
  ): Promise<(Failure | undefined)[]> {
    const outcomes = await Promise.allSettled(
      channels.map(async (channel, i) => {
        const me = (i + 1) as PartyId
        const peers = seats(3).filter((seat) => seat !== me)
        const mailbox = openMailbox(channel, { me, peers, rounds: [round], deadlineMs: 2000 })
        await mailbox.broadcast(round, text(`from ${me}`))
        await mailbox.collect(round)
      }),
    )
    return outcomes.map((outcome) =>
      outcome.status === 'rejected' && outcome.reason instanceof ProtocolAbort
        ? withoutEvidence(outcome.reason.failure)
        : undefined,
    )
  }

  it('names who told two stories, whatever the router does', async () => {
    const scene = new Scene()
    const [lie] = await envelopes([{ ...hello, body: text('another story') }])
    const below = recorded(scene.network.channel(two), [])
    const twoFaced = secured(
      {
        ...below,
        send: async (message) => {
          if (message.round !== 'r') return below.send(message)
          scene.network.deliver(one, { ...message, from: two })
          scene.network.deliver(three, { ...message, from: two, body: lie ?? new Uint8Array() })
        },
      },
      { identity: identityOf(friends, two), roster: friends.roster, me: two },
    )
    const failures = await run([scene.channel(one), twoFaced, scene.channel(three)])
    const expected: Failure = {
      kind: 'misbehaviour',
      culprits: [two],
      check: 'broadcast is the same for everybody',
      detail: 'r',
    }
    assert.deepEqual([failures[0], failures[2]], [expected, expected])
  })

  it('names who lies about what it heard', async () => {
    const scene = new Scene()
    const honest = scene.channel(two)
    // the first digest of party 2's echo is of party 1's broadcast: count, seat, then the digest
    const liar = tampering(honest, 'r/echo', (message) => [{ ...message, body: flipped(message.body, 3) }])
    const failures = await run([scene.channel(one), { ...honest, ...liar }, scene.channel(three)])
    const expected: Failure = {
      kind: 'misbehaviour',
      culprits: [two],
      check: "echo of another party's broadcast is true",
      detail: 'r of party 1',
    }
    assert.deepEqual([failures[0], failures[2]], [expected, expected])
  })
})
