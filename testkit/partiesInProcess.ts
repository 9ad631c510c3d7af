import { join } from 'node:path'
import type { Transport } from '@connectrpc/connect'
import { type Errand, type Operator, runErrand } from '../coordinator-stub/party/errands.ts'
import { openPartyFolder, type PartyFolder } from '../coordinator-stub/party/folder.ts'
import { openLedger } from '../coordinator-stub/party/ledger.ts'
import type { SchemeSettings } from '../coordinator-stub/party/schemes.ts'
import { runServerParty } from '../coordinator-stub/party/serverParty.ts'
import { sealPreParameters } from '../tss-wasm/keyShare/sealedPreParameters.ts'
import { dayMs, type Policy } from '../tss-wasm/policy/policy.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { localEngine } from '../tss-wasm/test/localEngine.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { idleClock } from './idleClock.ts'
import { seededRandom } from './seededRandom.ts'

/** A server party in this process, which can be stopped and started again on its folder. */
export interface Server {
  readonly name: string
  readonly folder: PartyFolder
  /** Fixtures that are still to be used, each once. */
  readonly primes: number[]
}

/** server-1, server-2 and so on, each in a folder of its own under `place`. @param primes of each, in their order */
export async function partiesIn(
  place: string,
  primes: readonly (readonly number[])[],
  resources: AsyncDisposableStack,
): Promise<readonly Server[]> {
  return Promise.all(
    primes.map(async (own, at) => {
      const name = `server-${at + 1}`
      const folder = await openPartyFolder(join(place, name), undefined, systemRandom)
      return { name, folder: resources.use(folder), primes: [...own] }
    }),
  )
}

export interface RunningParties extends AsyncDisposable {
  /**
   * Until the parties have logged this so often.
   * @param by one of them, of which alone it is asked; else of all, in whatever order they come
   * @returns with what, the last time
   */
  said(event: string, times?: number, by?: string): Promise<Readonly<Record<string, unknown>>>
}

interface Wanted {
  readonly transport: Transport
  readonly policy: Policy
  readonly schemes?: SchemeSettings
  /** Of the first of them. */
  readonly errand?: { readonly errand: Errand; readonly operator: Operator }
}

export async function running(
  servers: readonly Server[],
  { transport, policy, schemes, errand }: Wanted,
): Promise<RunningParties> {
  const stop = new AbortController()
  const said: { readonly by: string; readonly event: string; readonly details: Readonly<Record<string, unknown>> }[] =
    []
  const waiting = new Set<() => void>()
  const ended = await Promise.all(
    servers.map(async ({ name, folder, primes }, at) => ({
      ended: runServerParty(
        {
          ...{ name, folder, transport, random: systemRandom, now: Date.now },
          ...{ deadlineMs: 60_000, patienceMs: 600_000, policy, schemes },
          preparation: {
            reserve: () =>
              Promise.resolve({
                take: () =>
                  sealPreParameters(fixturePreParameters(primes.shift() ?? -1), folder.masterKey, systemRandom),
                [Symbol.dispose]: () => undefined,
              }),
            [Symbol.dispose]: () => undefined,
          },
          startEngine: () => localEngine(seededRandom(name), idleClock),
          ledger: await openLedger(join(folder.path, 'ledger.json'), dayMs),
          ...(errand !== undefined &&
            at === 0 && { errand: (ports, until) => runErrand(ports, errand.errand, errand.operator, until) }),
          log(event, details = {}) {
            said.push({ by: name, event, details })
            for (const wake of waiting) wake()
          },
        },
        stop.signal,
      ),
    })),
  )
  return {
    async said(event, times = 1, by) {
      for (;;) {
        const heard = said.filter((each) => each.event === event && (by === undefined || each.by === by))
        if (heard.length >= times) return heard.at(-1)?.details ?? {}
        await new Promise<void>((resolve) => waiting.add(resolve))
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('the test is over'))
      await Promise.all(ended.map((each) => each.ended))
    },
  }
}
