/** Other coordinators on the same database. What one stores, the others hear of in the same moment. */
export interface Neighbours {
  /** Who we are to them, a parameter of every statement that has news (`tell`); empty: there is nobody to tell. */
  readonly origin: string
  /** @param hear called with each piece of news of another instance; with undefined when some may have been missed */
  listen(hear: (news: string | undefined) => void): void
}

export const alone: Neighbours = { origin: '', listen: () => undefined }

/** One channel for everything: LISTEN is per connection, and news are worth a wake-up only where somebody waits. */
export const newsChannel = 'quorate_news'

/**
 * SQL that tells the others, for the select list of the statement that stores: they hear of it if it commits, and then
 * always, even if we die right after.
 * @param origin the parameter that holds `Neighbours.origin`
 * @param news an expression of type text
 */
export function tell(origin: `$${number}`, news: string): string {
  return `case when ${origin}::text <> '' then pg_notify('${newsChannel}', ${origin}::text || ' ' || ${news}) end`
}
