import { ProtocolAbort } from '../failure.ts'
import type { Engine, Opening } from './api.ts'
import { engineOn, type RunningWorker, type Spawned, startWorker } from './client.ts'

/** Engines for one job each, on workers that outlive it. */
export interface WarmEngines extends Disposable {
  readonly start: () => Engine
  /** How many workers wait for a job. */
  idle(): number
}

export interface WarmLimits {
  /** After so many jobs a worker ends. */
  readonly jobs: number
  /** After so many milliseconds a worker ends, once its job is over. */
  readonly lifeMs: number
  /** So many wait for jobs at most, with 30 to 60 MB each. */
  readonly idle: number
}

export const warmLimits: WarmLimits = { jobs: 50, lifeMs: 10 * 60_000, idle: 8 }

interface Warm extends RunningWorker {
  readonly bornAtMs: number
  jobs: number
}

/**
 * Starting a worker costs a party more than its part of a signature, so a worker that has made a wallet or signed, with
 * shares that a key seals, serves the next one. Before that it erases and forgets all that the job has left. After any other job
 * it ends; so does a worker that failed, or whose job was given up: nobody can know in which state it is. One worker is kept warm
 * from the beginning.
 * @param now milliseconds, by a clock that only goes forward
 */
export function warmEngines(
  spawn: () => Spawned,
  limits: WarmLimits = warmLimits,
  now: () => number = () => performance.now(),
): WarmEngines {
  const idle: Warm[] = []
  const all = new Set<Warm>()
  let isOver = false

  function startWarm(): Warm {
    const warm = { ...startWorker(spawn), bornAtMs: now(), jobs: 0 }
    all.add(warm)
    warm.gone.catch(() => {
      all.delete(warm)
      if (idle.includes(warm)) idle.splice(idle.indexOf(warm), 1)
    })
    return warm
  }
  function end(warm: Warm): void {
    all.delete(warm)
    warm.end()
  }
  const isWorn = ({ jobs, bornAtMs }: Warm) => jobs >= limits.jobs || now() - bornAtMs >= limits.lifeMs

  /** Free again once it has forgotten; until then it serves nobody. */
  async function giveBack(warm: Warm): Promise<void> {
    const isWanted = () => all.has(warm) && !isWorn(warm) && idle.length < limits.idle
    const hasForgotten =
      isWanted() &&
      (await warm
        .call(() => warm.remote.forget())
        .then(
          () => true,
          () => false,
        ))
    if (hasForgotten && isWanted()) idle.push(warm)
    else end(warm)
  }

  /** Also looks after those that nobody asks for: age alone ends them. */
  function endWorn(): void {
    for (const warm of idle.splice(0)) {
      if (isWorn(warm)) end(warm)
      else idle.push(warm)
    }
  }
  const looking = setInterval(endWorn, limits.lifeMs / 2).unref()
  void giveBack(startWarm())

  return {
    start() {
      if (isOver) throw new ProtocolAbort({ kind: 'cancelled' })
      endWorn()
      // The one used last is the warmest.
      const warm = idle.pop() ?? startWarm()
      warm.jobs += 1
      return lease(warm, (mayServeOn) => {
        if (mayServeOn) void giveBack(warm)
        else end(warm)
      })
    },
    idle: () => idle.length,
    [Symbol.dispose]() {
      isOver = true
      clearInterval(looking)
      idle.length = 0
      for (const warm of all) end(warm)
    },
  }
}

/**
 * @param over told once, whether the worker may serve on: all that was asked for has come out well, and was of a kind that we
 * can erase. Passphrases and files go through libraries, which keep copies of them.
 */
function lease(warm: Warm, over: (mayServeOn: boolean) => void): Engine {
  let pending = 0
  let isSpent = false
  let isLeft = false
  const { remote } = warm
  const call = async <T>(answer: () => Promise<T>): Promise<T> => {
    if (isLeft) throw new ProtocolAbort({ kind: 'cancelled' })
    pending += 1
    try {
      return await warm.call(answer)
    } catch (error) {
      isSpent = true
      throw error
    } finally {
      pending -= 1
    }
  }
  const lastCall: typeof call = (answer) => {
    isSpent = true
    return call(answer)
  }
  const leave = () => {
    if (isLeft) return
    isLeft = true
    over(pending === 0 && !isSpent)
  }
  const erasable = engineOn({ remote, call }, leave)
  const spending = engineOn({ remote, call: lastCall }, leave)
  const engineFor = ({ sealing }: { readonly sealing: Opening }) => (sealing.kind === 'key' ? erasable : spending)
  return {
    ...spending,
    createWallet: (request, channel, progress) => engineFor(request).createWallet(request, channel, progress),
    sign: (request, channel, progress) => engineFor(request).sign(request, channel, progress),
    diagnostics: () => erasable.diagnostics(),
  }
}
