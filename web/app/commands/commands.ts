import type { FateWord, Sent } from '../../../chain/evm/fate.ts'
import type { ListedNode, Trouble } from '../../../chain/evm/node.ts'
import type { Intent, Outlook } from '../../../chain/evm/outlook.ts'
import type { PinnedParty } from '../../../participant/session/serverParties.ts'
import type { Description } from '../../../tss-wasm/content/describe/description.ts'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { ShareSource } from '../../../tss-wasm/worker/api.ts'
import type { CheckedBackup } from '../../jobs/backup.ts'
import type { GuardedShare } from '../../jobs/guardians.ts'
import type { BroadcastEnd, ToBroadcast } from '../../jobs/broadcast.ts'
import type { InvitedTo } from '../../jobs/joinByInvitation.ts'
import type { ReshareRequest } from '../../jobs/joinReshare.ts'
import type { OldShares } from '../../jobs/oldShares.ts'
import type { RequestPorts } from '../../jobs/ports.ts'
import type { SigningRequest } from '../../jobs/requests.ts'
import type { ReshareForm } from '../../jobs/reshareWallet.ts'
import type { KeepForm, OpenedShareFile } from '../../jobs/restore.ts'
import type { Unlocking } from '../../jobs/unlock.ts'
import type { Asking } from '../../jobs/waitingRequest.ts'
import type { AppCode, Keeping } from '../../platform/platform.ts'
import type { HistoryStore } from '../../platform/historyStore.ts'
import type { ListedChain, Nodes } from '../../platform/nodes.ts'
import type { Preferences, PreferenceStore } from '../../platform/preferences.ts'
import type { WalletRecord, WalletSeat, WalletWords } from '../../platform/shareStore.ts'
import type { WalletLocks } from '../../platform/walletLocks.ts'

/** What a person can ask for. Screens call these; the answers come through web/state, except where one is returned. */
export interface Commands {
  loadWallets(): Promise<void>
  loadServerParties(): Promise<void>
  /** Starts the search for pre-parameters unless there are some. */
  prepare(): Promise<void>
  /** Settles wallets that an interruption left unfinished. */
  settle(): Promise<void>
  /** Listens for requests to sign while there is a wallet with other people; when called again, anew and at once. */
  watchRequests(): Promise<void>
  /** The passphrase is handed over and overwritten. */
  create(form: NewWallet): Promise<void>
  /** What an invitation is for, without joining anything. */
  previewSession(invitation: string): Promise<Outcome<InvitedTo>>
  join(invitedTo: InvitedTo, myName: string, passphrase: Uint8Array<ArrayBuffer>): Promise<void>
  /** Makes a seat's invitation worthless and puts a new one in its place. */
  revoke(seat: number): Promise<Outcome<undefined>>
  /** The person's answer when check codes are compared. */
  readonly compare: (codesMatch: boolean) => void
  sign(wallet: WalletRecord, order: SigningOrder, coSigners: readonly WalletSeat[], unlocking: Unlocking): Promise<void>
  approve(request: SigningRequest, unlocking: Unlocking): Promise<void>
  /** The request stays where nobody could be told, here and below. */
  reject(request: SigningRequest): Promise<Outcome<undefined>>
  /**
   * Asks the members of a wallet to sign in their own time. Resolves once it lies at the coordinator; from then on this device
   * signs with whoever has approved and is there. @returns the request's name
   */
  ask(asking: Asking, unlocking: Unlocking): Promise<Outcome<string>>
  /** Approves a request that waits, if that has not been done before, and signs it with whoever is there. */
  approveWaiting(name: string, unlocking: Unlocking): Promise<void>
  /** @param reason for all members to read; may be empty */
  rejectWaiting(name: string, reason: string): Promise<Outcome<undefined>>
  withdraw(name: string): Promise<Outcome<undefined>>
  /** The others may know that we have looked at it. */
  tellSeen(name: string): Promise<void>
  /** @param transaction by which its network knows it */
  tellSent(name: string, transaction: string): Promise<void>
  /** Ends the time that a wallet was unlocked for; without a name, of all. */
  readonly lock: (walletId?: string) => void
  /** Forgets the keys by which this device would sign by itself what it has approved: its person has gone. */
  readonly letGo: () => void
  /** The same for one request. */
  readonly stopWaiting: (name: string) => void
  /** New shares of a wallet, held by whoever the form names; the passphrase is handed over and overwritten, as below. */
  reshare(form: NewShares): Promise<void>
  /** Our part in what another member proposes. */
  joinReshare(request: ReshareRequest, passphrase: Uint8Array<ArrayBuffer>): Promise<void>
  declineReshare(request: ReshareRequest): Promise<Outcome<undefined>>
  /** Follows what another member has sent, where it proves that the shares were renewed. */
  openProof(wallet: WalletRecord, file: Uint8Array<ArrayBuffer>): Promise<Outcome<undefined>>
  /** What has become of the shares that a wallet had before; undefined where it never had others. */
  oldShares(wallet: WalletRecord): Promise<Outcome<OldShares | undefined>>
  /** Takes requests off the list that others have answered, or that nobody waits for any more. */
  refreshRequests(): Promise<void>
  /** Which wallets this tab works with from now on; the others are let go. The answer comes through useOccupied. */
  readonly occupy: (walletIds: readonly string[]) => void
  /** From the tab that works with it; what runs there is cancelled. */
  readonly takeOver: (walletId: string) => void
  readonly cancel: () => void
  /** Takes an ended ceremony off the screen. */
  readonly dismiss: () => void
  checkPassphrase(wallet: WalletRecord, passphrase: Uint8Array<ArrayBuffer>): Promise<Outcome<undefined>>
  changePassphrase(
    wallet: WalletRecord,
    current: Uint8Array<ArrayBuffer>,
    next: Uint8Array<ArrayBuffer>,
  ): Promise<Outcome<undefined>>
  /** Changes what this device calls a wallet and its members, or puts it aside. */
  describe(wallet: WalletRecord, change: Partial<WalletWords>): Promise<Outcome<undefined>>
  discard(walletId: string): Promise<Outcome<undefined>>
  /** What passkeys there are, and whether there can be any; comes through usePasskeys. */
  loadPasskeys(): Promise<void>
  /** The person is asked to touch an authenticator. */
  addPasskey(wallet: WalletRecord, passphrase: Uint8Array<ArrayBuffer>): Promise<Outcome<undefined>>
  removePasskey(wallet: WalletRecord): Promise<Outcome<undefined>>
  /** What became of everything that the wallet was asked to sign here; comes through useHistory. */
  loadHistory(walletId: string): Promise<void>
  /** Passphrases are handed over and overwritten, here and below. */
  makeBackup(
    wallet: WalletRecord,
    passphrase: Uint8Array<ArrayBuffer>,
    backupPassphrase: Uint8Array<ArrayBuffer>,
  ): Promise<Outcome<Uint8Array<ArrayBuffer>>>
  checkBackup(
    wallet: WalletRecord,
    file: Uint8Array,
    passphrase: Uint8Array<ArrayBuffer>,
  ): Promise<Outcome<CheckedBackup>>
  /** This device's share for guardians: pieces of a new key, and the file that it opens. */
  guard(
    wallet: WalletRecord,
    guardians: { readonly needed: number; readonly names: readonly string[] },
    passphrase: Uint8Array<ArrayBuffer>,
  ): Promise<Outcome<GuardedShare>>
  /** A new file for the guardians that there are. */
  sealForGuardians(wallet: WalletRecord, passphrase: Uint8Array<ArrayBuffer>): Promise<Outcome<Uint8Array<ArrayBuffer>>>
  /** The drill. @param key as `keyFromPieces` gives it; overwritten */
  checkGuardians(wallet: WalletRecord, file: Uint8Array, key: Uint8Array<ArrayBuffer>): Promise<Outcome<CheckedBackup>>
  /** Forgets them here: their pieces and their file go on opening what they hold. */
  forgetGuardians(wallet: WalletRecord): void
  /** Not encrypted. */
  exportShare(wallet: WalletRecord, passphrase: Uint8Array<ArrayBuffer>): Promise<Outcome<Uint8Array<ArrayBuffer>>>
  /** To be disposed of by whoever asks. */
  openShareFile(source: ShareSource): Promise<Outcome<OpenedShareFile>>
  keepShare(opened: OpenedShareFile, form: KeepForm): Promise<Outcome<WalletRecord>>
  /** What the members of a wallet decide by that have told it; comes through useRules. Not shown where nobody answers. */
  loadRules(wallet: WalletRecord): Promise<void>
  /** Which nodes can be chosen; comes through useRpcOrigins. */
  loadNodes(): Promise<void>
  /** Which coordinators can be chosen, where this app is not served by its own; comes through useCoordinators. */
  loadCoordinators(): Promise<void>
  /** From now on. @returns false while a ceremony, or a wallet that is not settled, needs the one before */
  chooseCoordinator(origin: string): Promise<boolean>
  /** The coordinator that an invitation names, if it is another one that can be chosen. */
  otherCoordinator(invitation: string): string | undefined
  /** What whoever runs this app says that calls and typed data mean; comes through useDescriptions. */
  loadDescriptions(): Promise<void>
  /** Nodes and tokens that whoever runs this app lists; comes through useChain. */
  loadChain(): Promise<void>
  /** What the listed nodes say of a payment; none is asked where none is listed for its network. */
  outlook(intent: Intent): Promise<Outlook>
  /** Coins and tokens of a network on this machine, worth nothing. @returns what was in the way, if anything was */
  giveTestCoins(node: ListedNode, to: string): Promise<Trouble | undefined>
  /** What has become of a transaction that was sent. */
  fate(sent: Sent): Promise<FateWord>
  /** Sends a signed transaction to the node at this address. */
  broadcast(url: string, tx: ToBroadcast): Promise<BroadcastEnd>
  prefer(change: Partial<Preferences>): void
  diagnose(): Promise<Diagnosis>
  /** Asks the browser not to delete what is stored. */
  keeping(): Promise<Keeping>
  persist(): Promise<boolean>
  /** Which code runs here and what the server sends now; comes through useAppCode. */
  checkVersion(): Promise<void>
  /** The build that the server offers, from the next load on. @returns whether it is stored */
  useVersion(contents: string): Promise<boolean>
}

/** As its job has it, but for what the app knows itself. */
export type NewShares = Omit<ReshareForm, 'lifeSeconds' | 'app'>

export interface NewWallet {
  readonly name: string
  /** What we call ourselves. */
  readonly myName: string
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
  readonly version: string | undefined
  /** What this browser lacks that the app does without (boot/features.ts), by name. */
  readonly lacking: readonly string[]
}

export interface CommandPorts extends RequestPorts {
  readonly walletLocks: WalletLocks
  readonly history: HistoryStore
  readonly nodes: Nodes
  rpcOrigins(): Promise<readonly string[]>
  chain(): Promise<ListedChain>
  coordinators(): Promise<readonly string[]>
  descriptions(): Promise<readonly Description[]>
  serverParties(): Promise<readonly PinnedParty[]>
  webApp(): Promise<string>
  readonly preferences: PreferenceStore
  diagnose(): Promise<Diagnosis>
  keeping(): Promise<Keeping>
  persist(): Promise<boolean>
  readonly appCode: AppCode
}
