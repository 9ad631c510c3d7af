import type { Arrival, Delivery, Page } from '../signals/message.ts'
import { createBell, type Signals } from '../signals/signals.ts'

/** What one stream of messages has read, and what comes next. */
export interface MessageReader extends Disposable {
  /**
   * The next message in order; `quiet` after `timeoutMs` without one; `ended` when there will be no more; `aborted` when
   * `signal` is. @throws what reading the database throws
   */
  next(timeoutMs: number, signal: AbortSignal): Promise<Delivery | 'quiet' | 'ended' | 'aborted'>
}

/** Bytes that all readers of this process hold for slow connections. */
export interface Budget {
  left: number
}

/** What a reader holds at most beside one message. */
const mostQueuedBytes = 512 * 1024

/**
 * Messages that were just stored here come from memory, without a question to the database. That is right only while
 * nothing is missing in between: cursors of a session have no holes, so a message that does not follow the last one known
 * (another instance stored the one before), one whose body is elsewhere, and one for which there is no room, make the
 * reader go back to the database for everything after the last message it gave out.
 * @param looksWhenQuiet whether it asks the database again after each time without news: others may have died before they told
 */
export function openReader(
  topic: string,
  seat: number,
  after: bigint,
  read: (after: bigint) => Promise<Page>,
  signals: Signals,
  budget: Budget,
  looksWhenQuiet = false,
): MessageReader {
  const bell = createBell()
  let queue: Delivery[] = []
  let queuedBytes = 0
  /** The cursor of the last message given out. */
  let given = after
  /** Up to this cursor, every message is given out, in the queue, or not for us; undefined: the database knows. */
  let known: bigint | undefined
  /** The highest cursor heard of while the database was being asked. */
  let heard = 0n
  let mustQuery = false

  function forget(): void {
    budget.left += queuedBytes
    queue = []
    queuedBytes = 0
    known = undefined
  }

  function hold(deliveries: readonly Delivery[]): void {
    const bytes = deliveries.reduce((sum, { envelope }) => sum + envelope.length, 0)
    queue.push(...deliveries)
    queuedBytes += bytes
    budget.left -= bytes
  }

  function arrived({ cursor, from, to, envelope }: Arrival): void {
    if (cursor > heard) heard = cursor
    if (known === undefined || cursor <= known) return
    const isForUs = to === seat || (to === 0 && from !== seat)
    const fits = queue.length === 0 || queuedBytes + (envelope?.length ?? 0) <= mostQueuedBytes
    if (cursor !== known + 1n || (isForUs && (envelope === undefined || !fits || budget.left < envelope.length))) {
      forget()
      return
    }
    known = cursor
    if (isForUs && envelope !== undefined) hold([{ cursor, from, to, envelope }])
  }

  const listening = signals.on(topic, (arrival) => {
    if (arrival === undefined) mustQuery = true
    else arrived(arrival)
    bell.ring()
  })

  /** @returns whether the session has ended and everything is in the queue */
  async function query(): Promise<boolean> {
    forget()
    mustQuery = false
    heard = 0n
    const page = await read(given)
    hold(page.deliveries)
    // What was stored after the database had answered is found by asking again.
    if (!page.isFull && heard <= page.last) known = page.last
    return page.ended && !page.isFull
  }

  let ended = false
  return {
    async next(timeoutMs, signal) {
      for (;;) {
        if (signal.aborted) return 'aborted'
        const delivery = queue.shift()
        if (delivery !== undefined) {
          queuedBytes -= delivery.envelope.length
          budget.left += delivery.envelope.length
          given = delivery.cursor
          return delivery
        }
        if (ended) return 'ended'
        if (known === undefined || mustQuery) {
          ended = await query()
          continue
        }
        const woken = await bell.wait(timeoutMs, signal)
        if (woken === 'quiet' && looksWhenQuiet) mustQuery = true
        if (woken !== 'raised') return woken
      }
    },
    [Symbol.dispose]() {
      listening[Symbol.dispose]()
      forget()
    },
  }
}
