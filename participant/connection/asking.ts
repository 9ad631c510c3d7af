import type { CallOptions } from '@connectrpc/connect'

/** What a stream would tell, asked for call by call. */
export interface Asking<T> {
  readonly kind: StreamKind
  /** Only for calls that may be repeated: what is new since the last answer. */
  ask(options: CallOptions): Promise<Told<T>>
}

export type StreamKind = 'offers' | 'requests' | 'session' | 'messages'

export interface Told<T> {
  readonly news: readonly T[]
  /** No more will come. */
  readonly isOver?: boolean
}

/**
 * Where streams are held open. A browser has six connections to a server for all of its tabs together, unless they speak
 * HTTP/2: whoever gets no place asks instead, so that pages load and calls get through.
 */
export interface StreamPlaces {
  /** @returns undefined: there is no place now */
  take(kind: StreamKind): Promise<Disposable | undefined>
}

/** For programs whose connections nobody counts. */
export const unlimited: StreamPlaces = {
  take: () => Promise.resolve({ [Symbol.dispose]: () => undefined }),
}
