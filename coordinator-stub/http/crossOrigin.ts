import type { IncomingMessage, ServerResponse } from 'node:http'
import { cors } from '@connectrpc/connect'
import { commaSeparated } from '../process/commaSeparated.ts'

/**
 * @param text comma separated origins
 * @throws Error that says which entry is wrong: as browsers never write it, it would let nobody in
 */
export function parseCorsOrigins(text: string): readonly string[] {
  const origins = commaSeparated(text)
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin)
  if (wrong !== undefined) throw new Error(`CORS_ORIGINS: not an origin such as https://wallet.example: "${wrong}"`)
  return origins
}

/**
 * CORS for gRPC-Web. The web app that we serve is of the same origin and needs none; others are listed by the operator.
 * Never "any origin", and no cookies: join tokens are the only credential.
 * @returns whether the request was a preflight and is answered
 */
export function crossOrigin(origins: readonly string[]) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { origin } = request.headers
    const isAllowed = origin !== undefined && origins.includes(origin)
    response.setHeader('vary', 'origin')
    if (isAllowed) {
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-expose-headers', cors.exposedHeaders.join(', '))
    }
    if (request.method !== 'OPTIONS') return false
    if (isAllowed) {
      response.setHeader('access-control-allow-methods', 'POST')
      response.setHeader('access-control-allow-headers', [...cors.allowedHeaders, 'Authorization'].join(', '))
      response.setHeader('access-control-max-age', '7200')
    }
    response.writeHead(isAllowed ? 204 : 403)
    response.end()
    return true
  }
}
