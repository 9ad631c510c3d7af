/** The other coordinators on the same database. They hear at once of whatever one of them stores. */
export interface Neighbours {
  /** Our name among them, a parameter of every statement with news (`notify`). Empty: there is nobody to notify. */
  readonly origin: string
  /** @param hear called with each piece of news of another instance; with undefined when some may have been missed */
  listen(hear: (news: string | undefined) => void): void
}

export const alone: Neighbours = { origin: '', listen: () => undefined }

/** One channel carries everything: LISTEN is per connection, and news wakes only those who wait for it. */
export const newsChannel = 'quorate_news'

/**
 * SQL that notifies the others, for the select list of the statement that stores. They hear of it exactly when it
 * commits, even if this process dies right afterwards.
 * @param origin the parameter that holds `Neighbours.origin`
 * @param news an expression of type text
 */
export function notify(origin: `$${number}`, news: string): string {
  return `case when ${origin}::text <> '' then pg_notify('${newsChannel}', ${origin}::text || ' ' || ${news}) end`
}
