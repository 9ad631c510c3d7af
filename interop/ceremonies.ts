import { createGrpcTransport } from '@connectrpc/connect-node'
import type { Transport } from '@connectrpc/connect'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../testkit/harness.ts'
import { runningCoordinator } from '../testkit/running.ts'
import { createCoordinator, readMaxBytes } from '../participant/createCoordinator.ts'
import { memoryRuns } from '../participant/connection/runs.ts'
import { installation, never, passphrase } from '../testkit/people.ts'
import { writePreParameters } from '../tss-wasm/keyShare/saveData.ts'
import { sealWallet, unsealWallet } from '../tss-wasm/keyShare/seal.ts'
import { decodeWallet, encodeWallet } from '../tss-wasm/keyShare/wallet.ts'
import { walletIdOf } from '../tss-wasm/keyShare/keyShare.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import { fixturePreParameters } from '../tss-wasm/test/protocols/fixtureShare.ts'
import { inviteAndCreate } from '../web/jobs/createWallet.ts'
import { joinByInvitation, previewInvitation } from '../web/jobs/joinByInvitation.ts'
import type { Ports } from '../web/jobs/ports.ts'
import { answerRequest, type SigningRequest, watchRequests } from '../web/jobs/requests.ts'
import { signContent } from '../web/jobs/signContent.ts'
import type { Signed } from '../web/jobs/signed.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import type { InvitationShown } from '../web/jobs/ceremony.ts'
import { runGoParty } from './goParty.ts'
import type { Held, Holder } from './holder.ts'

/** Who sits in a seat: our engine with the client of our app, or tss-lib with nothing of ours. */
export type Player = 'ours' | 'go'

/** What a recorder is to see: our engine at work. */
export type Observed = (ports: Ports, holder: Holder, everybody: readonly Holder[]) => Ports

export interface Hall extends AsyncDisposable {
  readonly transport: Transport
  /** host:port of gRPC without TLS */
  readonly address: string
  /** Path of the Go party. */
  readonly program: string
}

const app = 'https://wallet.example'
/** A minute and a half of silence: Go's proofs on a machine that does other things. */
const roundMs = 90_000
const walletName = 'Interop <&> "é" 錢包'

/** A coordinator of its own, reached over HTTP/2. */
export async function openHall(program: string): Promise<Hall> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const coordinator = opened.use(await runningCoordinator({ dataFolder: folder.path, heartbeatMs: 1000 }))
  const all = opened.move()
  return {
    transport: createGrpcTransport({ baseUrl: coordinator.grpcUrl, readMaxBytes }),
    address: new URL(coordinator.grpcUrl).host,
    program,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** As a server runs it: the client with all its patience, the engine in threads of its own. */
async function portsOf({ transport }: Hall, holder: Holder, observed: Seen): Promise<Ports> {
  const ports: Ports = {
    ...(await installation(transport, holder.number, roundMs)),
    coordinator: createCoordinator(transport, { random: systemRandom, runs: memoryRuns() }),
    identity: { load: () => Promise.resolve(holder.identity), sealed: () => Promise.resolve(undefined) },
    startEngine: () => startEngine(spawnInNode),
    deadlines: { joinMs: roundMs, readyMs: roundMs, roundMs },
  }
  return observed(ports, holder)
}

/** `Observed` in one session. */
type Seen = (ports: Ports, holder: Holder) => Ports

const unobserved: Observed = (ports) => ports

export interface NewKey {
  readonly threshold: number
  /** Seat 1 is ours: it creates the session and invites the others. */
  readonly guests: readonly Player[]
  readonly observed?: Observed
}

export interface Made {
  readonly publicKey: Uint8Array
  /** By seat. */
  readonly holders: readonly Held[]
  /** What everybody read; one code if all is well. */
  readonly codes: ReadonlySet<string>
}

/** Makes a key in a session of the coordinator. Every seat's share is exported by whoever made it. */
export async function makeKey(
  hall: Hall,
  holders: readonly Holder[],
  { threshold, guests, observed = unobserved }: NewKey,
): Promise<Made> {
  const [host] = holders
  if (host === undefined) throw new Error('somebody has to invite')
  const codes = new Set<string>()
  const seen: Seen = (ports, holder) => observed(ports, holder, holders)
  const codesMatch = (code: string): Promise<boolean> => {
    codes.add(code.replaceAll(' ', ''))
    return Promise.resolve(true)
  }
  const joining: Promise<Uint8Array<ArrayBuffer>>[] = []
  const invite = (invitations: readonly InvitationShown[]): void => {
    for (const { seat, link } of invitations) {
      const holder = holders[seat - 1]
      if (holder === undefined) throw new Error('nobody has this seat')
      const join = guests[seat - 2] === 'go' ? joinAsGo : joinAsOurs
      const joined = join(hall, holder, { link, codesMatch, seen })
      joined.catch(() => undefined)
      joining.push(joined)
    }
  }
  const ports = await portsOf(hall, host, seen)
  const form = {
    name: walletName,
    threshold,
    serverParties: [],
    people: guests.map((_, i) => `guest ${i + 1}`),
    passphrase: passphrase(),
    lifeSeconds: 300,
    app,
  }
  const created = inviteAndCreate(
    ports,
    form,
    (event) => {
      if (event.type === 'invitations' && joining.length === 0) invite(event.invitations)
    },
    never,
    { hosting: () => undefined, codesMatch },
  )
  // Whoever gives up says more of why than the others' "somebody gave up".
  const record = await created.catch(async (error: unknown) => {
    const outcomes = await Promise.allSettled(joining)
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
    throw new Error(['the session failed', ...reasons].join('\n'), { cause: error })
  })
  const wallets = [await exported(ports, record), ...(await Promise.all(joining))]
  return {
    publicKey: record.publicKey,
    holders: holders.map((holder, i) => ({ ...holder, wallet: wallets[i] ?? new Uint8Array() })),
    codes,
  }
}

interface Invited {
  readonly link: string
  readonly codesMatch: (code: string) => Promise<boolean>
  readonly seen: Seen
}

async function joinAsOurs(
  hall: Hall,
  holder: Holder,
  { link, codesMatch, seen }: Invited,
): Promise<Uint8Array<ArrayBuffer>> {
  const ports = await portsOf(hall, holder, seen)
  const invitedTo = await previewInvitation(ports, link, app)
  const joining = { invitedTo, serverParties: [], passphrase: passphrase() }
  return exported(ports, await joinByInvitation(ports, joining, () => undefined, never, { codesMatch }))
}

async function joinAsGo(hall: Hall, holder: Holder, { link, codesMatch }: Invited): Promise<Uint8Array<ArrayBuffer>> {
  await using folder = await temporaryFolder()
  const files = filesIn(folder.path)
  await writeFile(files.identity, JSON.stringify(holder.keys))
  await writeFile(files.prepared, writePreParameters(fixturePreParameters(holder.number)))
  using party = runGoParty(hall.program, 'join', {
    coordinator: hall.address,
    ...files,
    invitation: link,
  })
  const { checkCode = '' } = await party.line()
  party.say((await codesMatch(checkCode)) ? 'yes' : 'no')
  await party.line()
  return new Uint8Array(await readFile(files.share))
}

export interface Signers {
  /** Ours: asks the others. */
  readonly requester: Held
  readonly others: readonly (readonly [Held, Player])[]
  /** What is signed, as an Ethereum message. */
  readonly message: Uint8Array
  readonly observed?: Observed
}

/** Signs in a session of the coordinator. Everybody's signature, r ‖ s ‖ recovery in hex: one if all is well. */
export async function signTogether(
  hall: Hall,
  { requester, others, message, observed = unobserved }: Signers,
): Promise<ReadonlySet<string>> {
  const everybody = [requester, ...others.map(([held]) => held)]
  const seen: Seen = (ports, holder) => observed(ports, holder, everybody)
  const ports = await portsOf(hall, requester, seen)
  const wallet = await imported(ports, requester)
  const seats = await Promise.all(others.map(async ([held]) => seatOf(held)))
  const stop = new AbortController()
  const answers = others.map(([held, player]) =>
    player === 'go' ? answerAsGo(hall, held) : answerAsOurs(hall, held, seen, stop.signal),
  )
  for (const answer of answers) answer.catch(() => undefined)
  const content = { type: 'ethereum-message', message } as const
  const coSigners = wallet.seats.filter(({ seat }) => seats.includes(seat))
  const request = { wallet, content, coSigners, passphrase: passphrase(), lifeSeconds: 300 }
  const asking = signContent(ports, request, () => undefined, never).then(signatureHex)
  try {
    return new Set(await Promise.all([asking, ...answers]))
  } finally {
    stop.abort(new Error('the session is over'))
  }
}

/** What a Go party reads and writes. */
function filesIn(folder: string) {
  const at = (name: string) => join(folder, `${name}.json`)
  return { identity: at('identity'), prepared: at('prepared'), share: at('share') }
}

async function answerAsGo(hall: Hall, { keys, wallet }: Held): Promise<string> {
  await using folder = await temporaryFolder()
  const { identity, share } = filesIn(folder.path)
  await writeFile(identity, JSON.stringify(keys))
  await writeFile(share, wallet)
  using party = runGoParty(hall.program, 'answer', { coordinator: hall.address, identity, share })
  await party.line()
  party.say('yes')
  const { signature = '' } = await party.line()
  return signature
}

async function answerAsOurs(hall: Hall, held: Held, seen: Seen, signal: AbortSignal): Promise<string> {
  const ports = await portsOf(hall, held, seen)
  await imported(ports, held)
  const { promise, resolve, reject } = Promise.withResolvers<SigningRequest>()
  watchRequests(ports, { onRequest: resolve }, signal).catch(reject)
  const request = await promise
  return signatureHex(await answerRequest(ports, { request, passphrase: passphrase() }, () => undefined, never))
}

function signatureHex({ signatures: [signature] }: Signed): string {
  if (signature === undefined) throw new Error('nothing was signed')
  const { r, s, recovery } = signature
  return `${r.slice(2)}${s.slice(2)}${String(recovery).padStart(2, '0')}`
}

async function seatOf({ wallet }: Held): Promise<number> {
  return (await decodeWallet(wallet)).share.index + 1
}

/** Our program's share, opened: what `imported`, and the Go party, take. */
async function exported({ shares }: Ports, { walletId }: WalletRecord): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = await shares.getShare(walletId)
  if (sealed === undefined) throw new Error('the share is not there')
  return encodeWallet(await unsealWallet(sealed, { kind: 'passphrase', passphrase: passphrase() }))
}

/** A share from outside, with every check, sealed and stored as an active wallet. */
async function imported({ shares }: Ports, held: Held): Promise<WalletRecord> {
  const wallet = await decodeWallet(held.wallet)
  const publicKey = wallet.share.publicKey.toBytes(true)
  const walletId = walletIdOf(publicKey)
  const record: WalletRecord = {
    walletId,
    name: wallet.name,
    state: 'active',
    sessionId: '0'.repeat(32),
    publicKey,
    threshold: wallet.share.threshold,
    mySeat: wallet.share.index + 1,
    seats: wallet.seats.map((identity, i) => ({ ...identity, seat: i + 1, label: `seat ${i + 1}` })),
    createdAtMs: wallet.createdAtMs,
  }
  const sealed = await sealWallet(wallet, { kind: 'passphrase', passphrase: passphrase() }, systemRandom)
  await shares.putPending(record, sealed)
  await shares.activate(walletId)
  return record
}
