/** Does `work` when it is first asked for; whoever asks later shares what came of it, be it an error. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined
  return () => (begun ??= work())
}
