import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { certificateToCarry, takeCertificate } from '../participant/reshare/carriedCertificate.ts'
import { refused } from '../tss-wasm/failure.ts'
import type { Ports } from '../web/jobs/ports.ts'
import {
  type Brought,
  type Death,
  type Founded,
  founded,
  kinds,
  nthOf,
  onDisks,
  reopened,
  reshared,
  room,
  type Standing,
  standing,
} from './reshareRoom.ts'

// The crash table of RESHARING 4.4, tried: one of three devices, each with another kind of store, dies around one of its steps,
// a call to the coordinator or a change of its store, while the wallet's shares are renewed. Each case has a coordinator of
// its own, whose clock is right. DEEP=1 computes anew in every case and gives every device every kind of store.
const isDeep = process.env['DEEP'] === '1'

const lines = {
  beforeDurable: 'before own pending share is durable',
  notLogged: 'pending durable, confirmation not in the log',
  notAnswered: 'confirmation logged, not sent or not answered',
  notSwitched: 'certificate complete, switch not stored',
  notErased: 'switched, old share not erased',
  notSaid: 'erased, statement not sent',
  atRest: 'at rest',
}

/** The line of the crash table that a device is in when it comes back. */
function lineOf({ current, held, hasReport, said, isHeard, unspoken }: Standing): string {
  if (current === 1) {
    if (held.includes(0)) return lines.notErased
    return unspoken.length > 0 ? lines.notSaid : lines.atRest
  }
  if (!hasReport || !held.includes(1)) return lines.beforeDurable
  if (said === 'nothing') return lines.notLogged
  return isHeard ? lines.notSwitched : lines.notAnswered
}

/** The steps that decide: by name, and the how many-th of that name; and the line that it leaves its device in. */
const deciding: readonly (readonly [string, number, string])[] = [
  ['change', 1, lines.beforeDurable],
  ['putShare', 1, lines.beforeDurable],
  ['change', 2, lines.beforeDurable],
  ['change', 3, lines.notLogged],
  ['ReportCompletion', 1, lines.notAnswered],
  ['change', 4, lines.notAnswered],
  ['change', 5, lines.notSwitched],
  ['eraseShare', 1, lines.notErased],
  ['ReportCompletion', 2, lines.notSaid],
]

/** Where nothing is to be erased there is nothing to be said. */
const ofOld = [lines.notErased, lines.notSaid]
const whoHolds = ({ current, held, unspoken }: Standing) => ({ current, held, unspoken })
const inNew = { current: 1, held: [1], unspoken: [] }
const inOld = { current: 0, held: [0], unspoken: [] }
const outside = { current: undefined, held: [], unspoken: [] }
const unchanged = [inOld, inOld, outside]

describe('a device that dies while shares are renewed', () => {
  let founding: Founded
  let walletId: string
  let brought: Brought
  before(async () => {
    founding = await founded()
    ;({ walletId } = founding.record)
    // The one run whose messages are computed, unless everything is.
    await using now = await room(founding, nobody)
    for (const outcome of await reshared(now, founding)) if (outcome.status === 'rejected') throw outcome.reason
    brought = await onDisks(now, async ({ shares }) => {
      const share = await shares.getShare(walletId)
      const { attempts = [] } = (await shares.epochs.read(walletId)) ?? {}
      return { share: share ?? assert.fail(), report: attempts[0]?.report ?? assert.fail() }
    })
  })

  async function dying(death: Death, turn: number, isComputed: boolean) {
    await using now = await room(founding, death, { turn, brought: isComputed ? undefined : brought })
    await reshared(now, founding, death.victim)
    const left = await onDisks(now, ({ shares }) => standing(shares, walletId))
    return { left, end: await reopened(now, walletId), steps: now.devices[death.victim]?.life.steps ?? [] }
  }

  /** Whoever has a whole new share confirms it; one who has none withdraws, and then the attempt is over for all. */
  function mustAgree({ left, end }: { left: readonly Standing[]; end: readonly Standing[] }, what: string): void {
    const isWhole = left.every(({ held, hasReport }) => hasReport && held.includes(1))
    const told = `${what}: ${JSON.stringify({ left, end })}`
    assert.deepEqual(end.map(whoHolds), isWhole ? [inNew, inNew, inNew] : unchanged, told)
  }

  for (const [victim, who] of ['who proposes', 'a member that was asked', 'the new device'].entries()) {
    for (const turn of isDeep ? [0, 1, 2] : [0]) {
      const kind = kinds[(victim + turn) % kinds.length] ?? ''
      it(`leaves shares of one epoch with everybody who comes back, when it is ${who} (${kind})`, async () => {
        const alive = await dying({ ...nobody, victim }, turn, isDeep)
        assert.deepEqual(alive.end.map(whoHolds), [inNew, inNew, inNew])
        for (const [name, nth, line] of deciding.filter(([, , line]) => victim < 2 || !ofOld.includes(line))) {
          const { left, end } = await dying({ victim, step: nthOf(name, nth), when: 'before' }, turn, isDeep)
          assert.equal(lineOf(left[victim] ?? assert.fail()), line)
          mustAgree({ left, end }, `dies before ${name} ${nth}`)
        }
        if (!isDeep) return
        for (const [step, name] of alive.steps.entries()) {
          const end = await dying({ victim, step, when: 'after' }, turn, isDeep)
          mustAgree(end, `dies after step ${step}, ${name}`)
        }
      })
    }
  }

  it('ends the attempt for all when it dies among the messages of the protocol', async () => {
    for (const victim of [0, 2]) {
      const { left, end } = await dying({ victim, step: nthOf('SendMessage', 4), when: 'before' }, victim, true)
      assert.equal(lineOf(left[victim] ?? assert.fail()), lines.beforeDurable)
      mustAgree({ left, end }, `number ${victim}`)
    }
  })

  it('is not needed any more once it has confirmed: the others go on in the new epoch', async () => {
    const step = nthOf('ReportCompletion', 1)
    await using now = await room(founding, { victim: 2, step, when: 'after' }, { brought })
    await reshared(now, founding, 2)
    const others = await reopened(now, walletId, [2])
    assert.deepEqual(others.map(whoHolds), [inNew, inNew])
  })

  it('goes on, where the coordinator has lost everything, by a certificate that was carried to it', async () => {
    const step = nthOf('change', 4) // it has confirmed, and heard of nobody
    await using now = await room(founding, { victim: 2, step, when: 'before' }, { brought })
    await reshared(now, founding, 2)
    assert.deepEqual((await reopened(now, walletId, [2])).map(whoHolds), [inNew, inNew])
    const [carried] = await onDisks(now, async ({ shares }) =>
      certificateToCarry((await shares.epochs.read(walletId)) ?? assert.fail()),
    )
    assert.ok(carried)
    await now.at.database.script('truncate sessions cascade')
    const waiting = { current: undefined, held: [1], unspoken: [] }
    assert.deepEqual((await reopened(now, walletId)).map(whoHolds), [inNew, inNew, waiting])

    const spoilt = Uint8Array.from(carried)
    spoilt[spoilt.length - 8] = spoilt.at(-8) === 0x30 ? 0x31 : 0x30
    const take = (certificate: Uint8Array) => async (ports: Ports) =>
      takeCertificate(ports.shares.epochs, walletId, new Uint8Array(certificate))
    await assert.rejects(onDisks(now, take(spoilt), [0, 1]), /certificate is confirmed by every new member/)
    await onDisks(now, take(carried), [0, 1])
    assert.deepEqual((await reopened(now, walletId)).map(whoHolds), [inNew, inNew, inNew])
    await assert.rejects(onDisks(now, take(carried)), /waits for no certificate/)
  })

  it('takes nothing from the others when it stays away unconfirmed: old shares sign, pending ones stay', async () => {
    const step = nthOf('change', 3) // begun, stored, to be confirmed
    await using now = await room(founding, { victim: 2, step, when: 'before' }, { brought })
    await reshared(now, founding, 2)
    const others = await reopened(now, walletId, [2])
    const waiting = { current: 0, held: [0, 1], unspoken: [] }
    assert.deepEqual(others.map(whoHolds), [waiting, waiting])
    assert.deepEqual((await reopened(now, walletId)).map(whoHolds), [inNew, inNew, inNew])
  })

  it('withdraws when its pending share was taken from it before it confirmed, as by a browser that clears up', async () => {
    const step = nthOf('change', 3)
    await using now = await room(founding, { victim: 2, step, when: 'before' }, { turn: 1, brought })
    await reshared(now, founding, 2)
    const evict = async ({ shares }: Ports) => shares.epochs.eraseShare(walletId, 1)
    await onDisks(now, evict, [0, 1])
    assert.deepEqual((await reopened(now, walletId)).map(whoHolds), unchanged)
  })

  it('ends the attempt for all when its disk is full at whichever of the writes before the confirmation', async () => {
    for (const [victim, nth] of [0, 1, 2].flatMap((one) => [1, 2, 3].map((write) => [one, write] as const))) {
      await using now = await room(founding, nobody, { turn: nth, brought })
      const devices = now.devices.map((device, number) =>
        number === victim ? { ...device, ports: full(device.ports, nth) } : device,
      )
      await reshared({ ...now, devices }, founding)
      assert.deepEqual((await reopened(now, walletId)).map(whoHolds), unchanged, `number ${victim}, write ${nth}`)
    }
  })
})

const nobody: Death = { victim: 0, step: Infinity, when: 'before' }

/** Its write of this number, from 1, finds no room. */
function full(ports: Ports, nth: number): Ports {
  let writes = 0
  const { epochs } = ports.shares
  const write = <T>(work: () => Promise<T>): Promise<T> => {
    writes += 1
    return writes === nth ? Promise.reject(refused('storage-full', 'no room')) : work()
  }
  const store = {
    ...epochs,
    change: (id: string, next: Parameters<typeof epochs.change>[1]) => write(() => epochs.change(id, next)),
    putShare: (...given: Parameters<typeof epochs.putShare>) => write(() => epochs.putShare(...given)),
  }
  return { ...ports, shares: { ...ports.shares, epochs: store } }
}
