/** Sets of pre-parameters that ceremonies count on, in all windows of this app. They stay in stock until they are used. */
export interface Reservations {
  count(): Promise<number>
  /** One more, until it is disposed of or its window is gone. */
  hold(): Promise<Disposable>
}

/** For programs with one window. */
export function ownReservations(): Reservations {
  const held = new Set<object>()
  return {
    count: () => Promise.resolve(held.size),
    hold() {
      const one = {}
      held.add(one)
      return Promise.resolve({
        [Symbol.dispose]() {
          held.delete(one)
        },
      })
    },
  }
}
