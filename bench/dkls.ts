import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const packageName = '@silencelaboratories/dkls-wasm-ll-node'
const version = '1.1.2'

/**
 * The package's licence allows non-commercial use only, so it is no dependency of this project: a benchmark run fetches
 * it into the working folder, and reports the peer as absent where that fails.
 */
export function loadDkls(workFolder: string): Dkls | undefined {
  const folder = join(workFolder, 'dkls')
  mkdirSync(folder, { recursive: true })
  const require = createRequire(join(folder, 'index.js'))
  try {
    return require(packageName) as Dkls
  } catch {
    spawnSync(
      'npm',
      ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `${packageName}@${version}`],
      { stdio: 'ignore' },
    )
  }
  try {
    return require(packageName) as Dkls
  } catch {
    return undefined
  }
}

/** What we use of the package. */
export interface Dkls {
  readonly KeygenSession: new (participants: number, threshold: number, partyId: number) => KeygenSession
  readonly SignSession: new (share: Keyshare, path: string) => SignSession
}

interface KeygenSession {
  createFirstMessage(): Message
  handleMessages(messages: Message[], commitments?: Uint8Array[]): Message[]
  calculateChainCodeCommitment(): Uint8Array
  keyshare(): Keyshare
}

interface SignSession {
  createFirstMessage(): Message
  handleMessages(messages: Message[]): Message[]
  lastMessage(digest: Uint8Array): Message
  combine(messages: Message[]): unknown
}

interface Message {
  readonly from_id: number
  readonly to_id?: number
  clone(): Message
}

type Keyshare = object

/**
 * DKLs23 in Rust wasm, a protocol without Paillier: milliseconds of one party for a key and for a signature, all
 * parties in this process and the whole time divided by their number, exactly as tss-lib is measured.
 */
export function measureDkls(
  dkls: Dkls,
  threshold: number,
  parties: number,
): { readonly keygenMs: number; readonly signMs: number } {
  const started = performance.now()
  const shares = keygen(dkls, threshold, parties)
  const generated = performance.now()
  sign(dkls, shares.slice(0, threshold))
  return { keygenMs: (generated - started) / parties, signMs: (performance.now() - generated) / threshold }
}

function keygen(dkls: Dkls, threshold: number, parties: number): Keyshare[] {
  const sessions = Array.from({ length: parties }, (_, id) => new dkls.KeygenSession(parties, threshold, id))
  let messages = sessions.map((session) => session.createFirstMessage())
  messages = step(sessions, (session, id) => session.handleMessages(others(messages, id)))
  messages = step(sessions, (session, id) => session.handleMessages(addressed(messages, id)))
  const commitments = sessions.map((session) => session.calculateChainCodeCommitment())
  messages = step(sessions, (session, id) => session.handleMessages(addressed(messages, id), commitments))
  step(sessions, (session, id) => session.handleMessages(others(messages, id)))
  return sessions.map((session) => session.keyshare())
}

function sign(dkls: Dkls, shares: readonly Keyshare[]): void {
  const sessions = shares.map((share) => new dkls.SignSession(share, 'm'))
  let messages = sessions.map((session) => session.createFirstMessage())
  messages = step(sessions, (session, id) => session.handleMessages(others(messages, id)))
  messages = step(sessions, (session, id) => session.handleMessages(addressed(messages, id)))
  step(sessions, (session, id) => session.handleMessages(addressed(messages, id)))
  const last = sessions.map((session) => session.lastMessage(new Uint8Array(32).fill(1)))
  sessions.forEach((session, id) => session.combine(others(last, id)))
}

function step<S>(sessions: readonly S[], handle: (session: S, id: number) => Message[]): Message[] {
  return sessions.flatMap((session, id) => handle(session, id))
}

/** The library consumes the messages it is given, so everybody gets copies. */
function others(messages: readonly Message[], id: number): Message[] {
  return messages.filter((message) => message.from_id !== id).map((message) => message.clone())
}

function addressed(messages: readonly Message[], id: number): Message[] {
  return messages.filter((message) => message.to_id === id).map((message) => message.clone())
}
