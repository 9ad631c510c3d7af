import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeServerParties, type PinnedParty } from '../../participant/session/serverParties.ts'
import { commaSeparated } from '../process/commaSeparated.ts'
import { type ListedNode, type ListedToken, originsOf } from './nodes.ts'
import { isOrigin } from './rpcOrigins.ts'
import { serveWebApp } from './webApp.ts'
import { securityHeaders } from '../../files/appHeaders.ts'

const mostCoordinators = 20

/**
 * @param text comma separated origins, https, or http on this machine
 * @throws Error that says which entry is wrong, or that there is none
 */
export function parseCoordinators(text: string): readonly string[] {
  const origins = commaSeparated(text)
  const wrong = origins.find((origin) => !isOrigin(origin))
  if (wrong !== undefined) throw new Error(`COORDINATORS: not an origin such as https://wallet.example: "${wrong}"`)
  if (origins.length === 0 || origins.length > mostCoordinators)
    throw new Error(`COORDINATORS: 1 to ${mostCoordinators} origins`)
  return origins
}

export interface AppAlone {
  /** The built web app. */
  readonly folder: string
  /** Among which a person chooses one; the page can reach no other. */
  readonly coordinators: readonly string[]
  /** Pinned here, so that no coordinator says which servers are meant. */
  readonly parties: readonly PinnedParty[]
  readonly rpcOrigins: readonly string[]
  readonly nodes?: readonly ListedNode[]
  readonly tokens?: readonly ListedToken[]
  /** The text of /descriptions.json. */
  readonly descriptions: string
}

/** The app from an origin of its own: whoever serves its code carries no messages, and the other way around. */
export function serveAppAlone(app: AppAlone): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { folder, coordinators, nodes = [], tokens = [] } = app
  const rpcOrigins = [...new Set([...app.rpcOrigins, ...originsOf(nodes)])]
  const serve = serveWebApp({
    folder,
    rpcOrigins: [...coordinators, ...rpcOrigins],
    documents: {
      '/quorate.json': () => encodeServerParties(app.parties),
      '/coordinators.json': () => JSON.stringify({ coordinators }),
      '/rpc.json': () => JSON.stringify({ rpcOrigins, nodes, tokens }),
      '/descriptions.json': () => app.descriptions,
    },
  })
  return (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    return serve(request, response)
  }
}
