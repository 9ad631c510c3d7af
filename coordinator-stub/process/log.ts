/** Structured log lines on stderr: one JSON object each. Ids of sessions and seats may appear; tokens, keys and bodies never. */
export type Log = (
  event: string,
  details?: Readonly<Record<string, string | number | boolean | readonly number[]>>,
) => void

export function createLog(source: string): Log {
  return (event, details = {}) => {
    process.stderr.write(JSON.stringify({ time: new Date().toISOString(), source, event, ...details }) + '\n')
  }
}

/** Something that should not happen: with its stack, for us. */
export function logBug(log: Log, error: unknown, where = ''): void {
  log('bug', { where, error: error instanceof Error ? (error.stack ?? error.message) : 'thrown: not an error' })
}
