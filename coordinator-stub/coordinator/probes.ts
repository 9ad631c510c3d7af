import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAlive } from '../observe/health.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Database } from '../storage/database.ts'

/** /healthz and /metrics; undefined for any other path. */
export function answerProbes(database: Database, metrics: Metrics) {
  return (request: IncomingMessage, response: ServerResponse): Promise<void> | undefined => {
    switch (request.url) {
      case '/healthz':
        return isAlive(database).then((alive) => {
          response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
          response.end(JSON.stringify({ status: alive ? 'ok' : 'database unreachable' }))
        })
      case '/metrics':
        return metrics.text().then((text) => {
          response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
          response.end(text)
        })
      case undefined:
      default:
        return undefined
    }
  }
}
