import { decodeServerParties } from '../participant/session/serverParties.ts'
import { readFile } from 'node:fs/promises'
import { loadDescriptions } from '../files/descriptions.ts'
import { readDescription } from '../tss-wasm/content/describe/description.ts'
import { serveAppAlone } from './http/appAlone.ts'
import { appSettings, builtApp } from './coordinator/appSettings.ts'
import { closeHttp, httpServer, listen, readTls } from './http/listening.ts'
import { createLog, logBug } from './process/log.ts'
import { runUntilSignalled } from './process/runUntilSignalled.ts'
import { flagsOf, readSettings, usageOf } from './process/settings.ts'

const about = "Serves Quorate's web app from an origin of its own, beside any coordinator (docs/OPERATIONS.md)."
const flags = flagsOf(appSettings)

if (flags['help'] !== undefined) {
  process.stdout.write(usageOf(about, 'npm run serve-app -- --coordinators ORIGINS [FLAG ...]', appSettings))
} else {
  const log = createLog('app')
  await runUntilSignalled(log, async () => {
    const { coordinators, partiesFile, descriptionsFolder, ...settings } = readSettings(appSettings, flags)
    if (coordinators === undefined) throw new Error('COORDINATORS: 1 to 20 origins')
    const { tlsCert: cert, tlsKey: key } = settings
    if ((cert === undefined) !== (key === undefined)) throw new Error('TLS_CERT and TLS_KEY must be set together')
    const serve = serveAppAlone({
      folder: settings.webFolder ?? builtApp,
      coordinators,
      parties: partiesFile === undefined ? [] : decodeServerParties(await readFile(partiesFile, 'utf8')),
      rpcOrigins: settings.rpcOrigins ?? [],
      nodes: settings.nodes ?? [],
      tokens: settings.tokens ?? [],
      descriptions: JSON.stringify({
        descriptions:
          descriptionsFolder === undefined ? [] : await loadDescriptions(descriptionsFolder, readDescription),
      }),
    })
    const tls = cert !== undefined && key !== undefined ? await readTls({ cert, key, clientCa: undefined }) : undefined
    const server = httpServer((request, response) => {
      serve(request, response).catch((error: unknown) => {
        logBug(log, error)
        response.statusCode = 500
        response.end()
      })
    }, tls)
    const port = await listen(server, settings.port, settings.host)
    const url = `${tls === undefined ? 'http' : 'https'}://${settings.host}:${port}`
    log('listening', { url, coordinators: coordinators.join(' ') })
    process.send?.({ ready: { url } })
    return { [Symbol.asyncDispose]: () => closeHttp(server) }
  })
}
