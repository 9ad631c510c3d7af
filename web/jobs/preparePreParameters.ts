import { type Failure, failureIn } from '../../tss-wasm/failure.ts'
import type { Engine, SearchProgress } from '../../tss-wasm/worker/api.ts'
import type { PreParameterStore } from '../platform/preParameterStore.ts'

export interface PreparationPorts {
  readonly preParameters: PreParameterStore
  startEngine(): Engine
  /** Runs `work` while no other window of this app does work of the same name. */
  exclusively(name: string, work: () => Promise<void>): Promise<void>
}

export type PreparationState =
  | { readonly state: 'searching'; readonly progress: SearchProgress | undefined }
  | { readonly state: 'ready'; readonly sets: number }
  | { readonly state: 'failed'; readonly failure: Failure }

/** Keeps one set of pre-parameters in stock. */
export interface Preparation {
  /** Resolves when there is a set: at once, or after the search that is under way, or after one started now. */
  ready(): Promise<void>
}

/**
 * Searching takes a computer from seconds to minutes, so it is done ahead of need, in workers, once at a time.
 * @param onChange told what there is and how the search goes
 */
export function keepPrepared(ports: PreparationPorts, onChange: (state: PreparationState) => void): Preparation {
  let running: Promise<void> | undefined

  async function fill(): Promise<void> {
    try {
      await ports.exclusively('pre-parameters', async () => {
        if ((await ports.preParameters.count()) === 0) await search(ports, onChange)
      })
      onChange({ state: 'ready', sets: await ports.preParameters.count() })
    } catch (error) {
      onChange({ state: 'failed', failure: failureIn(error) })
      throw error
    } finally {
      running = undefined
    }
  }

  return {
    ready() {
      running ??= fill()
      return running
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
