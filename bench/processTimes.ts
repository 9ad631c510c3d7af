import { readFileSync } from 'node:fs'

/** Of the kernel's clock ticks in /proc, 100 to the second wherever Node runs. */
const msOfTick = 10

/** CPU time of a process, all its threads and no child of it, in milliseconds. Linux only. */
export function cpuMsOf(pid: number): number {
  // After the name, which may have spaces, and its parenthesis: field 3 comes first, 14 and 15 are user and system time.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * msOfTick
}
