/** Whether the coordinator answers those who ask it, again and again when they have to. */
export interface Contact {
  /** It has answered somebody. */
  heard(): void
  /** `who` got no answer, and asks again. */
  lost(who: object): void
  /** `who` asks no more. */
  over(who: object): void
}

/** @param onChange told when somebody asks without getting an answer, and when that is over */
export function createContact(onChange: (isLost: boolean) => void): Contact {
  const unanswered = new Set<object>()
  let isLost = false
  const tell = () => {
    if (isLost === unanswered.size > 0) return
    isLost = !isLost
    onChange(isLost)
  }
  return {
    heard() {
      unanswered.clear()
      tell()
    },
    lost(who) {
      unanswered.add(who)
      tell()
    },
    over(who) {
      unanswered.delete(who)
      tell()
    },
  }
}
