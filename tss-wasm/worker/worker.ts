import { gathering } from '../integers/gathering.ts'
import type { Kernel } from '../integers/kernel.ts'
import { wasmArithmetic } from '../integers/wasm.ts'
import { describeSealed, unsealWallet } from '../keyShare/seal.ts'
import { sealPreParameters } from '../keyShare/sealedPreParameters.ts'
import type { Tools } from '../keyShare/tools.ts'
import { systemRandom } from '../random.ts'
import type { PartyId } from '../round/channel.ts'
import type { Sealing, TssWorker } from './api.ts'
import { createWallet, sign } from './ceremony.ts'
import { searchPreParameters } from './preParameterSearch.ts'
import { fromRemote, outcomeOf } from './remote.ts'

/**
 * What runs inside the worker, the same in browsers, desktop and servers; only the kernel comes to it in different
 * ways. Scratch memory and passphrases are overwritten when a job ends; the rest goes with the worker.
 */
export function tssWorker(loadKernel: () => Promise<Kernel>): TssWorker {
  let loading: Promise<Kernel> | undefined
  const kernel = (): Promise<Kernel> => (loading ??= loadKernel())

  async function withTools<T>(work: (tools: Tools & { readonly kernel: Kernel }) => Promise<T>): Promise<T> {
    const arithmetic = gathering(wasmArithmetic(await kernel()))
    try {
      return await work({ arithmetic, random: systemRandom, kernel: await kernel() })
    } finally {
      arithmetic.erase()
    }
  }

  return {
    createWallet: (request, channel, progress) =>
      outcomeOf(() =>
        erasing(request.sealing, () =>
          withTools((tools) => createWallet(request, fromRemote(channel), told(progress), tools)),
        ),
      ),
    sign: (request, channel, progress) =>
      outcomeOf(() =>
        erasing(request.sealing, () => withTools((tools) => sign(request, fromRemote(channel), told(progress), tools))),
      ),
    makePreParameters: (key, progress) =>
      outcomeOf(() =>
        withTools(async (tools) =>
          sealPreParameters(await searchPreParameters(tools, told(progress)), key, tools.random),
        ),
      ),
    checkShare: ({ sealedShare, sealing }) =>
      outcomeOf(() =>
        erasing(sealing, () =>
          withTools(async (tools) => {
            await unsealWallet(sealedShare, sealing, tools)
            const { walletId, seat, sealedWith } = describeSealed(sealedShare)
            return { walletId, seat: seat as PartyId, sealedWith }
          }),
        ),
      ),
    diagnostics: async () => ({ kernel: (await kernel()).name }),
  }
}

async function erasing<T>(sealing: Sealing, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    if (sealing.kind === 'passphrase') sealing.passphrase.fill(0)
  }
}

/** Through comlink a call is a promise. Whether whoever watches can still be told changes nothing here. */
function told<T>(progress: (step: T) => unknown): (step: T) => void {
  return (step) => {
    Promise.resolve(progress(step)).catch(() => undefined)
  }
}
