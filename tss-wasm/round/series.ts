import type { Mailbox } from './mailbox.ts'
import type { Round } from './round.ts'

/**
 * A protocol several times in a row, in one run: each time has rounds of its own, by name, so that no message of one time
 * can pass for another's. A single time keeps the protocol's own names.
 */
export function seriesTable(rounds: readonly Round[], times: number): readonly Round[] {
  return seriesOf(Array.from({ length: times }, () => rounds))
}

/** The same where the rounds are not alike every time, as with batches of different lengths. */
export function seriesOf(tables: readonly (readonly Round[])[]): readonly Round[] {
  return tables.flatMap((rounds, time) => rounds.map((round) => inSeries(round, time, tables.length)))
}

/**
 * Several runs of protocols in one mailbox at the same time, each with rounds of its own. The first that fails ends the
 * others at their next word; none of them goes on after this has thrown.
 * @throws what the first one threw
 */
export async function sideBySide<T>(
  mail: Mailbox,
  runs: readonly ((mail: Mailbox) => Promise<T>)[],
): Promise<readonly T[]> {
  const { promise: failed, reject } = Promise.withResolvers<never>()
  failed.catch(() => undefined) // whoever waits hears of it
  const unlessFailed = <R>(said: Promise<R>): Promise<R> => Promise.race([failed, said])
  const shared: Mailbox = {
    broadcast: (round, message) => unlessFailed(mail.broadcast(round, message)),
    sendTo: (peer, round, message) => unlessFailed(mail.sendTo(peer, round, message)),
    collect: (round) => unlessFailed(mail.collect(round)),
    testify: (round) => unlessFailed(mail.testify(round)),
    compare: (round) => unlessFailed(mail.compare(round)),
  }
  const outcomes = await Promise.allSettled(
    runs.map((run) =>
      run(shared).catch((error: unknown) => {
        reject(error)
        throw error
      }),
    ),
  )
  if (outcomes.some(({ status }) => status === 'rejected')) return failed
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}

/** The mailbox of the whole series, as the protocol sees it at one `time`, counted from 0. */
export function mailAt(mail: Mailbox, time: number, times: number): Mailbox {
  return {
    broadcast: (round, message) => mail.broadcast(inSeries(round, time, times), message),
    sendTo: (peer, round, message) => mail.sendTo(peer, inSeries(round, time, times), message),
    collect: (round) => mail.collect(inSeries(round, time, times)),
    testify: (round) => mail.testify(inSeries(round, time, times)),
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
