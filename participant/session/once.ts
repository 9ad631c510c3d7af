/** Does `work` when it is first asked for; later callers share its result, also when it is an error. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined
  return () => (begun ??= work())
}
