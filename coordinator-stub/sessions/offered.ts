import { bytesToHex } from '@noble/hashes/utils.js'
import { type Participant, ParticipantState, type Session, SessionKind } from '../../proto/gen/coordinator_pb.js'

/** To whom seats of a session are offered: whoever has declined, or stopped, is not told of it again. */
export function offersOf({ participants }: Session): {
  readonly parties: readonly string[]
  readonly identities: readonly string[]
} {
  const open = participants.filter(({ state }) => state !== ParticipantState.FAILED)
  return {
    parties: open.map(({ serverParty }) => serverParty).filter((name) => name !== ''),
    identities: open.flatMap(({ offered }) => (offered ? [bytesToHex(offered.signingKey)] : [])),
  }
}

/**
 * Server parties come last, so that nobody makes them wait for people. New shares await them once all people have seats; a
 * signature, once those people who have seats and the server parties are enough.
 * @returns how many people have seats while server parties are awaited; 0 before that. It grows when they should ask again.
 */
export function awaitsParties({ kind, threshold, participants }: Session): number {
  const isThere = ({ state }: Participant) => state > ParticipantState.INVITED && state !== ParticipantState.FAILED
  const people = participants.filter(({ serverParty }) => serverParty === '')
  const parties = participants.filter(
    ({ serverParty, state }) => serverParty !== '' && state !== ParticipantState.FAILED,
  )
  const there = people.filter(isThere).length
  const isEnough = kind === SessionKind.SIGN ? there + parties.length >= threshold : there === people.length
  return isEnough ? there : 0
}
