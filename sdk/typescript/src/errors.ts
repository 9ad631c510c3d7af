/** The coordinator refused a call; nothing was changed. Go by `reason`, one of a closed set; the message is for people. */
export class Refused extends Error {
  override readonly name = 'Refused'
  /** HTTP's. */
  readonly status: number
  /** gRPC's. */
  readonly code: string
  readonly reason: string
  /** Says more where another party refused: one of a closed set too. */
  override readonly cause?: string

  constructor(
    status: number,
    said: Pick<Refused, 'code' | 'reason' | 'message'> & { readonly cause?: string | undefined },
  ) {
    super(said.message)
    this.status = status
    this.code = said.code
    this.reason = said.reason
    if (said.cause !== undefined) this.cause = said.cause
  }
}

/** No answer of a coordinator came. What was asked for may have happened: look at its session. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** A session came to an end without a result. No money has moved. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded'
  readonly sessionId: string
  readonly status: 'failed' | 'expired' | 'aborted'

  /** @param detail the word of the participant that ended it */
  constructor(sessionId: string, status: 'failed' | 'expired' | 'aborted', detail: string) {
    super(`session ${sessionId} ${status}${detail === '' ? '' : `: ${detail}`}`)
    this.sessionId = sessionId
    this.status = status
  }
}

/** A key or a share is not signed by the coordinator that was pinned. Somebody in between may have put in his own: stop. */
export class NotVouched extends Error {
  override readonly name = 'NotVouched'
}

/** A file that is not the share of this wallet, or not encrypted to this key. */
export class BadShare extends Error {
  override readonly name = 'BadShare'
}
