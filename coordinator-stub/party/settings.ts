import { resolve } from 'node:path'
import { isPartyName } from '../../participant/session/serverParties.ts'
import { isName } from '../../tss-wasm/identity/walletName.ts'
import { environmentSetting } from '../process/production.ts'
import { asPath, asText, asWholeNumber, help, isOn, type Setting, type ValuesOf } from '../process/settings.ts'

/** What can be set for every server party, wherever its master key comes from. */
export const partyFlags = {
  name: {
    flag: 'name',
    value: 'NAME',
    says: "Its name in the coordinator's list of server parties. Required.",
    read: asPartyName,
  },
  label: {
    flag: 'label',
    variable: 'PARTY_NAME',
    value: 'TEXT',
    says: 'What people are shown as its name, in place of --name: 1 to 64 characters. --identity prints it for the list.',
    example: { text: 'Vault in Zurich' },
    read: asVisibleName,
  },
  operator: {
    flag: 'operator',
    variable: 'PARTY_OPERATOR',
    value: 'TEXT',
    says: 'Who runs it, for people to see beside its name: 1 to 64 characters.',
    example: { text: 'Example AG' },
    read: asVisibleName,
  },
  coordinator: {
    flag: 'coordinator',
    value: 'URL',
    fallback: 'http://127.0.0.1:50051',
    says: 'Where the coordinator speaks gRPC.',
    read: asText,
  },
  dataFolder: {
    flag: 'data',
    value: 'FOLDER',
    says: 'Holds its identity, sealed shares and pre-parameters. Default: .quorate/NAME.',
    read: asPath,
  },
  deadlineSeconds: {
    flag: 'deadline',
    value: 'SECONDS',
    fallback: '60',
    says: 'How long to wait for a message of a round before it names who is silent.',
    read: asWholeNumber,
  },
  prepare: {
    flag: 'prepare',
    value: 'COUNT',
    fallback: '2',
    says: 'How many sets of pre-parameters to keep ready.',
    read: asWholeNumber,
  },
  policyFile: {
    flag: 'policy',
    value: 'FILE',
    says: 'What it agrees to (docs/POLICY.md). Default: policy.json in the data folder, if there is one.',
    read: asPath,
  },
  ca: {
    flag: 'ca',
    value: 'FILE',
    says: 'PEM file: who signed the certificate of an https:// coordinator. Default: the authorities that Node knows.',
    read: asText,
  },
  cert: {
    flag: 'cert',
    value: 'FILE',
    says: 'PEM file: its certificate, where the coordinator asks for one (TLS_CLIENT_CA).',
    read: asText,
  },
  key: { flag: 'key', value: 'FILE', says: 'PEM file: the key of --cert.', read: asText },
  freshWorkers: {
    flag: 'fresh-workers',
    says: 'Takes a new worker thread for every run, instead of one that is erased and serves up to 50 runs.',
    read: isOn,
  },
  identity: {
    flag: 'identity',
    says: "Prints its public identity, as the coordinator's --parties file lists it, and ends.",
    read: isOn,
  },
  environment: environmentSetting,
  help,
} as const satisfies Readonly<Record<string, Setting>>

/** Everything that can be set for a server party. */
export const partySettings = {
  ...partyFlags,
  masterKey: {
    variable: 'CRYPTO_MASTER_KEY',
    says: 'Seals identity and shares at rest: 64 hex digits, different for each party. If you lose it, you lose the shares. Without it one is made and kept in the data folder.',
    example: { text: '', isSet: true },
    read: asText,
  },
} as const satisfies Readonly<Record<string, Setting>>

/** What a server party is started with, by its own program or by the desktop's without a window. */
export interface PartySettings {
  /** As the coordinator's list of parties has it. */
  readonly name: string
  /** What people are shown as its name, and who runs it. */
  readonly label?: string | undefined
  readonly operator?: string | undefined
  /** Where the coordinator speaks gRPC. */
  readonly coordinator: string
  readonly dataFolder: string
  /** 64 hex digits; undefined: made once and kept in the data folder. */
  readonly masterKey: string | undefined
  /** How long we wait for a message of a round. */
  readonly deadlineMs: number
  /** Sets of pre-parameters to keep ready. */
  readonly prepare: number
  /** A new worker for every run, instead of one that is erased and used again. */
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

type Values = Omit<ValuesOf<typeof partyFlags>, 'name'> & { readonly name: string }

export function partyStart(values: Values, masterKey: string | undefined): PartySettings {
  const {
    name,
    label,
    operator,
    coordinator,
    dataFolder,
    deadlineSeconds,
    prepare,
    policyFile,
    freshWorkers = false,
    ca,
    cert,
    key,
  } = values
  return {
    name,
    label,
    operator,
    coordinator,
    dataFolder: dataFolder ?? resolve(`.quorate/${name}`),
    masterKey,
    deadlineMs: deadlineSeconds * 1000,
    prepare,
    freshWorkers,
    policyFile,
    tls: { ca, cert, key },
  }
}

function asVisibleName(text: string, name: string): string {
  if (isName(text)) return text
  throw new Error(`${name} must be 1 to 64 characters that everybody sees, without blanks around them`)
}

function asPartyName(text: string, name: string): string {
  if (isPartyName(text)) return text
  throw new Error(`${name} must be 1 to 63 lower-case letters, digits, or any of ._- and begin with a letter or digit`)
}
