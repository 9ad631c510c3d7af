import type { Mailbox } from './mailbox.ts'
import type { Round } from './round.ts'

/**
 * A protocol several times in a row, in one run: each time has rounds of its own, by name, so that no message of one time
 * can pass for another's. A single time keeps the protocol's own names.
 */
export function seriesTable(rounds: readonly Round[], times: number): readonly Round[] {
  return Array.from({ length: times }, (_, time) => rounds.map((round) => inSeries(round, time, times))).flat()
}

/** The mailbox of the whole series, as the protocol sees it at one `time`, counted from 0. */
export function mailAt(mail: Mailbox, time: number, times: number): Mailbox {
  return {
    broadcast: (round, message) => mail.broadcast(inSeries(round, time, times), message),
    sendTo: (peer, round, message) => mail.sendTo(peer, inSeries(round, time, times), message),
    collect: (round) => mail.collect(inSeries(round, time, times)),
    compare: (round) => mail.compare(inSeries(round, time, times)),
  }
}

/** "2/sign 1: …" is the second time. */
function inSeries<R extends Round>(round: R, time: number, times: number): R {
  if (times === 1) return round
  const carries = round.kind === 'broadcast' ? round.carries : undefined
  return {
    ...round,
    name: `${time + 1}/${round.name}`,
    ...(carries !== undefined && { carries: inSeries(carries, time, times) }),
  }
}
