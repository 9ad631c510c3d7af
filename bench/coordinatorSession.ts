import { Code, ConnectError } from '@connectrpc/connect'
import { bearer, type Clients, keygenRequest, wireIdentity } from '../testkit/harness.ts'
import { systemRandom } from '../tss-wasm/random.ts'

/** Each party sends these, in order: broadcasts to all, private messages to each of the other two (WIRE 12.4). */
const rounds = [
  { bytes: 133_755, isPrivate: false },
  { bytes: 42_033, isPrivate: true },
  { bytes: 3720, isPrivate: false },
  { bytes: 3435, isPrivate: false },
]
const seats = [1, 2, 3]
/** Each seat receives, from each of two others, one message of every round. */
const expectedEach = 2 * rounds.length
export const deliveriesOfSession = seats.length * expectedEach

/** Milliseconds. */
export interface Pace {
  /** From the session's creation to the last person's coming. */
  readonly gatherMs: number
  /** What a party computes before it sends its message of this round, give or take a quarter. */
  readonly computeMs: readonly number[]
}

/** Told of every message; times in ms of performance.now(). */
export interface Ear {
  /** The coordinator has taken a message for so many readers. */
  taken(sentAtMs: number, readers: number): void
  heard(sentAtMs: number, latencyMs: number): void
}

/**
 * A 2-of-3 keygen as the coordinator sees it: three parties join, get ready, watch the session and their messages, send
 * what a keygen sends when it sends it, and confirm. Calls that the coordinator cannot take now are repeated, as clients do.
 */
export async function runSession(services: readonly Clients[], pace: Pace | undefined, ear: Ear): Promise<void> {
  const [first] = services
  if (first === undefined) throw new Error('no connection')
  const at = (seat: number) => services[seat % services.length] ?? first
  const { sessionId, joinTokens } = await again(() =>
    first.sessions.createSession(keygenRequest({ lifeSeconds: 3600 })),
  )
  const sentAt = new Map<string, number>()
  const started = Promise.withResolvers<undefined>()
  let ready = 0

  async function party(seat: number): Promise<void> {
    const { router, sessions } = at(seat)
    const me = bearer(joinTokens[seat])
    const leave = new AbortController()
    if (pace !== undefined) await pause((pace.gatherMs * seat) / seats.length)
    await again(() => sessions.joinSession({ sessionId, identity: wireIdentity(seat) }, me))
    const watching = again(async () => {
      for await (const { session } of sessions.watchSession({ sessionId }, { ...me, signal: leave.signal })) {
        if ((session?.run ?? 0) > 0) started.resolve(undefined)
      }
    }).catch(ignoreAbort)
    await again(() => sessions.markReady({ sessionId }, me))
    ready += 1
    if (ready === seats.length) {
      const roster = { sessionId, roster: new Uint8Array([9]), rosterSignature: new Uint8Array(64) }
      await again(() => at(1).sessions.startSession(roster, bearer(joinTokens[1])))
    }
    await started.promise
    const heard = rounds.map(() => Promise.withResolvers<undefined>())
    const counts = rounds.map(() => 0)
    let mine = 0
    let after = 0n
    const reading = again(async () => {
      const options = { ...me, signal: leave.signal }
      for await (const { cursor, envelope, from } of router.subscribeMessages({ sessionId, after }, options)) {
        if (cursor === 0n) continue
        after = cursor
        const round = envelope[0] ?? 0
        const sentAtMs = sentAt.get(`${from} ${round} ${rounds[round]?.isPrivate === true ? seat : 0}`) ?? NaN
        ear.heard(sentAtMs, performance.now() - sentAtMs)
        mine += 1
        counts[round] = (counts[round] ?? 0) + 1
        if (counts[round] === 2) heard[round]?.resolve(undefined)
        if (mine === expectedEach) return
      }
    })
    for (const [index, { bytes, isPrivate }] of rounds.entries()) {
      if (pace !== undefined) await pause(((pace.computeMs[index] ?? 0) * between(75, 126)) / 100)
      const envelope = new Uint8Array(bytes).fill(seat)
      envelope[0] = index
      for (const to of isPrivate ? seats.filter((other) => other !== seat) : [0]) {
        const sentAtMs = performance.now()
        sentAt.set(`${seat} ${index} ${to}`, sentAtMs)
        await again(() => router.sendMessage({ sessionId, to, messageId: `${index}-${to}`, envelope }, me))
        ear.taken(sentAtMs, isPrivate ? 1 : seats.length - 1)
      }
      // As in a ceremony: the next round needs everybody's message of this one.
      await heard[index]?.promise
    }
    await reading
    const outcome = { case: 'confirmation', value: new Uint8Array([1]) } as const
    await again(() => sessions.reportCompletion({ sessionId, outcome }, me))
    leave.abort()
    await watching
  }
  await Promise.all(seats.map(party))
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof ConnectError) || error.code !== Code.Canceled) throw error
}

async function again<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== Code.Unavailable) throw error
      await pause(between(100, 500))
    }
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** A whole number from `low` on and below `high`. */
export function between(low: number, high: number): number {
  const [fraction = 0] = new Uint32Array(systemRandom(4).buffer)
  return low + Math.floor((fraction / 2 ** 32) * (high - low))
}
