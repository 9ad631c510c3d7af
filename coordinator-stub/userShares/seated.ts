import { inSeat, leavingWhen } from '../../participant/session/inSeat.ts'
import type { Seat } from '../../participant/session/seat.ts'
import type { Engine } from '../../tss-wasm/worker/api.ts'

/** Work in a seat. A failure is told to the others; so is our leaving when `signal` aborts, which ends all waiting. */
export async function seated<S extends Seat, T>(
  signal: AbortSignal,
  taking: Promise<S>,
  work: (seat: S) => Promise<T>,
): Promise<T> {
  await using seat = await taking
  using leaving = new DisposableStack()
  leaving.use(leavingWhen(signal, seat))
  return await inSeat(seat, () => {
    signal.throwIfAborted()
    return work(seat)
  })
}

export interface Engines extends Disposable {
  start(start: () => Engine): Engine
}

/** Workers that end, with the memory that held secrets, when we are done or `signal` aborts. */
export function endingWith(signal: AbortSignal): Engines {
  const running = new DisposableStack()
  const end = () => {
    running.dispose()
  }
  signal.addEventListener('abort', end, { once: true })
  return {
    start: (start) => {
      signal.throwIfAborted()
      return running.use(start())
    },
    [Symbol.dispose]() {
      signal.removeEventListener('abort', end)
      end()
    },
  }
}
