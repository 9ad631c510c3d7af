/** What this installation remembers of its person's taste and of its own speed. Nothing secret, nothing needed. */
export interface Preferences {
  readonly theme: Theme
  /** What we call ourselves to the members of new wallets; '' until it has been said. */
  readonly name: string
  /** Undefined: the first of the browser's languages that there is. */
  readonly language?: Language | undefined
  /** Minutes without anybody here until the screens are locked; 0 is never. */
  readonly lockAfterMinutes: number
  /** Of the Ethereum node that signed transactions can be sent to; '' is none. Its path may hold a key of that service. */
  readonly rpcUrl: string
  /** The same of an Esplora API, for Bitcoin. */
  readonly esploraUrl: string
  /** Network of the last payment, as its chain id; '' before the first. */
  readonly lastNetwork: string
  /** Whom was paid last from here, the latest first. */
  readonly recipients: readonly string[]
  /** Origin of the coordinator that its person has chosen, where the app is served by somebody else; '' is who serves it. */
  readonly coordinator: string
  /** How long the last ceremony of each kind took here, in milliseconds. */
  readonly measured: { readonly create?: number; readonly sign?: number; readonly reshare?: number }
  /** By wallet id: which backups were made and checked here. Its word is no proof; a backup that is checked is. */
  readonly backups: Readonly<Record<string, BackupNote>>
  /** By wallet, epoch and seat: when the newest rules were made that this device has seen, in milliseconds since 1970. */
  readonly rules: Readonly<Record<string, number>>
}

/** Milliseconds since 1970. */
export interface BackupNote {
  readonly madeAtMs?: number | undefined
  readonly checkedAtMs?: number | undefined
  readonly guardians?: GuardiansNote | undefined
}

/** Who holds the pieces of the key that opens a share's file for guardians. Milliseconds since 1970. */
export interface GuardiansNote {
  /** Of age: what each new file is sealed to, without the guardians. */
  readonly recipient: string
  /** k */
  readonly needed: number
  readonly names: readonly string[]
  readonly madeAtMs: number
  /** When the last file was made. */
  readonly sealedAtMs: number
  /** When pieces have last opened the file, as a drill. */
  readonly checkedAtMs?: number | undefined
}

export type Theme = 'system' | 'light' | 'dark'
/** BCP 47 */
export type Language = 'en' | 'zh-Hant' | 'zh-Hans'

/** Losing preferences is no failure: both methods do what they can. */
export interface PreferenceStore {
  load(): Preferences
  save(preferences: Preferences): void
}
