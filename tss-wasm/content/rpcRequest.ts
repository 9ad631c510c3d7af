import { isList, isObject, type JsonValue } from './json.ts'
import { ContentRefused } from './refused.ts'

/**
 * What a dapp wants to have signed, out of the JSON-RPC request that it came in (EIP-1474), the list of its parameters, or as it
 * is. Of the parameters it is the first that is no address.
 * @param methods those that ask for it
 * @throws ContentRefused for a request for something else
 */
export function unwrapped(given: JsonValue, thing: string, methods: readonly string[]): JsonValue {
  if (isObject(given) && given.has('method') && given.has('params')) {
    const method = given.get('method')
    if (typeof method !== 'string' || !methods.includes(method)) {
      const shown = typeof method === 'string' ? method : ''
      throw new ContentRefused(thing, 'other-method', { given: shown, needed: methods.join(', ') })
    }
    return unwrapped(given.get('params') ?? null, thing, methods)
  }
  if (!isList(given)) return given
  const wanted = given.filter((each) => !isAddress(each))
  const [first] = wanted
  if (first === undefined || wanted.length > 1)
    throw new ContentRefused(thing, 'is-a-list', { given: `${given.length}` })
  return first
}

function isAddress(value: JsonValue): boolean {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
}
