import type { Value } from './database.ts'

/**
 * What runs a statement that the server has parsed before and asks for its rows, as PostgreSQL's protocol has it: Bind,
 * Describe, Execute and Sync, in one buffer. Written here because libraries copy a value many times on the way, and
 * envelopes are most of what is stored.
 */
export function runningStatement(name: string, values: readonly Value[]): Uint8Array {
  const encoded = values.map(onTheWire)
  const bytes = encoded.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 0)
  const nameBytes = Buffer.byteLength(name)
  // Portal and statement, each ended by a zero; the formats of values, the values, the format of results.
  const bind = 4 + 1 + nameBytes + 1 + 2 + 2 * encoded.length + 2 + bytes + 2
  const buffer = Buffer.allocUnsafeSlow(1 + bind + describe.length + execute.length + sync.length)
  let at = buffer.write('B', 0, 'latin1')
  at = buffer.writeInt32BE(bind, at)
  at = buffer.writeUInt8(0, at)
  at += buffer.write(name, at)
  at = buffer.writeUInt8(0, at)
  at = buffer.writeInt16BE(encoded.length, at)
  for (const value of values) at = buffer.writeInt16BE(value instanceof Uint8Array ? binary : text, at)
  at = buffer.writeInt16BE(encoded.length, at)
  for (const value of encoded) {
    at = buffer.writeInt32BE(value?.length ?? -1, at)
    if (value !== null) buffer.set(value, at)
    at += value?.length ?? 0
  }
  // Rows come as text.
  at = buffer.writeInt16BE(0, at)
  for (const message of [describe, execute, sync]) {
    buffer.set(message, at)
    at += message.length
  }
  return buffer
}

const text = 0
const binary = 1
/** Of the portal without a name; all its rows. */
const describe = Buffer.from('D\0\0\0\x06P\0', 'latin1')
const execute = Buffer.from('E\0\0\0\x09\0\0\0\0\0', 'latin1')
const sync = Buffer.from('S\0\0\0\x04', 'latin1')

/** Text, or bytes as they are. */
function onTheWire(value: Value): Uint8Array | null {
  if (value === null || value instanceof Uint8Array) return value
  return Buffer.from(typeof value === 'object' ? list(value) : String(value))
}

function list(items: readonly (string | number)[]): string {
  return `{${items.map((item) => `"${String(item).replaceAll(/[\\"]/g, String.raw`\$&`)}"`).join(',')}}`
}
