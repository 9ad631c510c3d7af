import { type Failure, failureIn } from '../../tss-wasm/failure.ts'
import type { Engine, SearchProgress } from '../../tss-wasm/worker/api.ts'
import type { PreParameterStore } from '../platform/preParameterStore.ts'
import type { Reservations } from './preParameterReservations.ts'

export interface PreparationPorts {
  readonly preParameters: PreParameterStore
  startEngine(): Engine
  /** Runs `work` while no other window of this app does work of the same name. */
  exclusively(name: string, work: () => Promise<void>): Promise<void>
  readonly reservations: Reservations
}

export type PreparationState =
  | { readonly state: 'searching'; readonly progress: SearchProgress | undefined }
  | { readonly state: 'ready'; readonly sets: number }
  | { readonly state: 'failed'; readonly failure: Failure }

/** Keeps one set of pre-parameters in stock. */
export interface Preparation {
  /** Resolves when there is a set: at once, or after the search that is under way, or after one started now. */
  ready(): Promise<void>
  /**
   * Resolves when there is a set that no other ceremony counts on, in whichever window: two wallets that are begun at once
   * would both gather people, and only one could be made. Held until it is disposed of, or `signal` aborts.
   */
  reserve(signal: AbortSignal): Promise<Disposable>
}

/**
 * Searching takes a computer from seconds to minutes, so it is done ahead of need, in workers, once at a time.
 * @param onChange told what there is and how the search goes
 */
export function keepPrepared(ports: PreparationPorts, onChange: (state: PreparationState) => void): Preparation {
  let running: Promise<void> | undefined

  /** @param then what follows before another window can search, or reserve */
  async function stocked(needed: () => Promise<number>, then: () => Promise<void>): Promise<void> {
    try {
      await ports.exclusively('pre-parameters', async () => {
        if ((await ports.preParameters.count()) < (await needed())) await search(ports, onChange)
        await then()
      })
      onChange({ state: 'ready', sets: await ports.preParameters.count() })
    } catch (error) {
      onChange({ state: 'failed', failure: failureIn(error) })
      throw error
    }
  }

  async function fill(): Promise<void> {
    try {
      await stocked(
        () => Promise.resolve(1),
        () => Promise.resolve(),
      )
    } finally {
      running = undefined
    }
  }

  return {
    ready() {
      running ??= fill()
      return running
    },
    async reserve(signal) {
      using held = new DisposableStack()
      await stocked(
        async () => (await ports.reservations.count()) + 1,
        async () => {
          held.use(await ports.reservations.hold())
        },
      )
      signal.throwIfAborted()
      const reserved = held.move()
      signal.addEventListener('abort', () => {
        reserved.dispose()
      })
      return reserved
    },
  }
}

async function search(ports: PreparationPorts, onChange: (state: PreparationState) => void): Promise<void> {
  onChange({ state: 'searching', progress: undefined })
  const key = await ports.preParameters.key()
  using engine = ports.startEngine()
  const sealed = await engine.makePreParameters(key, (progress) => {
    onChange({ state: 'searching', progress })
  })
  await ports.preParameters.put(sealed)
}
