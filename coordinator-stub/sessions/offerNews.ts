/**
 * Which sessions have lately offered a seat, or made it somebody's turn. Whoever watches asks for those alone: the list of all
 * that wait is as long as strangers make it.
 */
export interface OfferNews {
  add(topic: string, sessionId: string): void
  /** Something may have happened that is not known here. */
  missed(): void
  /** To be taken before looking, for `since` later. */
  position(): number
  /** Ids since then, or undefined: more has happened than is remembered, and everything is to be looked at. */
  since(topic: string, position: number): readonly string[] | undefined
}

const mostRemembered = 2000

export function createOfferNews(most = mostRemembered): OfferNews {
  const recent: { readonly topic: string; readonly sessionId: string }[] = []
  /** How many there were in all; the last of them are in `recent`. */
  let count = 0
  return {
    add(topic, sessionId) {
      recent.push({ topic, sessionId })
      count += 1
      if (recent.length > 2 * most) recent.splice(0, recent.length - most)
    },
    missed() {
      recent.length = 0
      count += 1
    },
    position: () => count,
    since(topic, position) {
      const wanted = count - position
      if (wanted > recent.length) return undefined
      const news = wanted === 0 ? [] : recent.slice(-wanted)
      return [...new Set(news.filter((each) => each.topic === topic).map(({ sessionId }) => sessionId))]
    },
  }
}
