import type { Log } from './log.ts'

/**
 * Runs a service until SIGTERM, SIGINT, or the end of the process that started it with an IPC channel, then stops it in
 * good order. A service that cannot start says why, to its parent too, and ends with status 1.
 */
export async function runUntilSignalled(log: Log, start: () => Promise<AsyncDisposable>): Promise<void> {
  const { promise: asked, resolve: stop } = Promise.withResolvers<string>()
  process.once('SIGTERM', stop)
  // Ctrl-C reaches every process of a terminal at once; one that has a parent leaves the order of things to it.
  process.on('SIGINT', (signal) => {
    if (process.send === undefined) stop(signal)
  })
  process.once('disconnect', () => {
    stop('the parent process has ended')
  })
  try {
    const service = await start()
    log('stopping', { because: await asked })
    await service[Symbol.asyncDispose]()
  } catch (error) {
    const because = error instanceof Error ? error.message : 'thrown: not an error'
    log('stopped', { because })
    process.send?.({ failed: because })
    process.exitCode = 1
  }
  // Nothing may keep a stopped service alive: not an idle connection, not the channel to the parent.
  process.exit()
}
