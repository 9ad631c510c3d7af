import { join } from 'node:path'
import { systemRandom } from '../tss-wasm/random.ts'
import type { CoordinatorSettings } from '../coordinator-stub/coordinator/settings.ts'
import { type RunningCoordinator, startCoordinator } from '../coordinator-stub/coordinator/start.ts'
import { type LocalStack, type LocalStackOptions, startLocalStack } from './localStack.ts'
import { copyEmptyDatabase } from './emptyDatabase.ts'
import { silent } from './harness.ts'
import { fixturePreParameters } from './person.ts'

type Changes<T extends { dataFolder: string }> = Partial<T> & Pick<T, 'dataFolder'>

type StackChanges = Changes<LocalStackOptions> & {
  /** One for each wallet that is to be made; two at the most, there are five fixtures. */
  readonly sets?: 1 | 2
}

/** A coordinator in this process, on free ports. */
export async function runningCoordinator(changes: Changes<CoordinatorSettings>): Promise<RunningCoordinator> {
  if (changes.databaseUrl === undefined) await copyEmptyDatabase(join(changes.dataFolder, 'database'))
  return coordinatorOn(changes)
}

/** The same on whatever is in its folder; in an empty one it makes its database. */
export function coordinatorOn(changes: Changes<CoordinatorSettings>): Promise<RunningCoordinator> {
  const settings = { port: 0, grpcPort: 0, host: '127.0.0.1', heartbeatMs: 200 }
  const without = { webFolder: undefined, partiesFile: undefined, joinTokenSecret: undefined }
  return startCoordinator({ ...settings, ...without, ...changes }, systemRandom, silent)
}

/**
 * A coordinator and two server parties as processes, on free ports. Each party begins with so many sets of pre-parameters
 * of the fixtures from 1 on, and searches for no other: a search would take a core from whatever else is tested.
 */
export async function runningStack({ sets = 1, ...changes }: StackChanges): Promise<LocalStack> {
  await copyEmptyDatabase(join(changes.dataFolder, 'coordinator', 'database'))
  let fixture = 1
  return startLocalStack({
    ...{ port: 0, grpcPort: 0, parties: ['server-1', 'server-2'], prepareAhead: 0, roundDeadlineSeconds: 60 },
    logs: 'ignore',
    random: systemRandom,
    ...changes,
    async beforeStart(name, party) {
      for (let added = 0; added < sets; added += 1) {
        await party.addPrepared(await fixturePreParameters(fixture++, party.masterKey))
      }
      await changes.beforeStart?.(name, party)
    },
  })
}
