import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Failure, ProtocolAbort } from '../tss-wasm/failure.ts'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { rig, type Rig } from '../testkit/harness.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { answerRequest } from '../web/jobs/requests.ts'
import { settlePending } from '../web/jobs/settlePending.ts'
import { signContent } from '../web/jobs/signContent.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import { type Mortal, mortal, type When } from './dying.ts'
import { idleClock } from '../testkit/idleClock.ts'
import { createByInvitation, installation, meddled, nextRequest, passphrase } from '../testkit/people.ts'

// One of three people dies around one of its steps: a call to the coordinator or a change of its stores.
// DEEP=1 tries every step, before and after; otherwise only so many-th, and those around the storing of the share.
const isEverything = process.env['DEEP'] === '1'
const stride = { keygen: isEverything ? 1 : 61, sign: isEverything ? 1 : 13 }
const roundMs = 250
const lifeSeconds = 60
const day = 24 * 3600_000

interface Death {
  readonly victim: number
  readonly step: number
  readonly when: When
}
const nobody: Death = { victim: 0, step: Infinity, when: 'before' }

/** Every so many-th way to die, and all around those steps that decide whether there is a wallet. */
function deaths(victim: number, steps: readonly string[], each: number, always: readonly string[] = []): Death[] {
  return steps
    .flatMap((_, step) => (['before', 'after'] as const).map((when) => ({ victim, step, when })))
    .filter(({ step }, way) => way % each === 0 || always.includes(steps[step] ?? ''))
}

interface Room {
  readonly at: Rig
  readonly reaper: Mortal
  /** What outlives a process. */
  readonly kept: readonly Ports[]
  readonly people: readonly Ports[]
}

/** Three installations, one of them mortal; `before`: with what they have kept. */
async function room({ victim, step, when }: Death, before?: readonly Ports[]): Promise<Room> {
  const at = await rig()
  const reaper = mortal(step, when)
  const fresh = await Promise.all(
    [0, 1, 2].map((number) =>
      installation(number === victim ? meddled(at, reaper.meddle) : at.transport, number, roundMs),
    ),
  )
  const kept = fresh.map((ports, number) => (before === undefined ? ports : { ...ports, ...keptOf(before[number]) }))
  return { at, reaper, kept, people: kept.map((ports, i) => (i === victim ? reaper.stores(ports) : ports)) }
}

function keptOf(ports: Ports | undefined) {
  assert.ok(ports)
  const { shares, pending, identity } = ports
  // Its locks end with the process.
  return { shares, identity, pending: { ...pending, isHeld: () => Promise.resolve(false) } }
}

/** What the survivors' jobs ended with: of themselves, or, once they wait for nobody but the dead, by the session's end. */
async function endings({ at }: Room, jobs: readonly Promise<unknown>[]): Promise<readonly (Failure | 'done')[]> {
  const all = Promise.allSettled(jobs)
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const stop = idleClock.after(3 * roundMs, () => {
    resolve(undefined)
  })
  await Promise.race([all, late])
  stop()
  at.clock.now += (lifeSeconds + 1) * 1000
  await at.services.sessions.sweep(at.clock.now)
  return (await all).map((outcome) => {
    if (outcome.status === 'fulfilled') return 'done'
    const reason: unknown = outcome.reason
    assert.ok(reason instanceof ProtocolAbort, reason instanceof Error ? reason.stack : String(reason))
    return reason.failure
  })
}

/** Everybody opens the app again, with what was stored: soon, and again a month later. */
async function reopened({ at, kept }: Room): Promise<readonly (WalletRecord['state'] | 'none')[]> {
  for (const nowMs of [at.clock.now + 200_000, at.clock.now + 31 * day]) {
    for (const [number, ports] of kept.entries()) {
      const again = { ...(await installation(at.transport, number)), ...keptOf(ports), now: () => nowMs }
      await settlePending(again)
    }
  }
  return Promise.all(kept.map(async ({ shares }) => (await shares.list())[0]?.state ?? 'none'))
}

/** Aborts when a case is over: the dead would hang for ever on calls that nobody answers, the unasked wait to be asked. */
function switchedOff(): Disposable & { readonly signal: AbortSignal } {
  const off = new AbortController()
  return {
    signal: off.signal,
    [Symbol.dispose]() {
      off.abort(new ProtocolAbort({ kind: 'cancelled' }))
    },
  }
}

async function creation(death: Death) {
  const now = await room(death)
  const survivors: Promise<unknown>[] = []
  const { promise: over, resolve: end } = Promise.withResolvers<undefined>()
  const onOutcome = (number: number, outcome: Promise<unknown>) => {
    if (number !== death.victim || death === nobody) survivors.push(outcome)
  }
  using machines = switchedOff()
  createByInvitation(now, { threshold: 2, lifeSeconds, onOutcome, signal: machines.signal }).then(
    () => {
      end(undefined)
    },
    () => undefined,
  )
  await Promise.race([over, now.reaper.died])
  const ended = await endings(now, survivors)
  const states = await reopened(now)
  await now.reaper.bury()
  return { now, ended, states, steps: now.reaper.steps }
}

describe('a party that dies while a wallet is created', () => {
  it('leaves every survivor with an outcome, and, once all came back, a wallet for all or for none', async () => {
    const counts = { deaths: 0, walletForAll: 0, walletForNone: 0, survivors: 0, done: 0, failed: 0 }
    for (const victim of [0, 1]) {
      const undisturbed = await creation({ ...nobody, victim })
      assert.deepEqual(undisturbed.states, ['active', 'active', 'active'])
      const always = ['putPending', 'markLeaving', 'ReportCompletion']
      for (const death of deaths(victim, undisturbed.steps, stride.keygen, always)) {
        const { ended, states, steps } = await creation(death)
        const what = `number ${victim} dies ${death.when} step ${death.step}, ${steps[death.step] ?? 'none'}`
        counts.deaths += 1
        counts.survivors += ended.length
        counts.done += ended.filter((ending) => ending === 'done').length
        counts.failed += ended.filter((ending) => ending !== 'done').length
        assert.equal(new Set(states).size, 1, `${what}: ${states.join()} ${JSON.stringify(ended)}`)
        assert.notEqual(states[0], 'pending', what)
        if (states[0] === 'none') assert.ok(!ended.includes('done'), what)
        counts[states[0] === 'active' ? 'walletForAll' : 'walletForNone'] += 1
      }
    }
    console.log('keygen by invitation, 2-of-3:', JSON.stringify(counts))
    assert.ok(counts.walletForAll > 0 && counts.walletForNone > 0)
  })
})

const content = { type: 'ethereum-message', message: utf8ToBytes('pay the milkman') } as const

async function signing(death: Death, owners: readonly Ports[]) {
  const now = await room(death, owners)
  using machines = switchedOff()
  const [host, ...others] = now.people
  assert.ok(host)
  const [wallet] = await host.shares.list()
  assert.ok(wallet)
  const coSigners = wallet.seats.slice(1)
  const asking = signContent(
    host,
    { wallet, content, coSigners, passphrase: passphrase(), lifeSeconds },
    ignore,
    machines.signal,
  )
  asking.catch(ignore)
  const survivors: Promise<unknown>[] = death.victim === 0 && death !== nobody ? [] : [asking]
  others.forEach((ports, i) => {
    // Whoever is never asked has nothing to end.
    void nextRequest(ports, machines.signal).then((request) => {
      const answering = answerRequest(ports, { request, passphrase: passphrase() }, ignore, machines.signal)
      answering.catch(ignore)
      if (i + 1 !== death.victim) survivors.push(answering)
    })
  })
  await Promise.race([asking.catch(ignore), now.reaper.died])
  const { promise: settled, resolve } = Promise.withResolvers<undefined>()
  idleClock.after(roundMs, () => {
    resolve(undefined)
  })
  await settled // those who were asked have begun
  const ended = await endings(now, survivors)
  const states = await reopened(now)
  await now.reaper.bury()
  return { ended, states, steps: now.reaper.steps }
}

const ignore = (): void => undefined

describe('a party that dies while a signature is made', () => {
  it('leaves every survivor with an outcome, and the wallet as it was', async () => {
    const { now } = await creation(nobody)
    const counts = { deaths: 0, survivors: 0, done: 0, failed: 0 }
    for (const victim of [0, 1]) {
      const undisturbed = await signing({ ...nobody, victim }, now.kept)
      for (const death of deaths(victim, undisturbed.steps, stride.sign)) {
        const { ended, states, steps } = await signing(death, now.kept)
        const what = `number ${victim} dies ${death.when} step ${death.step}, ${steps[death.step] ?? 'none'}`
        counts.deaths += 1
        counts.survivors += ended.length
        counts.done += ended.filter((ending) => ending === 'done').length
        counts.failed += ended.filter((ending) => ending !== 'done').length
        assert.deepEqual(states, ['active', 'active', 'active'], what)
        // Two are enough: the request outlives one of those who were asked.
        if (victim === 1) assert.equal(ended[0], 'done', `${what}: ${JSON.stringify(ended)}`)
      }
    }
    console.log('signing, one asks two:', JSON.stringify(counts))
    assert.ok(counts.done > 0 && counts.failed > 0)
  })
})
