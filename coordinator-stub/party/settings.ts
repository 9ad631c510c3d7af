import { resolve } from 'node:path'
import { isPartyName } from '../../participant/session/serverParties.ts'

/** The flags of a server party, for `parseArgs`. */
export const partyOptions = {
  name: { type: 'string', default: '' },
  coordinator: { type: 'string', default: 'http://127.0.0.1:50051' },
  data: { type: 'string' },
  deadline: { type: 'string', default: '60' },
  policy: { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  prepare: { type: 'string', default: '2' },
  'fresh-workers': { type: 'boolean', default: false },
  identity: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

interface PartyFlags {
  readonly name: string
  readonly coordinator: string
  readonly data?: string | undefined
  readonly deadline: string
  readonly policy?: string | undefined
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly prepare: string
  readonly 'fresh-workers': boolean
}

/** What a server party is started with, by its own program or by the desktop's without a window. */
export interface PartySettings {
  /** As the coordinator's list of parties has it. */
  readonly name: string
  /** Where the coordinator speaks gRPC. */
  readonly coordinator: string
  readonly dataFolder: string
  /** 64 hex digits; undefined: made once and kept in the data folder. */
  readonly masterKey: string | undefined
  /** How long we wait for a message of a round. */
  readonly deadlineMs: number
  /** Sets of pre-parameters to keep ready. */
  readonly prepare: number
  /** Whether every run has a worker of its own, rather than one that has served others and was erased. */
  readonly freshWorkers?: boolean | undefined
  /** undefined: policy.json in the data folder, if there is one */
  readonly policyFile: string | undefined
  /** PEM files: who signed the coordinator's certificate, and our own where it asks for one. */
  readonly tls: {
    readonly ca?: string | undefined
    readonly cert?: string | undefined
    readonly key?: string | undefined
  }
}

/** @throws Error naming the flag that is wrong */
export function partySettings(flags: PartyFlags, masterKey: string | undefined): PartySettings {
  const { name, coordinator, data, deadline, policy, ca, cert, key, prepare } = flags
  if (!isPartyName(name)) {
    throw new Error('--name must be 1 to 63 lower-case letters, digits, or any of ._- and begin with a letter or digit')
  }
  return {
    name,
    coordinator,
    dataFolder: resolve(data ?? `.quorate/${name}`),
    masterKey,
    deadlineMs: wholeNumber(deadline, '--deadline') * 1000,
    prepare: wholeNumber(prepare, '--prepare'),
    freshWorkers: flags['fresh-workers'],
    policyFile: policy === undefined ? undefined : resolve(policy),
    tls: { ca, cert, key },
  }
}

function wholeNumber(text: string, flag: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`${flag} must be a whole number, not "${text}"`)
  return value
}
