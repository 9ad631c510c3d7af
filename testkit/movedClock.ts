// Preloaded by `node --import` into a process under test, whose clock is ahead of the machine's by as many milliseconds as the
// file at MOVED_CLOCK says: for tests of what happens a day later. Timers go on as they are.
import { readFileSync } from 'node:fs'

const file = process.env['MOVED_CLOCK']
const machineNow = Date.now.bind(Date)
/** So often the file is read at most. */
const rereadAfterMs = 50
let readAtMs = -Infinity
let aheadMs = 0

function now(): number {
  const machineMs = machineNow()
  if (file !== undefined && machineMs - readAtMs > rereadAfterMs) {
    readAtMs = machineMs
    aheadMs = Number(readFileSync(file, 'utf8'))
  }
  return machineMs + aheadMs
}

Date.now = now
