import { proxy, transfer, wrap, type Endpoint, type Remote } from 'comlink'
import { type Outcome, ProtocolAbort } from '../failure.ts'
import { postable } from '../identity/identity.ts'
import type { Dealing, Engine, Opening, PendingShare, Posted, Receiving, Seating, TssWorker } from './api.ts'
import { outcomeOf, toRemote, valueOf } from './remote.ts'

/** A worker as its platform makes it: spawn.web.ts, spawn.node.ts. */
export interface Spawned {
  readonly endpoint: Endpoint
  /** Tells, possibly more than once, that the worker is gone, cannot be talked to, or could not be fetched at all. */
  onDeath(tell: (detail: string, kind?: 'engine-crashed' | 'not-loaded') => void): void
  terminate(): void
}

/** A worker that runs, and how to call it. */
export interface RunningWorker {
  readonly remote: Remote<TssWorker>
  /** Rejects when the worker dies first. */
  call<T>(answer: () => Promise<T>): Promise<T>
  /** Rejects when the worker has died or was ended. */
  readonly gone: Promise<never>
  end(): void
}

/**
 * comlink never settles the calls of a worker that has died, so every call also waits for that: death rejects it with
 * `engine-crashed` (`not-loaded` where it never lived), its end with `cancelled`.
 */
export function startWorker(spawn: () => Spawned): RunningWorker {
  const worker = spawn()
  const gone = Promise.withResolvers<never>()
  gone.promise.catch(() => undefined) // whoever calls hears of it
  worker.onDeath((detail, kind = 'engine-crashed') => {
    gone.reject(new ProtocolAbort({ kind, detail }))
  })
  return {
    remote: wrap<TssWorker>(worker.endpoint),
    gone: gone.promise,
    call: (answer) => Promise.race([gone.promise, answer()]),
    end() {
      gone.reject(new ProtocolAbort({ kind: 'cancelled' }))
      worker.terminate()
    },
  }
}

/** One worker, for one job. */
export function startEngine(spawn: () => Spawned): Engine {
  const worker = startWorker(spawn)
  return engineOn(worker, () => {
    worker.end()
  })
}

/** @param leave what disposing the engine does to its worker */
export function engineOn(worker: Pick<RunningWorker, 'remote' | 'call'>, leave: () => void): Engine {
  const { remote } = worker
  const call = <T>(answer: () => Promise<Outcome<T>>): Promise<T> => worker.call(async () => valueOf(await answer()))
  return {
    createWallet: (request, channel, progress) =>
      call(() => remote.createWallet(handedOver(posted(request)), proxy(toRemote(channel)), proxy(progress))),
    sign: (request, channel, progress) =>
      call(() => remote.sign(handedOver(posted(request)), proxy(toRemote(channel)), proxy(progress))),
    createSchemeKey: (request, channel, progress) =>
      call(() => remote.createSchemeKey(handedOver(posted(request)), proxy(toRemote(channel)), proxy(progress))),
    signByScheme: (request, channel, progress) =>
      call(() => remote.signByScheme(handedOver(posted(request)), proxy(toRemote(channel)), proxy(progress))),
    presign: (request, channel, progress) =>
      call(() => remote.presign(handedOver(posted(request)), proxy(toRemote(channel)), proxy(progress))),
    freePresignatures: (of) => worker.call(() => remote.freePresignatures(of)),
    erasePresignatures: (which) => worker.call(() => remote.erasePresignatures(which)),
    reshare: (request, channel, progress, keep) =>
      call(() => {
        const kept = proxy((pending: PendingShare) => outcomeOf(() => keep(pending)))
        return remote.reshare(handedOver(posted(request)), proxy(toRemote(channel)), proxy(progress), kept)
      }),
    oldShares: (request) => call(() => remote.oldShares(handedOver(request))),
    makePreParameters: (key, progress) => call(() => remote.makePreParameters(key, proxy(progress))),
    checkShare: (sealedShare, sealing) => call(() => remote.checkShare(handedOver({ sealedShare, sealing }))),
    makeBackup: (request) => call(() => remote.makeBackup(handedOver(request))),
    exportSaveData: (sealedShare, sealing) => call(() => remote.exportSaveData(handedOver({ sealedShare, sealing }))),
    openShareFile: (source) => call(() => remote.openShareFile(source.kind === 'backup' ? handedOver(source) : source)),
    keepOpened: (request) => call(() => remote.keepOpened(handedOver(request))),
    addPasskey: (request) => call(() => remote.addPasskey(handedOver(request))),
    reseal: (sealedShare, sealing, to) =>
      call(() => remote.reseal(handedOver({ sealedShare, sealing }), handedOver({ sealing: to }))),
    diagnostics: () => worker.call(() => remote.diagnostics()),
    [Symbol.dispose]: leave,
  }
}

function posted<R extends Seating>(request: R): Posted<R> {
  return { ...request, identity: postable(request.identity) }
}

interface Handed {
  readonly sealing?: Opening
  readonly opening?: Opening
  readonly passphrase?: Uint8Array<ArrayBuffer>
  readonly backupPassphrase?: Uint8Array<ArrayBuffer>
  /** Of a passkey. */
  readonly secret?: Uint8Array<ArrayBuffer>
  readonly dealing?: Dealing
  readonly receiving?: Receiving
}

/** Passphrases and secrets move: they are zeros here from now on, and transferred rather than copied on the way. */
function handedOver<R extends Handed>(request: R): R {
  const moving: ArrayBuffer[] = []
  const moved = (secret: Uint8Array<ArrayBuffer>) => {
    const copy = secret.slice()
    moving.push(copy.buffer)
    return copy
  }
  const opened = <O extends Opening>(opening: O): O => {
    if (opening.kind === 'passphrase') return { ...opening, passphrase: moved(opening.passphrase) }
    if (opening.kind === 'passkey') return { ...opening, secret: moved(opening.secret) }
    return opening
  }
  const { sealing, opening, passphrase, backupPassphrase, secret, dealing, receiving } = request
  const handed = {
    ...request,
    ...(sealing && { sealing: opened(sealing) }),
    ...(opening && { opening: opened(opening) }),
    ...(passphrase && { passphrase: moved(passphrase) }),
    ...(backupPassphrase && { backupPassphrase: moved(backupPassphrase) }),
    ...(secret && { secret: moved(secret) }),
    ...(dealing && { dealing: { ...dealing, opening: opened(dealing.opening) } }),
    ...(receiving && { receiving: { ...receiving, sealing: opened(receiving.sealing) } }),
  }
  // One passphrase may open the old share and seal the new one: it is overwritten once all copies are made.
  for (const secretOf of secretsIn(request)) secretOf.fill(0)
  return transfer(handed, moving)
}

function secretsIn({
  sealing,
  opening,
  passphrase,
  backupPassphrase,
  secret,
  dealing,
  receiving,
}: Handed): Uint8Array[] {
  const openings = [sealing, opening, dealing?.opening, receiving?.sealing].flatMap((each) => {
    if (each?.kind === 'passphrase') return [each.passphrase]
    return each?.kind === 'passkey' ? [each.secret] : []
  })
  return [...openings, passphrase, backupPassphrase, secret].filter((bytes) => bytes !== undefined)
}
