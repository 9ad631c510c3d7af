import { keyAt } from '../content/keys.ts'
import { resealWallet, unsealWallet } from '../keyShare/seal.ts'
import { walletIdOf } from '../keyShare/keyShare.ts'
import type { RandomSource } from '../random.ts'
import type { PartyId } from '../partyId.ts'
import type { Clock } from '../round/clock.ts'
import type { Engine, Opening, Sealing } from '../worker/api.ts'
import { createWallet, sign } from '../worker/ceremony.ts'
import { readyPresignatures } from '../worker/presignatures.ts'
import { makePresignatures } from '../worker/presigning.ts'
import { oldShares, reshare } from '../worker/reshare.ts'
import { createSchemeKey, signByScheme } from '../worker/schemeCeremony.ts'
import { keepOpened, makeBackup, type OpenedFile, openShareFile } from '../worker/shareFiles.ts'
import { sharedArithmetic } from './simulate.ts'

const noWorker = () => Promise.reject(new Error('there is no worker'))

/**
 * The engine without a worker, on arithmetic that remembers: with the same randomness a ceremony costs its exponentiations
 * once per process. Passphrases are neither stretched, which is most of the work that is left, nor overwritten here.
 */
export function localEngine(random: RandomSource, clock: Clock): Engine {
  const tools = { arithmetic: sharedArithmetic, random, clock }
  const ready = readyPresignatures()
  let opened: OpenedFile | undefined
  return {
    createWallet: async (request, channel, progress) =>
      createWallet({ ...request, sealing: await unstretched(request.sealing) }, channel, progress, tools),
    sign: async (request, channel, progress) =>
      sign({ ...request, sealing: await unstretched(request.sealing) }, channel, progress, { ...tools, ready }),
    createSchemeKey: async (request, channel, progress) =>
      createSchemeKey({ ...request, sealing: await unstretched(request.sealing) }, channel, progress, tools),
    signByScheme: async (request, channel, progress) =>
      signByScheme({ ...request, sealing: await unstretched(request.sealing) }, channel, progress, tools),
    presign: async (request, channel, progress) =>
      makePresignatures({ ...request, sealing: await unstretched(request.sealing) }, channel, progress, {
        ...tools,
        ready,
      }),
    freePresignatures: ({ path, ...of }) =>
      Promise.resolve(ready.free({ ...of, tweak: keyAt(of.publicKey, path).tweak })),
    erasePresignatures(which) {
      ready.erase(which)
      return Promise.resolve()
    },
    reshare: async (request, channel, progress, keep) => {
      const { dealing, receiving } = request
      const unlocked = {
        ...request,
        ...(dealing && { dealing: { ...dealing, opening: await unstretched(dealing.opening) } }),
        ...(receiving && { receiving: { ...receiving, sealing: await unstretched(receiving.sealing) } }),
      }
      return reshare(unlocked, channel, progress, keep, tools)
    },
    oldShares: async (request) => oldShares({ ...request, opening: await unstretched(request.opening) }),
    makePreParameters: () => Promise.reject(new Error('pre-parameters are given in tests')),
    async checkShare(sealed, sealing) {
      const opening = await unstretched(sealing)
      const { share, epoch } = await unsealWallet(sealed, opening)
      const walletId = walletIdOf(share.publicKey.toBytes(true))
      return { walletId, seat: (share.index + 1) as PartyId, epoch, sealedWith: opening.kind }
    },
    makeBackup: async (request) => makeBackup({ ...request, sealing: await unstretched(request.sealing) }),
    exportSaveData: noWorker,
    async openShareFile(source) {
      opened = await openShareFile(source, tools)
      return opened.shown
    },
    async keepOpened(request) {
      if (opened === undefined) throw new Error('a share is kept after it was opened')
      return keepOpened(opened.wallet, { ...request, sealing: await unstretched(request.sealing) }, random)
    },
    addPasskey: noWorker,
    diagnostics: noWorker,
    reseal: async (sealed, from, to) => resealWallet(sealed, await unstretched(from), await unstretched(to), random),
    [Symbol.dispose]: () => undefined,
  }
}

async function unstretched(sealing: Opening): Promise<Sealing> {
  if (sealing.kind === 'key') return sealing
  if (sealing.kind === 'passkey') throw new Error('a passkey opens what was stretched')
  const digest = await crypto.subtle.digest('SHA-256', sealing.passphrase)
  const key = await crypto.subtle.importKey('raw', digest, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return { kind: 'key', key }
}
