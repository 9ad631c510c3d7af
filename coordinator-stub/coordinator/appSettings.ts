import { resolve } from 'node:path'
import { coordinatorSettings } from './settings.ts'
import { asPath, asPort, help, type Setting } from '../process/settings.ts'
import { parseCoordinators } from '../http/appAlone.ts'

const { host, partiesFile, rpcOrigins, nodes, tokens, descriptionsFolder, tlsCert, tlsKey } = coordinatorSettings

/** Everything that whoever serves only the app can set. */
export const appSettings = {
  coordinators: {
    flag: 'coordinators',
    value: 'ORIGINS',
    variable: 'COORDINATORS',
    says: 'Coordinators among which people choose, comma separated: the app can reach no other. Required.',
    example: { text: 'https://coordinator.example' },
    read: parseCoordinators,
  },
  port: {
    flag: 'port',
    value: 'PORT',
    fallback: '8081',
    says: 'Port of the web app; 0 takes any free port.',
    read: asPort,
  },
  host: { ...host, says: 'Address that it listens on.' },
  webFolder: {
    flag: 'web',
    value: 'FOLDER',
    says: 'The built web app. Default: dist.',
    read: asPath,
  },
  partiesFile: {
    ...partiesFile,
    says: 'Server parties that the app pins, as the coordinator has them in its --parties.',
  },
  rpcOrigins,
  nodes,
  tokens,
  descriptionsFolder,
  tlsCert: { ...tlsCert, says: 'PEM file: speak TLS 1.3 with this certificate and TLS_KEY.' },
  tlsKey,
  help,
} as const satisfies Readonly<Record<string, Setting>>

export const builtApp = resolve(import.meta.dirname, '../../dist')
