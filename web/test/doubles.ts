import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { unlessCancelled } from '../../participant/session/unlessCancelled.ts'
import type { NewSession } from '../../participant/session/newSession.ts'
import type { CreatorSeat, Presence } from '../../participant/session/seat.ts'
import type { PinnedParty } from '../../participant/session/serverParties.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { signingTasks } from '../../tss-wasm/content/signing.ts'
import { ProtocolAbort, type Failure, refused } from '../../tss-wasm/failure.ts'
import { systemClock } from '../../tss-wasm/round/clock.ts'
import { versionOf } from '../../tss-wasm/identity/proposal.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import type { Invitation } from '../../tss-wasm/identity/invitation.ts'
import { readShareFile, writeHeader, writeShareFile } from '../../tss-wasm/keyShare/shareFile.ts'
import { Secret } from '../../tss-wasm/secret.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type {
  Engine,
  Opening,
  Progress,
  SealedPreParameters,
  SealedShare,
  WrappedShareKey,
} from '../../tss-wasm/worker/api.ts'
import type { Passkey, Passkeys } from '../platform/passkeys.ts'
import type { RequestPorts } from '../jobs/ports.ts'
import { ownReservations } from '../jobs/preParameterReservations.ts'
import { unlockPeriods } from '../jobs/unlockPeriods.ts'
import { keepPrepared, type PreparationState } from '../jobs/preparePreParameters.ts'
import {
  memoryIdentityStore,
  memoryPendingStore,
  memoryPreParameterStore,
  memoryShareStore,
  type Shelf,
} from './memoryStores.ts'

/** Stand-ins for coordinator and engine. Every call is written down; `before` may delay it or make it fail. */
export interface Script {
  readonly log: string[]
  before(call: string): Promise<void>
}

export function script(before: (call: string) => Promise<void> | void = () => undefined): Script {
  const log: string[] = []
  return {
    log,
    async before(call) {
      log.push(call)
      await before(call)
    },
  }
}

export function pinnedParty(name: string, fill: number): PinnedParty {
  const key = (add: number) => new Uint8Array(32).fill(fill + add)
  return { name, identity: { signingKey: key(0), encryptionKey: key(1) } }
}

export function invitationTo(seat: PartyId): Invitation {
  return {
    session: new Uint8Array(16).fill(0x5e),
    seat,
    seatSecret: new Secret<Uint8Array>(new Uint8Array(32).fill(seat)),
    creator: new Uint8Array(15),
    expiresAtMs: Date.UTC(2100, 0, 2),
    joinToken: 'a.join.token',
  }
}

/** What a look brings beside what a screen shows. */
export const lookedAt = {
  access: { sessionId: '5e'.repeat(16), joinToken: 'a.join.token' },
  proposalBytes: new Uint8Array(),
  creatorSeat: 1 as PartyId,
  handshake: { terms: new Uint8Array(), signature: new Uint8Array(64) },
  creatorName: 'Ana',
  joined: [{ seat: 3 as PartyId, identity: pinnedParty('', 103).identity, name: 'Eva' }],
} as const

function seatOf(request: NewSession, run: Script): CreatorSeat {
  const { promise: ended } = Promise.withResolvers<never>()
  const tellers = new Set<(participants: readonly Presence[]) => void>()
  let last: readonly Presence[] = []
  const presence = (state: Presence['state']) => {
    const me = { seat: request.mySeat, serverParty: '', state }
    last = [me, ...request.others.map(({ seat, serverParty }) => ({ seat, serverParty, state }))]
    for (const tell of tellers) tell(last)
  }
  const others = request.others.map(({ seat, pinned = pinnedParty('', 100 + seat).identity }) => ({
    seat,
    identity: pinned,
    name: '',
  }))
  const mine = { seat: request.mySeat, identity: request.identity.public, name: request.name ?? '' }
  const hasNames = request.proposal.kind === 'keygen' && request.proposal.names === true
  const roster: Roster = {
    protocol: versionOf(request.proposal),
    kind: request.proposal.kind,
    session: new Uint8Array(16),
    run: new Uint8Array(16),
    threshold: request.threshold,
    proposalHash: new Uint8Array(32),
    creator: request.mySeat,
    seats: [mine, ...others].map(({ name, ...each }) => ({
      ...each,
      ...(hasNames && { name }),
      ...(request.proposal.kind === 'keygen' && { codeCommitment: new Uint8Array(32) }),
    })),
  }
  return {
    sessionId: '5e'.repeat(16),
    me: request.mySeat,
    proposal: request.proposal,
    creator: request.identity.public,
    channel: { send: () => Promise.resolve(), next: () => ended },
    async markReady() {
      await run.before('ready')
      presence(request.proposal.kind === 'sign' ? 'ready' : 'joined')
    },
    invitations: new Map(
      request.others.filter(({ pinned }) => pinned === undefined).map(({ seat }) => [seat, invitationTo(seat)]),
    ),
    revoke: () => ended,
    async propose() {
      await run.before('propose')
      return roster
    },
    agreed: () => Promise.resolve(roster),
    checkCode: () => Promise.resolve('1234 5678 9012'),
    leave: () => undefined,
    async start() {
      await run.before('start')
      presence('computing')
      return roster
    },
    async startRun() {
      await run.before('start')
      presence('computing')
      return roster
    },
    expiresAtMs: Date.UTC(2026, 0, 2) + 600_000,
    joinToken: 'a token',
    confirmed: () => Promise.resolve(new Map()),
    stopRun: () => Promise.resolve(),
    ended: () => () => undefined,
    started: () => ended,
    async confirm(_confirmation, leaving) {
      await run.before('confirming')
      await leaving?.()
      await run.before('confirm')
      return new Map()
    },
    async fail(failure: Failure) {
      await run.before(`fail ${failure.kind}`)
    },
    proposalBytes: new Uint8Array(),
    handover() {
      throw new Error('resharing is not acted')
    },
    untilReported: () => Promise.reject(new Error('resharing is not acted')),
    watchPresence(onChange) {
      tellers.add(onChange)
      if (last.length > 0) onChange(last)
    },
    async [Symbol.asyncDispose]() {
      await run.before('leave')
    },
  }
}

const stages = {
  keygen: ['commit', 'reveal', 'prove', 'finish'],
  sign: ['mta', 'delta', 'open', 'share', 'check', 'finish'],
}

/** What seals nothing, in the form of what does. */
export function sealedDouble(walletId: string, passwordHex: string): SealedShare {
  const headerBytes = writeHeader({ walletId, seat: 1, epoch: 0, keyDerivation: { kind: 'none' } })
  const ciphertext = new Uint8Array(utf8ToBytes(passwordHex))
  return writeShareFile({ headerBytes, nonce: new Uint8Array(12), ciphertext }) as SealedShare
}

export function backupDouble(passphrase: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(utf8ToBytes(`a backup under ${bytesToHex(passphrase)}`))
}

const backedUp = { name: 'Family savings', createdAtMs: Date.UTC(2026, 9, 3), madeAtMs: Date.UTC(2026, 9, 4) }
const backedUpSeats = [
  { label: 'Family savings', ...pinnedParty('', 1).identity },
  { label: 'server-1', serverParty: 'server-1', ...pinnedParty('', 10).identity },
  { label: 'server-2', serverParty: 'server-2', ...pinnedParty('', 20).identity },
]

/** One key for every wallet it "creates"; shares carry their passphrase, which is why this is for tests only. */
function engine(run: Script): Engine {
  const secretKey = sha256(utf8ToBytes('a key for tests'))
  const publicKey = secp256k1.getPublicKey(secretKey)
  const walletId = bytesToHex(sha256(publicKey).subarray(0, 16))
  const password = (sealing: Opening): string => {
    if (sealing.kind === 'passphrase') return bytesToHex(sealing.passphrase)
    if (sealing.kind === 'key') return ''
    const [wrapped = '', secret] = new TextDecoder().decode(sealing.wrapped).split(' ')
    if (secret !== bytesToHex(sealing.secret)) throw refused('passkey', 'does not open this share')
    return wrapped
  }

  async function rounds(
    kind: 'keygen' | 'sign',
    peers: readonly PartyId[],
    progress: (step: Progress) => void,
  ): Promise<void> {
    for (const [index, name] of stages[kind].entries()) {
      await run.before(`stage ${name}`)
      progress({ type: 'stage', name, index, of: stages[kind].length })
      for (const from of peers) {
        await run.before(`received ${name} from ${from}`)
        progress({ type: 'received', from, round: name })
      }
    }
  }

  return {
    async createWallet({ roster, me, sealing }, _channel, progress) {
      await run.before('engine.createWallet')
      const sealedShare = sealedDouble(walletId, password(sealing))
      if (sealing.kind === 'passphrase') sealing.passphrase.fill(0)
      await rounds(
        'keygen',
        roster.seats.map(({ seat }) => seat).filter((seat) => seat !== me),
        progress,
      )
      return { walletId, publicKey, sealedShare, confirmation: new Uint8Array(64) }
    },
    async sign({ content, path = [], roster, me }, _channel, progress) {
      await run.before('engine.sign')
      await rounds(
        'sign',
        roster.seats.map(({ seat }) => seat).filter((seat) => seat !== me),
        progress,
      )
      const { Fn } = secp256k1.Point
      const signatures = signingTasks({ publicKey, path, content }).map(({ key, digest }) => {
        const secret = Fn.toBytes(Fn.add(Fn.fromBytes(secretKey), key.tweak))
        const raw = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
        return { r: raw.slice(1, 33), s: raw.slice(33), recovery: raw[0] ?? 0 }
      })
      return { signatures, confirmation: new Uint8Array(64) }
    },
    createSchemeKey: () => Promise.reject(new Error('other schemes are not acted')),
    signByScheme: () => Promise.reject(new Error('other schemes are not acted')),
    presign: () => Promise.reject(new Error('presigning is not acted')),
    freePresignatures: () => Promise.resolve(undefined),
    erasePresignatures: () => Promise.resolve(),
    reshare: () => Promise.reject(new Error('resharing is not acted')),
    oldShares: () => Promise.reject(new Error('resharing is not acted')),
    async makePreParameters(_key, progress) {
      for (const found of [0, 1, 2, 3]) {
        await run.before('engine.search')
        progress({ found, candidatesTried: 1000 * found, expectedRemainingMs: 20_000 })
      }
      return new Uint8Array([1]) as SealedPreParameters
    },
    async checkShare(sealed, sealing) {
      await run.before('engine.checkShare')
      const { header, ciphertext } = readShareFile(sealed)
      const opens = new TextDecoder().decode(ciphertext) === password(sealing)
      if (!opens) throw new ProtocolAbort({ kind: 'refused', what: 'passphrase', detail: 'wrong passphrase' })
      return { walletId: header.walletId, seat: 1 as PartyId, epoch: 0, sealedWith: 'passphrase' }
    },
    async makeBackup({ backupPassphrase = new Uint8Array() }) {
      await run.before('engine.makeBackup')
      return backupDouble(backupPassphrase)
    },
    async exportSaveData() {
      await run.before('engine.exportSaveData')
      return new Uint8Array(utf8ToBytes('{}'))
    },
    async openShareFile(source) {
      await run.before('engine.openShareFile')
      const opened = { walletId, publicKey, threshold: 2, mySeat: 1 as PartyId, epoch: 0 }
      if (source.kind === 'save-data') {
        const nobody = { label: '', signingKey: new Uint8Array(), encryptionKey: new Uint8Array() }
        return { ...opened, seats: [nobody, nobody, nobody], hasIdentity: false }
      }
      if (!sameBytes(source.file, backupDouble(source.passphrase))) {
        throw new ProtocolAbort({ kind: 'refused', what: 'backup-passphrase', detail: 'wrong passphrase' })
      }
      return { ...opened, seats: backedUpSeats, backup: backedUp, hasIdentity: true }
    },
    async keepOpened({ sealing }) {
      await run.before('engine.keepOpened')
      const sealedIdentity = undefined
      return { sealedShare: sealedDouble(walletId, password(sealing)), sealedIdentity }
    },
    async addPasskey({ sealing, secret }) {
      await run.before('engine.addPasskey')
      const wrapped = new Uint8Array(utf8ToBytes(`${password(sealing)} ${bytesToHex(secret)}`))
      secret.fill(0)
      return wrapped as WrappedShareKey
    },
    async reseal(sealed, from, to) {
      await run.before('engine.reseal')
      const { header, ciphertext } = readShareFile(sealed)
      if (new TextDecoder().decode(ciphertext) !== password(from))
        throw new ProtocolAbort({ kind: 'refused', what: 'passphrase', detail: 'wrong passphrase' })
      return sealedDouble(header.walletId, password(to))
    },
    diagnostics: () => Promise.resolve({ kernel: 'portable', threads: 1, powMs: 8 }),
    [Symbol.dispose]() {
      run.log.push('engine ended')
    },
  }
}

/** An authenticator that is always touched; `held` are the credentials that it has. */
export function passkeysDouble(run: Script, shelf = new Map<string, Passkey>(), held = new Set<number>()): Passkeys {
  const secretOf = (id: number) => new Uint8Array(32).fill(id)
  return {
    store: {
      get: (walletId) => Promise.resolve(shelf.get(walletId)),
      all: () => Promise.resolve([...shelf.values()]),
      async put(passkey) {
        await run.before('passkey put')
        shelf.set(passkey.walletId, passkey)
      },
      async remove(walletId) {
        await run.before('passkey remove')
        shelf.delete(walletId)
      },
    },
    authenticator: {
      offered: () => Promise.resolve('yes'),
      async create() {
        await run.before('authenticator create')
        const id = held.size + 1
        held.add(id)
        return { credentialId: Uint8Array.of(id), transports: [], salt: new Uint8Array(32), secret: secretOf(id) }
      },
      async secretOf({ credentialId: [id = 0] }) {
        await run.before('authenticator secret')
        if (!held.has(id)) throw refused('passkey-unused', 'not used')
        return secretOf(id)
      },
      async forget([id = 0]) {
        await run.before('authenticator forget')
        held.delete(id)
      },
    },
  }
}

export interface TestPorts extends RequestPorts {
  readonly shelf: Shelf
  readonly passkeys: Passkeys
  readonly stock: SealedPreParameters[]
}

export function testPorts(run: Script, onPreparation: (state: PreparationState) => void = () => undefined): TestPorts {
  const shelf: Shelf = new Map()
  const stock: SealedPreParameters[] = []
  const preParameters = memoryPreParameterStore(stock)
  const shares = memoryShareStore(shelf)
  const startEngine = () => engine(run)
  const exclusively = (_name: string, work: () => Promise<void>) => work()
  return {
    shelf,
    stock,
    passkeys: passkeysDouble(run),
    pending: memoryPendingStore(),
    identity: memoryIdentityStore(),
    preParameters,
    preparation: keepPrepared(
      { preParameters, startEngine, exclusively, reservations: ownReservations() },
      onPreparation,
    ),
    unlocked: unlockPeriods({ clock: systemClock, now: () => Date.now() }, () => undefined),
    startEngine,
    shares: {
      ...shares,
      async putPending(record, share) {
        await run.before('put')
        await shares.putPending(record, share)
      },
      async activate(walletId) {
        await run.before('activate')
        await shares.activate(walletId)
      },
    },
    claim: 'c'.repeat(32),
    requests: {
      open: () => Promise.reject(new Error('no requests wait in these tests')),
      boxOf: () => Promise.resolve(undefined),
      async *watch(_memberships, signal) {
        yield* []
        return unlessCancelled(signal, new Promise<never>(() => undefined))
      },
    },
    coordinator: {
      async create(request) {
        await run.before(`create ${request.proposal.kind}`)
        return seatOf(request, run)
      },
      preview: () => Promise.reject(new Error('nobody joins in these tests')),
      async decline() {
        await run.before('decline')
        return true
      },
      join: () => Promise.reject(new Error('nobody joins in these tests')),
      // oxlint-disable-next-line typescript/require-await -- offers nothing, at once
      async *offersTo() {
        yield* []
        return undefined
      },
      reshare: () => Promise.reject(new Error('resharing is not acted')),
      hearRetirements: () => Promise.resolve(),
      settleEpochs: () => Promise.reject(new Error('resharing is not acted')),
      settle: ({ isLeaving }) =>
        Promise.resolve(
          isLeaving
            ? { state: 'wait', failure: { kind: 'cancelled' }, isLive: false }
            : { state: 'discard', failure: { kind: 'cancelled' } },
        ),
    },
    clock: systemClock,
    now: () => Date.UTC(2026, 0, 2),
    deadlines: { joinMs: 60_000, readyMs: 60_000, roundMs: 60_000 },
  }
}
