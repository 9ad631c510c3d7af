import { createContext, use } from 'react'
import type { PinnedParty } from '../../proto/client/serverParties.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import type { Outcome } from '../../tss-wasm/failure.ts'
import type { CeremonyEvent } from '../jobs/ceremony.ts'
import { inviteAndCreate } from '../jobs/createWallet.ts'
import { failureOf } from '../jobs/failing.ts'
import { joinByInvitation, lookAtInvitation, type InvitedTo } from '../jobs/joinByInvitation.ts'
import type { Ports } from '../jobs/ports.ts'
import { answerRequest, isOpen, rejectRequest, watchRequests, type SigningRequest } from '../jobs/requests.ts'
import { settlePending } from '../jobs/settlePending.ts'
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
  type PartyView,
} from '../state/ceremony.ts'
import { usePreferences } from '../state/preferences.ts'
import { addRequest, dropRequest, useRequests } from '../state/requests.ts'
import { useServerParties } from '../state/serverParties.ts'
import { useWallets } from '../state/wallets.ts'

/** What a person can ask for. Screens call these; the answers come through web/state, except where one is returned. */
export interface Commands {
  loadWallets(): Promise<void>
  loadServerParties(): Promise<void>
  /** Starts the search for pre-parameters unless there are some. */
  prepare(): Promise<void>
  /** Finds out what became of wallets that an interruption left unfinished. */
  settle(): Promise<void>
  /** Listens for requests to sign while there is a wallet with other people; once is enough. */
  watchRequests(): Promise<void>
  /** The passphrase is handed over and overwritten. */
  create(form: NewWallet): Promise<void>
  /** What an invitation is for, without joining anything. */
  lookAt(invitation: string): Promise<Outcome<InvitedTo>>
  join(invitedTo: InvitedTo, passphrase: Uint8Array<ArrayBuffer>): Promise<void>
  /** Makes a seat's invitation worthless and puts a new one in its place. */
  revoke(seat: number): Promise<Outcome<undefined>>
  /** The person's answer when check codes are compared. */
  readonly compare: (codesMatch: boolean) => void
  sign(
    wallet: WalletRecord,
    content: SigningContent,
    coSigners: readonly WalletSeat[],
    passphrase: Uint8Array<ArrayBuffer>,
  ): Promise<void>
  approve(request: SigningRequest, passphrase: Uint8Array<ArrayBuffer>): Promise<void>
  reject(request: SigningRequest): Promise<void>
  /** Takes requests off the list that others have answered, or that nobody waits for any more. */
  refreshRequests(): Promise<void>
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

export interface NewWallet {
  readonly name: string
  /** t */
  readonly threshold: number
  readonly serverParties: readonly PinnedParty[]
  /** What we call those who are invited. */
  readonly people: readonly string[]
  readonly passphrase: Uint8Array<ArrayBuffer>
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

/** How long invitations hold, and requests to sign that go to people. */
const hour = 3600
const day = 24 * hour

export function createCommands(ports: CommandPorts): Commands {
  let cancelling = new AbortController()
  let revokeSeat: (seat: number) => Promise<void> = () => Promise.resolve()
  let compareCodes: (match: boolean) => void = () => undefined
  let isWatching = false
  const person = {
    codesMatch: () =>
      new Promise<boolean>((resolve) => {
        compareCodes = resolve
      }),
  }

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
      void listen()
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

  async function listen(): Promise<void> {
    const wallets = useWallets.getState()
    const hasPeople =
      wallets.status === 'ready' && wallets.records.some(({ seats, mySeat }) => hasOthers(seats, mySeat))
    if (isWatching || !hasPeople) return
    isWatching = true
    await outcomeOf(watchRequests(ports, addRequest, new AbortController().signal))
    isWatching = false
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
    async settle() {
      if (isRunning(useCeremony.getState().current)) return
      await outcomeOf(settlePending(ports))
      await loadWallets()
    },
    watchRequests: listen,
    async create({ passphrase, ...form }) {
      if (isBusy(passphrase)) return
      const { name, serverParties, people } = form
      const others = [...serverParties.map((party) => ({ name: party.name })), ...people.map(asPerson)]
      const parties = [{ name: undefined }, ...others].map((party, i) => newcomer(i + 1, party))
      await run(
        { kind: 'create', walletName: name, step: 'preparing', parties, startedAtMs: ports.now() },
        (watch, signal) => {
          const host = {
            ...person,
            hosting: (revoke: typeof revokeSeat) => {
              revokeSeat = revoke
            },
          }
          const lifeSeconds = people.length === 0 ? 0 : hour
          const invited = { ...form, passphrase, lifeSeconds, app: location.origin }
          return inviteAndCreate(ports, invited, watch, signal, host).then(created)
        },
      )
    },
    lookAt: (invitation) => outcomeOf(lookAtInvitation(ports, invitation, location.origin)),
    async join(invitedTo, passphrase) {
      if (isBusy(passphrase)) return
      const { walletName, seat } = invitedTo
      const parties = [newcomer(seat, { name: undefined })]
      await run(
        { kind: 'create', walletName, step: 'preparing', parties, startedAtMs: ports.now() },
        (watch, signal) => {
          const servers = useServerParties.getState()
          const serverParties = servers.status === 'ready' ? servers.parties : []
          return joinByInvitation(ports, { invitedTo, serverParties, passphrase }, watch, signal, person).then(created)
        },
      )
    },
    revoke: (seat) => outcomeOf(revokeSeat(seat).then(() => undefined)),
    compare(codesMatch) {
      compareCodes(codesMatch)
    },
    async sign(wallet, content, coSigners, passphrase) {
      if (isBusy(passphrase)) return
      const lifeSeconds = coSigners.some(({ serverParty }) => serverParty === undefined) ? day : 0
      await run(signing(ports, wallet, content, coSigners), async (watch, signal) => {
        const signed = await signContent(ports, { wallet, content, coSigners, lifeSeconds, passphrase }, watch, signal)
        return { type: 'signed', signed }
      })
    },
    async approve(request, passphrase) {
      if (isBusy(passphrase)) return
      const { wallet, content, from } = request
      const asking = wallet.seats.filter(({ seat }) => seat === from.seat)
      await run(signing(ports, wallet, content, asking), async (watch, signal) => {
        const signed = await answerRequest(ports, { request, passphrase }, watch, signal)
        dropRequest(request)
        return { type: 'signed', signed }
      })
    },
    async reject(request) {
      dropRequest(request)
      await outcomeOf(rejectRequest(ports, request))
    },
    async refreshRequests() {
      for (const request of useRequests.getState().open) {
        const seen = isOpen(request, ports.now()) ? await outcomeOf(ports.coordinator.look(request.ticket)) : undefined
        const isGone = seen === undefined || (seen.ok ? seen.value.isOver : seen.failure.kind === 'refused')
        if (isGone) dropRequest(request)
      }
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

/** A second ceremony does not start; its passphrase is overwritten all the same. */
function isBusy(passphrase: Uint8Array): boolean {
  if (!isRunning(useCeremony.getState().current)) return false
  passphrase.fill(0)
  return true
}

function hasOthers(seats: readonly WalletSeat[], mySeat: number): boolean {
  return seats.some(({ seat, serverParty }) => seat !== mySeat && serverParty === undefined)
}

function asPerson(name: string) {
  return { name, isPerson: true }
}

function newcomer(seat: number, party: Pick<PartyView, 'name' | 'isPerson'>): PartyView {
  return { seat, ...party, presence: 'invited', received: 0 }
}

function created({ walletId }: WalletRecord): CeremonyEnd {
  return { type: 'created', walletId }
}

function signing(
  { now }: Pick<Ports, 'now'>,
  wallet: WalletRecord,
  content: SigningContent,
  others: readonly WalletSeat[],
): Ceremony {
  const mine = newcomer(wallet.mySeat, { name: undefined })
  const theirs = others.map(({ seat, label, serverParty }) =>
    newcomer(seat, { name: label, isPerson: serverParty === undefined }),
  )
  const { walletId, name: walletName } = wallet
  return {
    kind: 'sign',
    walletName,
    walletId,
    content,
    step: 'unlocking',
    parties: [mine, ...theirs],
    startedAtMs: now(),
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
