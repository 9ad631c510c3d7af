/** What a page asks the service worker. */
export type ToServiceWorker =
  /** Which code runs here, and what the server sends now. */
  | { readonly type: 'status' }
  /** The person wants the build that is offered. */
  | { readonly type: 'approve'; readonly contents: string }

/** Who vouches for code that is offered, beside whoever vouched for what runs. */
export type Vouching =
  /** The release key of the first visit. */
  'same-key' | 'other-key' | 'unsigned'

export interface AppStatus {
  /** The build that this browser runs. */
  readonly running: { readonly version: string; readonly isSigned: boolean }
  readonly server:
    /** It could not be asked. */
    | { readonly state: 'unknown' }
    | { readonly state: 'same' }
    /** Another build, whole. */
    | {
        readonly state: 'offers'
        readonly version: string
        readonly contents: string
        readonly vouching: Vouching
      }
    /** Files that are not those of its own manifest. */
    | { readonly state: 'differs'; readonly files: readonly string[] }
}
