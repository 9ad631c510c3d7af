import type { Log } from './log.ts'

/** What a process is there for; `lost` settles, with the reason, when it can go on no more. */
interface Service extends AsyncDisposable {
  readonly lost?: Promise<string>
}

/**
 * Runs a service until SIGTERM, SIGINT, or the end of the process that started it with an IPC channel, then stops it in
 * good order. A service that cannot start says why, to its parent too, and ends with status 1; so does one that is lost.
 */
export async function runUntilSignalled(log: Log, start: () => Promise<Service>): Promise<void> {
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
    void service.lost?.then((because) => {
      process.exitCode = 1
      stop(because)
    })
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
