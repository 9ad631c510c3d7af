import { readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { LocalStack } from '../testkit/localStack.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { runningStack } from '../testkit/running.ts'

/** The local stack with the built app, on free ports and a folder that goes with it. */
export interface LocalApp extends AsyncDisposable {
  readonly stack: LocalStack
  /** The file names of the wallets that a server party holds a share of. */
  walletsOf(serverParty: string): Promise<string[]>
  /** All clocks of its processes are so many milliseconds ahead from now on. */
  moveClock(aheadMs: number): Promise<void>
  /** Under a host name, without which there are no passkeys. */
  readonly url: string
}

interface LocalAppOptions {
  /** Of the server parties; 60, as in production, unless said otherwise: a busy machine needs it. */
  readonly roundDeadlineSeconds?: number
  /** Of pre-parameters that each server party starts with, of the fixtures from 1 on. The browser makes its own. */
  readonly sets?: 1 | 2
  /** Its processes' clocks can be moved. */
  readonly hasMovedClock?: boolean
}

export async function startLocalApp({
  roundDeadlineSeconds = 60,
  sets = 2,
  hasMovedClock = false,
}: LocalAppOptions = {}): Promise<LocalApp> {
  await using opened = new AsyncDisposableStack()
  const { path: dataFolder } = opened.use(await temporaryFolder())
  const clockFile = join(dataFolder, 'clock')
  await writeFile(clockFile, '0')
  const stack = await runningStack({
    ...(hasMovedClock && { clockFile }),
    dataFolder,
    sets,
    webFolder: resolve(import.meta.dirname, '../dist'),
    roundDeadlineSeconds,
    logs: process.env['QUORATE_E2E_LOGS'] === undefined ? 'ignore' : 'inherit',
  })
  opened.use(stack)
  const running = opened.move()
  return {
    stack,
    async walletsOf(serverParty) {
      const names = await readdir(join(dataFolder, serverParty, 'wallets'))
      return names.filter((name) => name.endsWith('.share')).sort()
    },
    moveClock: (aheadMs) => writeFile(clockFile, String(aheadMs)),
    url: stack.url.replace('127.0.0.1', 'localhost'),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
