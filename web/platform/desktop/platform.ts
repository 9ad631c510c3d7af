import { ProtocolAbort, type Outcome } from '../../../tss-wasm/failure.ts'
import { unsealIdentity } from '../../../tss-wasm/identity/identity.ts'
import { loadDescriptions } from '../browser/descriptions.ts'
import { browserPreferences } from '../browser/preferences.ts'
import { loadServerParties } from '../browser/serverParties.ts'
import type { IdentityStore } from '../identityStore.ts'
import type { Platform } from '../platform.ts'
import type { PreParameterStore } from '../preParameterStore.ts'
import type { ShareStore } from '../shareStore.ts'
import { decodeEpochs, encodeEpochs } from '../../../participant/reshare/recordedEpochs.ts'
import type { EpochStore } from '../../../participant/reshare/walletEpochs.ts'
import type { DesktopBridge, EpochsWish } from './bridge.ts'

/**
 * The desktop app: shares, identity and pre-parameters are files that the main process keeps (docs/DESKTOP.md).
 * Preferences stay with the window, where losing them costs nothing. The server parties come from the app's own origin,
 * where the main process answers with those the person has confirmed.
 */
export function desktopPlatform(bridge: DesktopBridge): Platform {
  return {
    shares: desktopShareStore(bridge),
    identity: desktopIdentityStore(bridge),
    preParameters: desktopPreParameterStore(bridge),
    preferences: browserPreferences,
    serverParties: () => loadServerParties(),
    rpcOrigins: () => Promise.resolve([]), // its page connects to its own origin only
    chain: () => Promise.resolve({ nodes: [], tokens: [] }), // the same
    coordinators: () => Promise.resolve([]), // settings.json names the one that calls are forwarded to
    descriptions: () => loadDescriptions(), // answered on this machine, by the main process
    webApp: async () => (await fetch('/web-app.txt')).text(), // answered on this machine, by the main process
    persistent: () => Promise.resolve(true),
    keeping: () => Promise.resolve('promised'),
    persist: () => Promise.resolve(true),
    // Its code came with the program, which is signed as a whole.
    appCode: { status: () => Promise.resolve(undefined), approve: () => Promise.resolve(false) },
    announce(news) {
      void bridge.announce(news)
    },
  }
}

export function desktopShareStore(bridge: DesktopBridge): ShareStore {
  return {
    putPending: (record, share) => value(bridge.putPending(record, share)),
    activate: (walletId) => value(bridge.settle(walletId, 'active')),
    list: () => value(bridge.listWallets()),
    getShare: async (walletId) => (await value(bridge.epochs(walletId, { get: 'signing' }))).share,
    replaceShare: (walletId, old, share) => value(bridge.replaceShare(walletId, old, share)),
    describe: (walletId, words) => value(bridge.settle(walletId, words)),
    remove: (walletId) => value(bridge.settle(walletId, 'removed')),
    epochs: desktopEpochStore(bridge),
  }
}

function desktopEpochStore(bridge: DesktopBridge): EpochStore {
  const ask = (walletId: string, wish: EpochsWish) => value(bridge.epochs(walletId, wish))
  return {
    async read(walletId) {
      const { known, isThere } = await ask(walletId, 'look')
      return isThere ? decodeEpochs(known) : undefined
    },
    async change(walletId, next) {
      for (;;) {
        const { known: from } = await ask(walletId, 'look')
        const before = decodeEpochs(from)
        const epochs = next(before)
        if (epochs === before) return epochs
        const to = encodeEpochs(epochs)
        // Somebody else was quicker: what they wrote is where we start.
        if ((await ask(walletId, { from, to })).isChanged === true) return epochs
      }
    },
    held: async (walletId) => (await ask(walletId, 'look')).held,
    async putShare(walletId, number, share) {
      await ask(walletId, { put: share, number })
    },
    share: async (walletId, number) => (await ask(walletId, { get: number })).share,
    async eraseShare(walletId, number) {
      await ask(walletId, { erase: number })
    },
  }
}

function desktopIdentityStore(bridge: DesktopBridge): IdentityStore {
  return {
    async load() {
      const { identity } = await openInstallation(bridge)
      return identity
    },
    sealed: async () => (await openInstallation(bridge)).sealedIdentity,
  }
}

function desktopPreParameterStore(bridge: DesktopBridge): PreParameterStore {
  return {
    async key() {
      const { key } = await openInstallation(bridge)
      return key
    },
    count: async () => (await value(bridge.prepared('look'))).count,
    async put(sealed) {
      await value(bridge.prepared({ put: sealed }))
    },
    take: async () => (await value(bridge.prepared('take'))).taken,
  }
}

/** From here on the key and the identity's private keys are handles that cannot be read. */
async function openInstallation(bridge: DesktopBridge) {
  const { pageKey, identity } = await value(bridge.installation())
  const extractable = false
  const key = await crypto.subtle.importKey('raw', pageKey, 'AES-GCM', extractable, ['encrypt', 'decrypt'])
  pageKey.fill(0)
  return { key, identity: await unsealIdentity(identity, key), sealedIdentity: identity }
}

async function value<T>(asked: Promise<Outcome<T>>): Promise<T> {
  const outcome = await asked
  if (!outcome.ok) throw new ProtocolAbort(outcome.failure)
  return outcome.value
}
