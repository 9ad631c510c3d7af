import { type Log, logBug } from './log.ts'

/**
 * Runs a service until SIGTERM, SIGINT, or the end of the process that started it with an IPC channel, then stops it in
 * good order. A service that cannot start prints why and ends with status 1.
 */
export async function runUntilSignalled(log: Log, start: () => Promise<AsyncDisposable>): Promise<void> {
  const { promise: asked, resolve: stop } = Promise.withResolvers<string>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  process.once('disconnect', () => {
    stop('the parent process has ended')
  })
  try {
    const service = await start()
    log('stopping', { because: await asked })
    await service[Symbol.asyncDispose]()
  } catch (error) {
    if (error instanceof Error) log('stopped', { because: error.message })
    else logBug(log, error)
    process.exitCode = 1
  }
  // Nothing may keep a stopped service alive: not an idle connection, not the channel to the parent.
  process.exit()
}
