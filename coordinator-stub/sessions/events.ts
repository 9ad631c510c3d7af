import type { Failure, Identity, Statement } from '../../proto/gen/coordinator_pb.js'

/** What parties say of a session, `seat` being whose token said it; sessions.ts says what becomes of it. */
export type Event =
  | {
      readonly type: 'joined'
      readonly seat: number
      readonly identity: Identity | undefined
      readonly statement?: Statement | undefined
      readonly seatMac?: Uint8Array
      /** Which of the identity's programs it is; empty: not said. */
      readonly client?: Uint8Array
      /** At once, where nothing is to be approved. */
      readonly ready?: boolean
    }
  /** Somebody else held a token of a seat that was taken. */
  | { readonly type: 'join-refused'; readonly seat: number }
  | {
      readonly type: 'revoked'
      readonly seat: number
      readonly target: number
      /** Of the token that is to be worthless. */
      readonly generation: number | undefined
    }
  | {
      readonly type: 'published'
      readonly seat: number
      readonly roster: Uint8Array
      readonly signature: Uint8Array
      /** Of the session that the roster was made from; 0: not said */
      readonly version?: bigint
    }
  | { readonly type: 'code-opened'; readonly seat: number; readonly opening: Uint8Array }
  | { readonly type: 'ready'; readonly seat: number; readonly approval?: Uint8Array }
  | {
      readonly type: 'started'
      readonly seat: number
      readonly roster: Uint8Array
      readonly signature: Uint8Array
      /** Who takes part; empty: everybody. */
      readonly seats?: readonly number[]
      /** Which run it is to be, from 1; 0: not said */
      readonly run?: number
    }
  | {
      readonly type: 'confirmed'
      readonly seat: number
      readonly confirmation: Uint8Array
      /** Which run it is of; 0: not said */
      readonly run?: number
    }
  | {
      readonly type: 'failed'
      readonly seat: number
      readonly failure: Failure
      readonly available?: boolean
      readonly run?: number
    }
  | { readonly type: 'withdrawn'; readonly seat: number; readonly withdrawal: Uint8Array }
  | { readonly type: 'retired'; readonly seat: number; readonly retired: Uint8Array }
  | { readonly type: 'expired' }
