import { type ProxyMethods, releaseProxy } from 'comlink'
import { keyAt } from '../content/keys.ts'
import type { PreParameters } from '../crypto/types.ts'
import type { Outcome } from '../failure.ts'
import { gathering } from '../integers/gathering.ts'
import type { Kernel } from '../integers/kernel.ts'
import { pooledArithmetic } from '../integers/pool.ts'
import type { StartWorker } from '../integers/poolWorker.ts'
import { wasmArithmetic } from '../integers/wasm.ts'
import { addPasskey, describeSealed, resealWallet, unsealWallet } from '../keyShare/seal.ts'
import { sealPreParameters } from '../keyShare/sealedPreParameters.ts'
import type { Tools } from '../keyShare/tools.ts'
import { asIdentity } from '../identity/identity.ts'
import { eraseWallet } from '../keyShare/wallet.ts'
import { systemRandom } from '../random.ts'
import type { PartyId } from '../partyId.ts'
import type { Opening, SearchProgress, TssWorker } from './api.ts'
import { exportSaveData, keepOpened, makeBackup, openShareFile, type OpenedFile } from './shareFiles.ts'
import { createWallet, sign } from './ceremony.ts'
import { readyPresignatures } from './presignatures.ts'
import { makePresignatures } from './presigning.ts'
import { primesHere, primesOf, searchPreParameters } from './preParameterSearch.ts'
import { fromRemote, outcomeOf, valueOf } from './remote.ts'
import { oldShares, reshare } from './reshare.ts'
import { measurePow } from './speed.ts'

/** What its platform gives the worker. */
export interface Host {
  readonly loadKernel: () => Promise<Kernel>
  readonly startWorker: StartWorker
  /** How many threads compute; with one, that is this one. */
  readonly threads: number
  /** Runs the garbage collector, where a program can ask for that. */
  readonly collect?: () => void
}

type WorkerTools = Tools & { readonly kernel: Kernel }

/**
 * What runs inside the worker, the same in browsers, desktop and servers; only the kernel and threads to help come to
 * it in different ways. Scratch memory and passphrases are overwritten when a job ends; the rest goes with the worker, or when
 * it is told to forget.
 */
export function tssWorker({ loadKernel, startWorker, threads, collect }: Host): TssWorker {
  let loading: Promise<Kernel> | undefined
  let opened: OpenedFile | undefined
  const ready = readyPresignatures()
  const kernel = (): Promise<Kernel> => (loading ??= loadKernel())

  async function here<T>(work: (tools: WorkerTools) => Promise<T>): Promise<T> {
    const arithmetic = gathering(wasmArithmetic(await kernel()))
    try {
      return await work({ arithmetic, random: systemRandom, kernel: await kernel() })
    } finally {
      arithmetic.erase()
    }
  }

  async function together<T>(work: (tools: WorkerTools) => Promise<T>): Promise<T> {
    if (threads === 1) return here(work)
    const pool = pooledArithmetic(threads, await kernel(), startWorker)
    try {
      return await work({ arithmetic: gathering(pool), random: systemRandom, kernel: await kernel() })
    } finally {
      pool.erase()
      await pool.closed
    }
  }

  async function prepared(tools: WorkerTools, tell: (step: SearchProgress) => void): Promise<PreParameters> {
    const settings = { kernel: tools.kernel, random: tools.random, start: startWorker, size: threads }
    return searchPreParameters(tools, threads === 1 ? primesHere(settings) : primesOf(settings), tell)
  }

  /** The outcome comes after the last step has been heard, and with the passphrase overwritten. */
  async function job<T, S>(
    sealing: Opening | undefined,
    progress: (step: S) => unknown,
    work: (tools: WorkerTools, tell: (step: S) => void) => Promise<T>,
    run = here,
  ): Promise<Outcome<T>> {
    const teller = tellerOf(progress)
    try {
      return await outcomeOf(() => run((tools) => work(tools, teller.tell)))
    } finally {
      overwrite(sealing)
      await teller.heard()
      letGo(progress)
    }
  }

  return {
    createWallet: (request, channel, progress) =>
      job(
        request.sealing,
        progress,
        async (tools, tell) => {
          const identity = await asIdentity(request.identity)
          return createWallet({ ...request, identity }, fromRemote(channel), tell, tools)
        },
        together,
      ).finally(() => {
        letGo(channel)
      }),
    sign: (request, channel, progress) =>
      job(
        request.sealing,
        progress,
        async (tools, tell) => {
          const identity = await asIdentity(request.identity)
          return sign({ ...request, identity }, fromRemote(channel), tell, { ...tools, ready })
        },
        together,
      ).finally(() => {
        letGo(channel)
      }),
    createSchemeKey: (request, channel, progress) =>
      job(request.sealing, progress, async (tools, tell) => {
        const identity = await asIdentity(request.identity)
        const { createSchemeKey } = await import('./schemeCeremony.ts')
        return createSchemeKey({ ...request, identity }, fromRemote(channel), tell, tools)
      }).finally(() => {
        letGo(channel)
      }),
    signByScheme: (request, channel, progress) =>
      job(request.sealing, progress, async (tools, tell) => {
        const identity = await asIdentity(request.identity)
        const { signByScheme } = await import('./schemeCeremony.ts')
        return signByScheme({ ...request, identity }, fromRemote(channel), tell, tools)
      }).finally(() => {
        letGo(channel)
      }),
    presign: (request, channel, progress) =>
      job(
        request.sealing,
        progress,
        async (tools, tell) => {
          const identity = await asIdentity(request.identity)
          return makePresignatures({ ...request, identity }, fromRemote(channel), tell, { ...tools, ready })
        },
        together,
      ).finally(() => {
        letGo(channel)
      }),
    freePresignatures: ({ path, ...of }) =>
      Promise.resolve(ready.free({ ...of, tweak: keyAt(of.publicKey, path).tweak })),
    erasePresignatures(which) {
      ready.erase(which)
      return Promise.resolve()
    },
    reshare: (request, channel, progress, keep) =>
      job(
        request.receiving?.sealing,
        progress,
        async (tools, tell) => {
          const identity = await asIdentity(request.identity)
          try {
            await reshare(
              { ...request, identity },
              fromRemote(channel),
              tell,
              async (pending) => {
                valueOf(await keep(pending))
              },
              tools,
            )
          } finally {
            overwrite(request.dealing?.opening)
          }
        },
        together,
      ).finally(() => {
        letGo(channel)
        letGo(keep)
      }),
    oldShares: (request) => job(request.opening, nothing, () => oldShares(request)),
    makePreParameters: (key, progress) =>
      job(undefined, progress, async (tools, tell) =>
        sealPreParameters(await prepared(tools, tell), key, tools.random),
      ),
    checkShare: ({ sealedShare, sealing }) =>
      job(sealing, nothing, async (tools) => {
        eraseWallet(await unsealWallet(sealedShare, sealing, tools))
        const { walletId, seat, epoch, sealedWith } = describeSealed(sealedShare)
        return { walletId, seat: seat as PartyId, epoch, sealedWith }
      }),
    makeBackup: (request) =>
      job(request.sealing, nothing, async () => {
        try {
          return await makeBackup(request)
        } finally {
          request.backupPassphrase?.fill(0)
        }
      }),
    exportSaveData: ({ sealedShare, sealing }) =>
      job(sealing, nothing, async () => exportSaveData(sealedShare, sealing)),
    openShareFile: (source) =>
      job(undefined, nothing, async (tools) => {
        opened = undefined
        try {
          opened = await openShareFile(source, tools)
          return opened.shown
        } finally {
          if (source.kind === 'backup') source.passphrase.fill(0)
        }
      }),
    keepOpened: (request) =>
      job(request.sealing, nothing, async ({ random }) => {
        if (opened === undefined) throw new Error('a share is kept after it was opened')
        const { wallet } = opened
        opened = undefined
        return keepOpened(wallet, request, random)
      }),
    addPasskey: ({ sealedShare, sealing, secret, credentialId }) =>
      job(sealing, nothing, async ({ random }) => {
        try {
          return await addPasskey(sealedShare, sealing, { secret, credentialId }, random)
        } finally {
          secret.fill(0)
        }
      }),
    reseal: ({ sealedShare, sealing }, to) =>
      job(sealing, nothing, async ({ random }) => {
        try {
          return await resealWallet(sealedShare, sealing, to.sealing, random)
        } finally {
          if (to.sealing.kind === 'passphrase') to.sealing.passphrase.fill(0)
        }
      }),
    diagnostics: () =>
      here(async ({ arithmetic, kernel: { name } }) => ({
        kernel: name,
        threads,
        powMs: await measurePow(arithmetic),
      })),
    forget() {
      if (opened !== undefined) eraseWallet(opened.wallet)
      opened = undefined
      ready.erase()
      collect?.()
      return Promise.resolve()
    },
  }
}

const nothing = (): void => undefined

function overwrite(opening: Opening | undefined): void {
  if (opening?.kind === 'passphrase') opening.passphrase.fill(0)
  if (opening?.kind === 'passkey') opening.secret.fill(0)
}

interface Teller<T> {
  readonly tell: (step: T) => void
  /** Once everything told has been heard: one port carries all of it, in order. */
  readonly heard: () => Promise<unknown>
}

/** Closes the port behind what was handed to us through comlink; what came without it has none. */
function letGo(handed: object): void {
  ;(handed as Partial<ProxyMethods>)[releaseProxy]?.()
}

/** Through comlink a call is a promise. Whether whoever watches could be told changes nothing here. */
function tellerOf<T>(progress: (step: T) => unknown): Teller<T> {
  let last: Promise<unknown> = Promise.resolve()
  return {
    tell(step) {
      last = Promise.resolve(progress(step)).catch(() => undefined)
    },
    heard: () => last,
  }
}
