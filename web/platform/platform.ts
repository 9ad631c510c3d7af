import type { PinnedParty } from '../../participant/session/serverParties.ts'
import type { Description } from '../../tss-wasm/content/describe/description.ts'
import type { AppStatus } from '../serviceWorker/messages.ts'
import type { ListedChain } from './nodes.ts'
import type { IdentityStore } from './identityStore.ts'
import type { Passkeys } from './passkeys.ts'
import type { PreferenceStore } from './preferences.ts'
import type { PreParameterStore } from './preParameterStore.ts'
import type { ShareStore } from './shareStore.ts'

/** The app's own code, as this browser keeps it (serviceWorker.ts). */
export interface AppCode {
  /** Undefined where there is no service worker: a private window, a development server. */
  status(): Promise<AppStatus | undefined>
  /** From the next load on the build that is offered runs. @returns whether it is stored and will */
  approve(contents: string): Promise<boolean>
}

/** What becomes of what is stored here: it stays; the host may delete it some day; it goes with this private window. */
export type Keeping = 'promised' | 'unpromised' | 'until-closed'

/** What differs between hosts. main.tsx picks one; nothing else asks where it runs. */
export interface Platform {
  readonly shares: ShareStore
  readonly identity: IdentityStore
  readonly preParameters: PreParameterStore
  /** None on the desktop: passkeys belong to host names, and its page has none. */
  readonly passkeys?: Passkeys
  readonly preferences: PreferenceStore
  serverParties(): Promise<readonly PinnedParty[]>
  /** Nodes that the page may connect to, as origins. */
  rpcOrigins(): Promise<readonly string[]>
  /** Nodes that are asked by themselves, and tokens beside ours, as whoever runs this app lists them. */
  chain(): Promise<ListedChain>
  /** Coordinators that the page may connect to beside its own origin; where there are some, its person chooses one. */
  coordinators(): Promise<readonly string[]>
  /** What whoever runs this app says that calls and typed data mean (ERC-7730). */
  descriptions(): Promise<readonly Description[]>
  /** Where browsers find this app, as `https://wallet.example`: what invitation links begin with. */
  webApp(): Promise<string>
  /** Whether what is stored stays until the person removes it. */
  persistent(): Promise<boolean>
  /** Before anything is stored; asks nobody. */
  keeping(): Promise<Keeping>
  /** Asks the host to keep what is stored. */
  persist(): Promise<boolean>
  readonly appCode: AppCode
  /** Tells the host what goes on here, for the times when nobody looks at the window. Nothing secret. */
  announce(news: News): void
}

export interface News {
  /** Ceremonies that run or wait for this person. */
  readonly pending: number
  /** How the last one ended, once, when it ends. */
  readonly ended?: 'created' | 'signed' | 'reshared' | 'failed'
}
