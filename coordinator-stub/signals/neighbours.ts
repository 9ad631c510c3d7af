/** The other coordinators on the same database. They soon hear of whatever one of them has stored. */
export interface Neighbours {
  /** Whether there can be any. */
  readonly areThere: boolean
  /**
   * Tells the others of what is committed. They hear within milliseconds, and never if this process dies before it could
   * tell: so whoever waits looks at the database itself every now and then.
   */
  tell(news: readonly string[]): void
  /** @param hear called with each piece of news of another instance; with undefined when some may have been missed */
  listen(hear: (news: string | undefined) => void): void
}

export const alone: Neighbours = { areThere: false, tell: () => undefined, listen: () => undefined }
