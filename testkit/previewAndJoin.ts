import type { Coordinator } from '../participant/coordinator.ts'
import type { SeatAccess } from '../participant/session/sessionPreview.ts'
import type { Joining } from '../participant/session/join.ts'
import type { Seat } from '../participant/session/seat.ts'

/** Joins whatever the access is for: a party that decides nothing. */
export async function previewAndJoin(coordinator: Coordinator, access: SeatAccess, joining: Joining): Promise<Seat> {
  return coordinator.join(await coordinator.preview(access), joining)
}
