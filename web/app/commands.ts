import { createContext, use } from 'react'
import type { PinnedParty } from '../../proto/client/serverParties.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import type { Outcome } from '../../tss-wasm/failure.ts'
import type { CeremonyEvent } from '../jobs/ceremony.ts'
import { createWallet } from '../jobs/createWallet.ts'
import { failureOf } from '../jobs/failing.ts'
import type { Ports } from '../jobs/ports.ts'
import { signContent } from '../jobs/signContent.ts'
import { unlock } from '../jobs/unlock.ts'
import type { Preferences, PreferenceStore } from '../platform/preferences.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import {
  advance,
  isPastCancelling,
  isRunning,
  useCeremony,
  type Ceremony,
  type CeremonyEnd,
} from '../state/ceremony.ts'
import { usePreferences } from '../state/preferences.ts'
import { useServerParties } from '../state/serverParties.ts'
import { useWallets } from '../state/wallets.ts'

/** What a person can ask for. Screens call these; the answers come through web/state, except where one is returned. */
export interface Commands {
  loadWallets(): Promise<void>
  loadServerParties(): Promise<void>
  /** Starts the search for pre-parameters unless there are some. */
  prepare(): Promise<void>
  /** The passphrase is handed over and overwritten. */
  create(name: string, serverParties: readonly PinnedParty[], passphrase: Uint8Array<ArrayBuffer>): Promise<void>
  sign(
    wallet: WalletRecord,
    content: SigningContent,
    coSigners: readonly WalletSeat[],
    passphrase: Uint8Array<ArrayBuffer>,
  ): Promise<void>
  readonly cancel: () => void
  /** Takes an ended ceremony off the screen. */
  readonly dismiss: () => void
  checkPassphrase(wallet: WalletRecord, passphrase: Uint8Array<ArrayBuffer>): Promise<Outcome<undefined>>
  discard(walletId: string): Promise<Outcome<undefined>>
  prefer(change: Partial<Preferences>): void
  diagnose(): Promise<Diagnosis>
  /** Asks the browser not to delete what is stored. */
  persist(): Promise<boolean>
}

export interface Diagnosis {
  readonly fingerprint: string | undefined
  readonly kernel: 'relaxed-simd' | 'portable' | undefined
  readonly persistent: boolean
  readonly version: string
}

export interface CommandPorts extends Ports {
  serverParties(): Promise<readonly PinnedParty[]>
  readonly preferences: PreferenceStore
  diagnose(): Promise<Diagnosis>
  persist(): Promise<boolean>
}

/** t of the wallets this app creates; the engine takes any. */
const threshold = 2

export function createCommands(ports: CommandPorts): Commands {
  let cancelling = new AbortController()

  async function run(
    ceremony: Ceremony,
    job: (watch: (event: CeremonyEvent) => void, signal: AbortSignal) => Promise<CeremonyEnd>,
  ): Promise<void> {
    cancelling = new AbortController()
    useCeremony.setState({ current: ceremony })
    const change = (update: (current: Ceremony) => Ceremony) => {
      useCeremony.setState(({ current }) => ({ current: current && update(current) }))
    }
    try {
      let togetherSinceMs = ports.now() // the search for primes before it is another matter
      const end = await job((event) => {
        if (event.type === 'step' && event.step === 'joining') togetherSinceMs = ports.now()
        change((current) => advance(current, event))
      }, cancelling.signal)
      change((current) => ({ ...current, end }))
      measure(ceremony.kind, ports.now() - togetherSinceMs)
    } catch (error) {
      change((current) => ({ ...current, end: { type: 'failed', failure: failureOf(error), during: current.step } }))
      reportBug(error)
    } finally {
      await loadWallets()
      void prepare()
    }
  }

  function measure(kind: Ceremony['kind'], milliseconds: number): void {
    prefer({ measured: { ...usePreferences.getState().measured, [kind]: milliseconds } })
  }

  function prefer(change: Partial<Preferences>): void {
    usePreferences.setState(change)
    ports.preferences.save(usePreferences.getState())
  }

  async function loadWallets(): Promise<void> {
    const listed = await outcomeOf(ports.shares.list())
    useWallets.setState(
      listed.ok ? { status: 'ready', records: listed.value } : { status: 'failed', failure: listed.failure },
      true,
    )
  }

  async function prepare(): Promise<void> {
    await outcomeOf(ports.preparation.ready()) // its state is told through its own listener
  }

  return {
    loadWallets,
    prepare,
    prefer,
    async loadServerParties() {
      const loaded = await outcomeOf(ports.serverParties())
      useServerParties.setState(
        loaded.ok ? { status: 'ready', parties: loaded.value } : { status: 'failed', failure: loaded.failure },
        true,
      )
    },
    async create(name, serverParties, passphrase) {
      if (isRunning(useCeremony.getState().current)) {
        passphrase.fill(0)
        return
      }
      const parties = [undefined, ...serverParties.map((party) => party.name)]
      const ceremony: Ceremony = {
        kind: 'create',
        walletName: name,
        step: 'preparing',
        parties: parties.map((party, i) => ({ seat: i + 1, name: party, presence: 'invited', received: 0 })),
        startedAtMs: ports.now(),
      }
      await run(ceremony, async (watch, signal) => {
        const { walletId } = await createWallet(ports, { name, threshold, serverParties, passphrase }, watch, signal)
        return { type: 'created', walletId }
      })
    },
    async sign(wallet, content, coSigners, passphrase) {
      if (isRunning(useCeremony.getState().current)) {
        passphrase.fill(0)
        return
      }
      const mine = wallet.seats.filter(({ seat }) => seat === wallet.mySeat)
      const ceremony: Ceremony = {
        kind: 'sign',
        walletName: wallet.name,
        walletId: wallet.walletId,
        content,
        step: 'unlocking',
        parties: [...mine, ...coSigners].map(({ seat, serverParty }) => ({
          seat,
          name: serverParty,
          presence: 'invited',
          received: 0,
        })),
        startedAtMs: ports.now(),
      }
      await run(ceremony, async (watch, signal) => {
        const signed = await signContent(ports, { wallet, content, coSigners, passphrase }, watch, signal)
        return { type: 'signed', signed }
      })
    },
    cancel() {
      const { current } = useCeremony.getState()
      if (current !== undefined && !isPastCancelling(current)) cancelling.abort()
    },
    dismiss() {
      if (!isRunning(useCeremony.getState().current)) useCeremony.setState({ current: undefined })
    },
    checkPassphrase: (wallet, passphrase) =>
      outcomeOf(unlock(ports, wallet, passphrase, new AbortController().signal).then(() => undefined)),
    async discard(walletId) {
      const removed = await outcomeOf(ports.shares.remove(walletId).then(() => undefined))
      await loadWallets()
      return removed
    },
    diagnose: () => ports.diagnose(),
    persist: () => ports.persist(),
  }
}

async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work }
  } catch (error) {
    reportBug(error)
    return { ok: false, failure: failureOf(error) }
  }
}

/** Whatever is not a known failure is a bug of ours: the console, and whoever reads it, should have the stack. */
function reportBug(error: unknown): void {
  if (failureOf(error).kind === 'engine-crashed') reportError(error)
}

export const CommandsContext = createContext<Commands | undefined>(undefined)

export function useCommands(): Commands {
  const commands = use(CommandsContext)
  if (commands === undefined) throw new Error('commands are provided in main.tsx')
  return commands
}
