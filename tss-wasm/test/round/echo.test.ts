import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Channel, Claim } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { differs, echoOf, type Held } from '../../round/echo.ts'
import { Network, seats } from '../network.ts'
import { echoed, one, three, two } from './rounds.ts'

const { codec } = echoOf(echoed, 1)
const digest = (byte: number) => new Uint8Array(32).fill(byte)
const held = (from: PartyId, byte: number, evidence = new Uint8Array()): Held => ({
  from,
  digest: digest(byte),
  evidence,
})

describe('an echo', () => {
  it('is what was held, in the bytes of SPEC.md', () => {
    const list = [held(one, 1, Uint8Array.of(7, 8)), held(three, 3)]
    const bytes = codec.encode([list])
    const expected = [2, 0, 1, ...digest(1), 2, 7, 8, 0, 3, ...digest(3), 0]
    assert.deepEqual([...bytes], expected)
    assert.deepEqual(codec.decode(bytes), [list])
    assert.equal(echoOf(echoed, 1).name, 'echoed/echo')
  })

  it('holds 255 parties and 255 bytes of evidence, not more', () => {
    const many = (count: number) => seats(count).map((seat) => held(seat, 1))
    assert.equal(codec.decode(codec.encode([many(255)]))[0]?.length, 255)
    assert.throws(() => codec.encode([many(256)]), /^Error: an echo lists at most 255 parties$/)
    const long = [held(one, 1, new Uint8Array(255).fill(9))]
    assert.deepEqual(codec.decode(codec.encode([long])), [long])
    assert.throws(() => codec.encode([[held(one, 1, new Uint8Array(256))]]), /^Error: evidence is at most 255 bytes$/)
  })

  it('is refused when it names a party twice, in another order, or nobody, and with bytes missing or left over', () => {
    for (const list of [[held(two, 1), held(two, 2)], [held(two, 1), held(one, 1)], [held(0 as PartyId, 1)]]) {
      assert.throws(() => codec.decode(codec.encode([list])), /^RangeError: echo lists its parties in rising order$/)
    }
    const bytes = codec.encode([[held(one, 1), held(two, 2)]])
    assert.throws(() => codec.decode(bytes.subarray(0, -1)), RangeError)
    assert.throws(() => codec.decode(Uint8Array.of(...bytes, 0)), RangeError)
  })
})

describe('an echo held against ours', () => {
  const ours = new Map([
    [one, digest(1)],
    [two, digest(2)],
    [three, digest(3)],
  ])
  const bare = new Network(seats(3)).channel(one)
  const signing = (truth: boolean, asked: Claim[] = []): Channel => ({
    ...bare,
    proves(claim) {
      asked.push(claim)
      return Promise.resolve(truth)
    },
  })
  const check = async (channel: Channel, theirs: readonly Held[]) =>
    (
      await differs(
        channel,
        'echoed',
        two,
        theirs,
        new Map([...ours].map(([party, own]) => [party, { digest: own, evidence: new Uint8Array() }])),
      )
    )?.failure

  it('is the same when it covers everybody but its sender, with what we hold', async () => {
    const asked: Claim[] = []
    assert.equal(await check(signing(true, asked), [held(one, 1), held(three, 3)]), undefined)
    assert.deepEqual(asked, [])
  })

  it('names whoever signed another broadcast than the one we hold', async () => {
    const asked: Claim[] = []
    const other = held(three, 9, Uint8Array.of(5))
    assert.deepEqual(await check(signing(true, asked), [held(one, 1), other]), {
      kind: 'misbehaviour',
      culprits: [three],
      check: 'broadcast is the same for everybody',
      detail: 'echoed',
    })
    assert.deepEqual(asked, [{ ...other, round: 'echoed' }])
  })

  it('names the echoer when nobody signed what it says', async () => {
    assert.deepEqual(await check(signing(false), [held(one, 9), held(three, 3)]), {
      kind: 'misbehaviour',
      culprits: [two],
      check: "echo of another party's broadcast is true",
      detail: 'echoed of party 1',
    })
  })

  it('names nobody where nothing is signed', async () => {
    assert.deepEqual(await check(bare, [held(one, 1), held(three, 9)]), {
      kind: 'misbehaviour',
      culprits: [],
      check: 'everybody got the same broadcast',
      detail: 'echoed of party 3',
    })
  })

  it('names the echoer when it leaves somebody out, or puts somebody in who is not here', async () => {
    for (const theirs of [
      [],
      [held(one, 1)],
      [held(one, 1), held(two, 2)],
      [held(one, 1), held(two, 2), held(three, 3)],
      [held(one, 1), held(4 as PartyId, 3)],
    ]) {
      assert.deepEqual(await check(signing(true), theirs), {
        kind: 'misbehaviour',
        culprits: [two],
        check: "echo covers every other party's broadcast",
        detail: 'echoed',
      })
    }
  })
})
