import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { createContextKey, type HandlerContext } from '@connectrpc/connect'
import { commaSeparated } from '../process/commaSeparated.ts'

/** Where a call comes from; handlers find it here. Undefined within this process. */
export const callerAddressKey = createContextKey<string | undefined>(undefined)

/** What of a request of HTTP/1.1 or HTTP/2 says where it comes from. */
type Connected = Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } }

/**
 * The address of the connection. Only where that is one of our own proxies, the last address in X-Forwarded-For that is
 * none of them: what stands before it is whatever the caller chose to write.
 * @param trustedProxies addresses or networks, comma separated; empty: headers are never believed
 * @throws Error for a list that cannot be read
 */
export function callerAddress(trustedProxies: string): (request: Connected) => string | undefined {
  const proxies = addressList(trustedProxies, 'TRUSTED_PROXIES')
  return ({ socket, headers }) => {
    const connected = plainAddress(socket.remoteAddress)
    if (proxies === undefined || connected === undefined || !isListed(proxies, connected)) return connected
    const header = headers['x-forwarded-for']
    const said = (Array.isArray(header) ? header.join() : (header ?? '')).split(',').map((each) => each.trim())
    const caller = said.findLast((address) => !isListed(proxies, plainAddress(address)))
    // Without a header, or one that cannot be read, the proxy itself is the caller.
    return plainAddress(caller) ?? connected
  }
}

/** @returns undefined for an empty list @throws Error naming the setting and the entry */
export function addressList(text: string, setting: string): BlockList | undefined {
  const entries = commaSeparated(text)
  if (entries.length === 0) return undefined
  const list = new BlockList()
  for (const entry of entries) {
    const [, address = '', bits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(entry) ?? []
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    const most = family === 'ipv6' ? 128 : 32
    if (isIP(address) === 0 || Number(bits ?? 0) > most)
      throw new Error(`${setting}: "${entry}" is not an IP address or network`)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

export function isListed(list: BlockList, address: string | undefined): boolean {
  const plain = plainAddress(address)
  return plain !== undefined && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}

/** Which callers count as one: an IPv4 address, or the /64 network that one subscriber of IPv6 has. */
export function subscriberOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const before = groups(head)
  const after = groups(tail ?? '')
  const missing = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return [...before, ...missing, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/**
 * The caller that limits by address count this call for. Undefined, and not counted, for calls from this machine: tests,
 * benchmarks, or a proxy that we were not told of, which must not be one caller.
 */
export function callerIn({ values }: Pick<HandlerContext, 'values'>): string | undefined {
  const address = values.get(callerAddressKey)
  return address === undefined ? undefined : countedAs(address)
}

/** The same for an address. The other addresses of the loopback network count: nobody calls from them unless he means to. */
export function countedAs(address: string): string | undefined {
  return address === '::1' || address === '127.0.0.1' ? undefined : subscriberOf(address)
}

/** Without the form that IPv4 takes on an IPv6 socket; undefined for what is not an address. */
function plainAddress(address: string | undefined): string | undefined {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(plain) === 0 ? undefined : plain
}
