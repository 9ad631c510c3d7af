/** `decode` throws on noise, on anything out of bounds, and on bytes left over; it never returns half a value. */
export interface Codec<T> {
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
}

/** In resharing: who holds the key, and who is to hold it (RESHARING 2). */
export type Committee = 'old' | 'new'

/** Who says it and who listens, in a run of two committees. A round without a route is from everybody to everybody else. */
export interface Route {
  readonly from: Committee
  readonly to: Committee | 'both'
}

export interface Broadcast<T> {
  readonly kind: 'broadcast'
  readonly name: string
  readonly codec: Codec<T>
  readonly route?: Route
  /**
   * Parties compare what they received, in this round and in the broadcasts since the last echo, before anybody acts on it
   * (ARCHITECTURE 2.6). `late`: everybody says what it holds, and who needs to know compares (`Mailbox.compare`): for a
   * last round, after which a result stands or falls by itself.
   */
  readonly echoed?: true | 'late'
  /** Each message of this round brings its sender's echo of that earlier one, so that comparing takes no time of its own. */
  readonly carries?: Extract<Round, { readonly kind: 'broadcast' }>
  /**
   * No part of the transcript: says only that something was done, so that what is confirmed stands before it, or comes only
   * where a run fails.
   */
  readonly isReceipt?: true
}

/** A private message cannot be broadcast: it does not compile. */
export interface Private<T> {
  readonly kind: 'private'
  readonly name: string
  readonly codec: Codec<T>
  readonly route?: Route
}

// `never` would be the precise element type here, and no Round<T> fits it: a table of contents holds rounds of any T.
// oxlint-disable-next-line typescript/no-explicit-any
export type Round = Broadcast<any> | Private<any>
