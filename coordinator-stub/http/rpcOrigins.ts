import { commaSeparated } from '../process/commaSeparated.ts'

const mostOrigins = 20

/**
 * Which nodes of Ethereum and Bitcoin the web app may be told to talk to, as the operator lists them: they go into the app's
 * Content-Security-Policy, which a page cannot widen by itself.
 * @param text comma separated origins, https, or http on this machine
 * @throws Error that says which entry is wrong
 */
export function parseRpcOrigins(text: string): readonly string[] {
  const origins = commaSeparated(text)
  const wrong = origins.find((origin) => !isOrigin(origin))
  if (wrong !== undefined) throw new Error(`RPC_ORIGINS: not an origin such as https://node.example: "${wrong}"`)
  if (origins.length > mostOrigins) throw new Error(`RPC_ORIGINS: more than ${mostOrigins}`)
  return origins
}

/** Nothing that could end a directive of the policy or widen it: an origin as URLs write it, and no wildcard. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { origin, protocol, hostname } = new URL(text)
  const isHere = protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1')
  return text === origin && (protocol === 'https:' || isHere) && /^[a-z0-9.:/[\]-]+$/.test(text)
}
