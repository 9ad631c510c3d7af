/** A JSON object, neither null nor an array: its members may be looked at, each still to be decoded. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
