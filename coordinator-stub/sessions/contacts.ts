import { type Participant, ParticipantState, type Session } from '../../proto/gen/coordinator_pb.js'
import { alone, type Neighbours } from '../signals/neighbours.ts'
import { hasEnded } from './advance.ts'

/** When those who sit in sessions were last heard of, here or by another instance. Forgotten with the process. */
export interface Contacts {
  heard(sessionId: string, seat: number, nowMs: number): void
  /** Who sits in the session and has been quiet for longer than its program would be. */
  silences(session: Session, nowMs: number): Silent[]
}

export interface Silent {
  readonly seat: number
  readonly forMs: bigint
}

/** Programs call every 20 seconds; browsers let a tab that nobody looks at do so once a minute. */
const quietMs = 90_000
const toldEveryMs = 30_000
/** The one that has been quiet for the longest time is forgotten first. */
const mostSeats = 100_000

const sitting: readonly ParticipantState[] = [
  ParticipantState.JOINED,
  ParticipantState.READY,
  ParticipantState.COMPUTING,
]

/** @param startedMs of whom nothing is known has not been heard of since then, or since its last step */
export function createContacts(startedMs: number, neighbours: Neighbours = alone, most = mostSeats): Contacts {
  const last = new Map<string, number>()
  const told = new Map<string, number>()

  function note(seat: string, atMs: number): void {
    last.delete(seat) // set anew, so that the map's order is that of the last contact
    last.set(seat, atMs)
    for (const oldest of last.keys()) {
      if (last.size <= most) break
      last.delete(oldest)
      told.delete(oldest)
    }
  }

  neighbours.listen((news) => {
    const [, seat, atMs] = /^heard (\S+ \d+) (\d+)$/.exec(news ?? '') ?? []
    if (seat !== undefined) note(seat, Math.max(last.get(seat) ?? 0, Number(atMs)))
  })

  return {
    heard(sessionId, seat, nowMs) {
      const name = `${sessionId} ${seat}`
      note(name, nowMs)
      if (!neighbours.areThere || nowMs - (told.get(name) ?? -Infinity) < toldEveryMs) return
      told.set(name, nowMs)
      neighbours.tell([`heard ${name} ${nowMs}`])
    },
    silences(session, nowMs) {
      if (hasEnded(session)) return []
      const lastMs = ({ seat, lastSeenAtMs }: Participant) =>
        Math.max(last.get(`${session.sessionId} ${seat}`) ?? startedMs, Number(lastSeenAtMs))
      return session.participants
        .filter(({ state }) => sitting.includes(state))
        .map((each) => ({ seat: each.seat, forMs: BigInt(Math.max(0, nowMs - lastMs(each))) }))
        .filter(({ forMs }) => forMs >= quietMs)
    },
  }
}
