/**
 * One comparison: `ratio` = peerMs / ms, above 1 we are faster; without a peer only our own time. Medians, with the
 * spread of our own runs.
 */
export interface Row {
  readonly name: string
  readonly runtime: string
  readonly ms: number
  readonly spread: readonly [lowest: number, highest: number]
  readonly peer?: string
  readonly peerMs?: number
  readonly ratio?: number
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** `ours` and `theirs`: milliseconds of each run. */
export function row(
  name: string,
  runtime: string,
  ours: readonly number[],
  peer: string,
  theirs: readonly number[],
): Row {
  const ms = median(ours)
  const peerMs = median(theirs)
  return { name, runtime, ms, spread: [Math.min(...ours), Math.max(...ours)], peer, peerMs, ratio: peerMs / ms }
}

/** Where nobody else does the same. */
export function lonelyRow(name: string, runtime: string, ours: readonly number[], ms = median(ours)): Row {
  return { name, runtime, ms, spread: [Math.min(...ours), Math.max(...ours)] }
}

export function printRows(rows: readonly Row[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ rows }))
    return
  }
  const cells = rows.map((one) => [
    one.name,
    one.runtime,
    `${shown(one.ms)} ms`,
    `${shown(one.spread[0])} to ${shown(one.spread[1])}`,
    one.peer ?? '',
    one.peerMs === undefined ? '' : `${shown(one.peerMs)} ms`,
    one.ratio === undefined ? '' : `${one.ratio.toFixed(2)}×`,
  ])
  const table = [['measure', 'runtime', 'ours', 'spread', 'peer', 'peer time', 'peer / ours'], ...cells]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? []
  for (const line of table) console.log(line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
}

function shown(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)
}
