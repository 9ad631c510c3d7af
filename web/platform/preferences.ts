/** What this installation remembers of its person's taste and of its own speed. Nothing secret, nothing needed. */
export interface Preferences {
  readonly theme: Theme
  /** How long the last ceremony of each kind took here, in milliseconds. */
  readonly measured: { readonly create?: number; readonly sign?: number }
}

export type Theme = 'system' | 'light' | 'dark'

/** Losing preferences is no failure: both methods do what they can. */
export interface PreferenceStore {
  load(): Preferences
  save(preferences: Preferences): void
}
