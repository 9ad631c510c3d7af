/** A service of a .proto file. Comments are those of the file. */
interface Service {
  readonly name: string
  readonly calls: readonly Call[]
}

interface Call {
  readonly name: string
  readonly comment: string
  readonly request: string
  readonly response: string
  readonly isStream: boolean
}

const serviceBlock = /^service (\w+) \{\n([\s\S]*?)^\}/gm
const call = /((?:^ *\/\/.*\n)*)^ *rpc (\w+)\((\w+)\) returns \((stream )?(\w+)\)/gm
const block = /((?:^\/\/.*\n)*)^(?:message|enum) (\w+) \{(?:[^\n]*\}[^\n]*|[\s\S]*?^\})$/gm

export function servicesOf(proto: string): readonly Service[] {
  return Array.from(proto.matchAll(serviceBlock), ([, name = '', body = '']) => ({
    name,
    calls: Array.from(body.matchAll(call), ([, comment = '', of = '', request = '', stream, response = '']) => ({
      name: of,
      comment: comment.replace(/^ *\/\/ ?/gm, '').trim(),
      request,
      response,
      isStream: stream !== undefined,
    })),
  }))
}

/** Messages and enumerations at the top of a .proto file, with their comments, by name. */
export function messagesOf(proto: string): ReadonlyMap<string, string> {
  return new Map(Array.from(proto.matchAll(block), ([text, , name = '']) => [name, text.trim()]))
}
