import type { Coordinator } from '../participant/coordinator.ts'
import type { Requests } from '../participant/requests/requestBox.ts'
import { createContact } from '../participant/connection/contact.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { version } from '../package.json'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { fingerprint } from '../tss-wasm/identity/identity.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { systemClock } from '../tss-wasm/round/clock.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInBrowser } from '../tss-wasm/worker/spawn.web.ts'
import type { CommandPorts, Diagnosis } from './app/commands/commands.ts'
import { startApp } from './app/shell/start.tsx'
import { unlockPeriods } from './jobs/unlockPeriods.ts'
import { keepPrepared } from './jobs/preparePreParameters.ts'
import { browserPlatform } from './platform/browser/platform.ts'
import { bitcoinNode } from './platform/browser/bitcoinNode.ts'
import { ethereumNode } from '../chain/http/ethereumNode.ts'
import { openSessionMemory } from './platform/browser/sessionMemory.ts'
import { browserHistoryStore } from './platform/browser/historyStore.ts'
import { browserReservations } from './platform/browser/reservations.ts'
import { browserWalletLocks } from './platform/browser/walletLocks.ts'
import { desktopBridge } from './platform/desktop/bridge.ts'
import { desktopPlatform } from './platform/desktop/platform.ts'
import { missingCurves, missingExtras, missingFeatures } from './boot/features.ts'
import { showUnsupported } from './boot/unsupported.ts'
import { isRunning, useCeremony } from './state/ceremony.ts'
import { useContact } from './state/contact.ts'
import { useOpenedFile } from './state/openedFile.ts'
import { usePreparation } from './state/preparation.ts'
import { useUnlocked } from './state/unlocked.ts'

// The one place where everything is built and wired.
const bridge = desktopBridge()
const platform = bridge === undefined ? browserPlatform() : desktopPlatform(bridge)
const newEngine = () => startEngine(spawnInBrowser)
const exclusively = async (name: string, work: () => Promise<void>) => {
  await navigator.locks.request(`quorate ${name}`, work)
}

/** Protobuf and the client of the wire are loaded with the first ceremony; the first page needs neither. */
const coordinator: Coordinator = {
  create: async (request) => (await loadCoordinator()).create(request),
  preview: async (access) => (await loadCoordinator()).preview(access),
  decline: async (access, failure) => (await loadCoordinator()).decline(access, failure),
  join: async (seen, joining) => (await loadCoordinator()).join(seen, joining),
  async *offersTo(identity, signal, onConnected) {
    return yield* (await loadCoordinator()).offersTo(identity, signal, onConnected)
  },
  settle: async (pending, settling) => (await loadCoordinator()).settle(pending, settling),
  reshare: async (taking, seat, roster) => (await loadCoordinator()).reshare(taking, seat, roster),
  hearRetirements: async (epochs, walletId) => (await loadCoordinator()).hearRetirements(epochs, walletId),
  settleEpochs: async (epochs, walletId) => (await loadCoordinator()).settleEpochs(epochs, walletId),
}
/** With its messages, it is loaded with the first mailbox. */
const requests: Requests = {
  open: async (member) => (await loadRequests()).open(member),
  boxOf: async (member, list) => (await loadRequests()).boxOf(member, list),
  async *watch(memberships, signal) {
    return yield* (await loadRequests()).watch(memberships, signal)
  },
}
const sessions = openSessionMemory()
const contact = createContact((isLost) => {
  useContact.setState({ isLost })
})
const loadClients = async () => {
  const clients = await import('./platform/browser/coordinator.ts').catch(() => {
    throw new ProtocolAbort({ kind: 'not-loaded', detail: 'the client of the coordinator' })
  })
  const { coordinator: chosen } = platform.preferences.load()
  return { clients, origin: chosen === '' ? location.origin : chosen }
}
const loadCoordinator = async () => {
  const { clients, origin } = await loadClients()
  return clients.browserCoordinator(origin, sessions.runs, contact)
}
const loadRequests = async () => {
  const { clients, origin } = await loadClients()
  return clients.browserRequests(origin, () => ports.now())
}

const ports: CommandPorts = {
  coordinator,
  requests,
  claim: bytesToHex(systemRandom(16)),
  shares: platform.shares,
  pending: sessions.pending,
  identity: platform.identity,
  preParameters: platform.preParameters,
  passkeys: platform.passkeys,
  preparation: keepPrepared(
    { preParameters: platform.preParameters, startEngine: newEngine, exclusively, reservations: browserReservations() },
    (state) => {
      usePreparation.setState(state, true)
    },
  ),
  unlocked: unlockPeriods({ clock: systemClock, now: () => Date.now() }, (until) => {
    useUnlocked.setState(until, true)
  }),
  startEngine: newEngine,
  clock: systemClock,
  now: () => Date.now(),
  deadlines: { joinMs: 30_000, readyMs: 300_000, roundMs: 30_000 },
  serverParties: () => platform.serverParties(),
  webApp: () => platform.webApp(),
  nodes: { ethereum: ethereumNode(), bitcoin: bitcoinNode() },
  rpcOrigins: () => platform.rpcOrigins(),
  chain: () => platform.chain(),
  coordinators: () => platform.coordinators(),
  descriptions: () => platform.descriptions(),
  history: browserHistoryStore(),
  walletLocks: browserWalletLocks(),
  preferences: platform.preferences,
  diagnose,
  keeping: () => platform.keeping(),
  persist: () => platform.persist(),
  appCode: platform.appCode,
}

async function diagnose(): Promise<Diagnosis> {
  using engine = newEngine()
  const [mine, kernel, persistent] = await Promise.allSettled([
    platform.identity.load(),
    engine.diagnostics(),
    platform.persistent(),
  ])
  return {
    fingerprint: mine.status === 'fulfilled' ? fingerprint(mine.value.public) : undefined,
    kernel: kernel.status === 'fulfilled' ? kernel.value.kernel : undefined,
    persistent: persistent.status === 'fulfilled' && persistent.value,
    version,
    lacking: missingExtras(globalThis),
  }
}

useCeremony.subscribe(({ current }, { current: before }) => {
  const [pending, pendingBefore] = [isRunning(current), isRunning(before)]
  if (pending === pendingBefore) return // progress, which only the page shows
  const ended = current?.end?.type
  platform.announce({ pending: pending ? 1 : 0, ...(ended === undefined ? {} : { ended }) })
})

bridge?.onEvent((event) => {
  if (event.type === 'invitation') {
    location.hash = `/${event.path}`
    return
  }
  useOpenedFile.setState({ file: new File([event.content], event.name) })
  location.hash = '/restore'
})

const root = document.querySelector('#app')
if (root === null) throw new Error('index.html has no #app')
// boot.ts has shown what it can see at once; the curves take an attempt.
const missing = isSecureContext ? [...missingFeatures(globalThis), ...(await missingCurves(crypto))] : []
if (missing.length > 0) showUnsupported(document, missing)
else await startApp(root, ports)
