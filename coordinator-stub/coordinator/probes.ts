import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAlive } from '../observe/health.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Database } from '../storage/database.ts'

/**
 * /healthz, and /metrics to whoever presents its key; undefined for any other path.
 * @param metricsKey undefined: nobody reads metrics
 */
export function answerProbes(database: Database, metrics: Metrics, metricsKey: string | undefined) {
  return (request: IncomingMessage, response: ServerResponse): Promise<void> | undefined => {
    switch (request.url) {
      case '/healthz':
        return isAlive(database).then((alive) => {
          response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
          response.end(JSON.stringify({ status: alive ? 'ok' : 'database unreachable' }))
        })
      case '/metrics':
        if (metricsKey === undefined || !isBearer(request, metricsKey)) {
          response.writeHead(metricsKey === undefined ? 404 : 401, { 'cache-control': 'no-store' })
          response.end()
          return Promise.resolve()
        }
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

/** Compares hashes, so that timing reveals nothing. */
function isBearer({ headers }: IncomingMessage, key: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(headers.authorization ?? ''), hash(`Bearer ${key}`))
}
