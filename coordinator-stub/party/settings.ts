import { resolve } from 'node:path'
import type { ListedNode } from '../../chain/evm/node.ts'
import { isPartyName } from '../../participant/session/serverParties.ts'
import { isName } from '../../tss-wasm/identity/walletName.ts'
import { commaSeparated } from '../process/commaSeparated.ts'
import type { Errand } from './errands.ts'
import { environmentSetting } from '../process/production.ts'
import { asPath, asPort, asText, asWholeNumber, help, isOn, type Setting, type ValuesOf } from '../process/settings.ts'

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
  signerPort: {
    flag: 'signer',
    value: 'PORT',
    says: 'Offers its wallets on this port to programs and pages of this machine, as JSON-RPC (docs/INTEGRATE.md).',
    read: asPort,
  },
  signerOrigins: {
    flag: 'signer-origins',
    value: 'ORIGINS',
    says: 'Pages that may call the signer, comma separated, such as https://app.example. Programs send the key of signer.key.',
    read: asOrigins,
  },
  signerNodes: {
    flag: 'signer-nodes',
    value: 'NODES',
    says: 'Nodes that the signer asks and sends through: comma separated, each CHAIN_ID=URL. Without any it only signs.',
    read: asNodes,
  },
  signerChain: {
    flag: 'signer-chain',
    value: 'CHAIN_ID',
    fallback: '1',
    says: 'The chain of the signer where it has no nodes.',
    read: asWholeNumber,
  },
  signerWaitSeconds: {
    flag: 'signer-wait',
    value: 'SECONDS',
    fallback: '600',
    says: 'How long a call of the signer waits for members to answer; then its request is withdrawn.',
    read: asWholeNumber,
  },
  withoutCommands: {
    flag: 'without-commands',
    says: 'Takes no commands of `npm run cli` while it runs; otherwise whoever can read commands.json of the data folder gives them, on this machine.',
    read: isOn,
  },
  recover: {
    flag: 'recover',
    value: 'WALLET',
    says: 'Gives places of this wallet (its id) whose shares are lost to new devices: prints their invitations, then asks on the terminal whether check codes match.',
    read: asWalletId,
  },
  lost: {
    flag: 'lost',
    value: 'SEATS',
    says: 'With --recover: the seats whose shares are lost, comma separated.',
    read: asSeats,
  },
  joinReshare: {
    flag: 'join-reshare',
    value: 'FILE',
    says: 'Becomes a member of a wallet that exists, by the invitation in this file; asks on the terminal whether check codes match.',
    read: asPath,
  },
  withoutComparing: {
    flag: 'without-comparing',
    says: 'With --recover or --join-reshare: believes whoever holds the invitation, and prints the check code only.',
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
  /** What programs and pages of this machine can have signed; undefined: nothing. */
  readonly signer?: SignerSettings | undefined
  /** Whether whoever can read the data folder gives it commands (`npm run cli`); left out: nobody does. */
  readonly takesCommands?: boolean | undefined
  /** What it does once, for whoever started it. */
  readonly errand?: { readonly errand: Errand; readonly comparing: boolean } | undefined
}

export interface SignerSettings {
  /** On the loopback address; 0 is any that is free. */
  readonly port: number
  /** Of pages, as browsers write them. */
  readonly origins: readonly string[]
  readonly nodes: readonly ListedNode[]
  /** Without nodes. */
  readonly chainId: bigint
  readonly waitMs: number
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
    withoutCommands = false,
    ca,
    cert,
    key,
    signerPort,
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
    signer: signerPort === undefined ? undefined : signerOf(values, signerPort),
    takesCommands: !withoutCommands,
    errand: errandOf(values),
  }
}

/** @throws Error where flags do not go together */
function errandOf({ recover, lost, joinReshare, withoutComparing = false }: Values): PartySettings['errand'] {
  const comparing = !withoutComparing
  if ((recover === undefined) !== (lost === undefined)) throw new Error('--recover and --lost go together')
  if (recover !== undefined && lost !== undefined) {
    if (joinReshare !== undefined) throw new Error('--recover and --join-reshare are two errands: run one at a time')
    return { errand: { kind: 'recover', walletId: recover, lost }, comparing }
  }
  return joinReshare === undefined ? undefined : { errand: { kind: 'join', invitationFile: joinReshare }, comparing }
}

function signerOf(
  { signerOrigins, signerNodes, signerChain, signerWaitSeconds }: Values,
  port: number,
): SignerSettings {
  const [origins, nodes] = [signerOrigins ?? [], signerNodes ?? []]
  return { port, origins, nodes, chainId: BigInt(signerChain), waitMs: signerWaitSeconds * 1000 }
}

function asOrigins(text: string, name: string): readonly string[] {
  const origins = commaSeparated(text)
  const wrong = origins.find((each) => !URL.canParse(each) || new URL(each).origin !== each)
  if (wrong === undefined) return origins
  throw new Error(`${name}: "${wrong}" is not an origin, such as https://app.example`)
}

function asNodes(text: string, name: string): readonly ListedNode[] {
  return commaSeparated(text).map((entry) => {
    const [, chainId = '', url = ''] = /^([1-9][0-9]{0,18})=(https?:\/\/\S+)$/.exec(entry) ?? []
    if (!URL.canParse(url)) throw new Error(`${name}: "${entry}" is not CHAIN_ID=URL, such as 1=https://node.example`)
    return { chainId: BigInt(chainId), url }
  })
}

function asWalletId(text: string, name: string): string {
  if (/^[0-9a-f]{32}$/.test(text)) return text
  throw new Error(`${name} must be the id of a wallet, 32 hex digits, not "${text}"`)
}

function asSeats(text: string, name: string): readonly number[] {
  const seats = commaSeparated(text)
  if (seats.length > 0 && seats.every((each) => /^[1-9]\d?$/.test(each))) return [...new Set(seats.map(Number))]
  throw new Error(`${name} must be numbers of seats, such as 1 or 1,3, not "${text}"`)
}

function asVisibleName(text: string, name: string): string {
  if (isName(text)) return text
  throw new Error(`${name} must be 1 to 64 characters that everybody sees, without blanks around them`)
}

function asPartyName(text: string, name: string): string {
  if (isPartyName(text)) return text
  throw new Error(`${name} must be 1 to 63 lower-case letters, digits, or any of ._- and begin with a letter or digit`)
}
