/** Counts things by name. A name with a count of zero takes no memory. */
export interface Counter {
  of(name: string): number
  add(name: string): void
  remove(name: string): void
}

export function createCounter(): Counter {
  const counts = new Map<string, number>()
  const counter: Counter = {
    of: (name) => counts.get(name) ?? 0,
    add(name) {
      counts.set(name, counter.of(name) + 1)
    },
    remove(name) {
      const left = counter.of(name) - 1
      if (left > 0) counts.set(name, left)
      else counts.delete(name)
    },
  }
  return counter
}
