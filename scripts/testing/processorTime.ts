import { readFileSync } from 'node:fs'

/**
 * Seconds of processor time that this process has taken, with those of its children that have ended and that it waited for.
 * Only Linux tells; elsewhere it is this process alone.
 */
export function processorSeconds(): number {
  try {
    // After the name, which may hold spaces: state is the first field, utime, stime, cutime and cstime the 12th to 15th.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return ticks / 100
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
}
