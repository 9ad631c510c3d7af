import type { Coordinator, Joining, Seat, Ticket } from '../participant/session/seat.ts'

/** Joins whatever the ticket is for: a party that decides nothing. */
export async function lookAndJoin(coordinator: Coordinator, ticket: Ticket, joining: Joining): Promise<Seat> {
  return coordinator.join(await coordinator.look(ticket), joining)
}
