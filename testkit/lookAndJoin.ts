import type { Coordinator } from '../participant/coordinator.ts'
import type { Ticket } from '../participant/session/glimpse.ts'
import type { Joining } from '../participant/session/join.ts'
import type { Seat } from '../participant/session/seat.ts'

/** Joins whatever the ticket is for: a party that decides nothing. */
export async function lookAndJoin(coordinator: Coordinator, ticket: Ticket, joining: Joining): Promise<Seat> {
  return coordinator.join(await coordinator.look(ticket), joining)
}
