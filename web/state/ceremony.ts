import { create } from 'zustand'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import type { CeremonyEvent, InvitationShown, SeatShown, Step } from '../jobs/ceremony.ts'
import type { Signed } from '../jobs/signContent.ts'

export type Presence = 'invited' | 'joined' | 'ready' | 'computing' | 'completed' | 'failed'

export interface PartyView {
  readonly seat: number
  /** Name of a server party, or what we call a person; undefined is this device. */
  readonly name: string | undefined
  readonly isPerson?: boolean
  readonly presence: Presence
  /** Messages of it that have arrived. */
  readonly received: number
  /** How often somebody else came with the invitation for this seat. */
  readonly refusedJoins?: number
}

/** A ceremony as the screens show it: what it is for, how far it is, how it ended. */
export interface Ceremony {
  readonly kind: 'create' | 'sign'
  readonly walletName: string
  /** Of the wallet that signs. */
  readonly walletId?: string
  readonly order?: SigningOrder
  readonly step: Step
  /** Of the protocol's stages, counted from 0. */
  readonly stage?: { readonly name: string; readonly index: number; readonly of: number }
  readonly parties: readonly PartyView[]
  /** Links to hand out, one for each invited person. */
  readonly invitations?: readonly InvitationShown[]
  /** To be compared by the people who take part, and who sits where. */
  readonly checkCode?: string
  readonly seats?: readonly SeatShown[]
  readonly startedAtMs: number
  /** Cancelling is no longer possible once our own share is being stored. */
  readonly end?: CeremonyEnd
}

export type CeremonyEnd =
  | { readonly type: 'created'; readonly walletId: string }
  | { readonly type: 'signed'; readonly signed: Signed }
  | { readonly type: 'failed'; readonly failure: Failure; readonly during: Step }

/** One at a time in a window. */
export const useCeremony = create<{ readonly current: Ceremony | undefined }>(() => ({ current: undefined }))

/** The ceremony after one more event. */
export function advance(ceremony: Ceremony, event: CeremonyEvent): Ceremony {
  switch (event.type) {
    case 'step':
      return { ...ceremony, step: event.step }
    case 'presence':
      return { ...ceremony, parties: ceremony.parties.map((party) => present(party, event.participants)) }
    case 'invitations':
      return { ...ceremony, invitations: event.invitations }
    case 'check-code':
      return { ...ceremony, checkCode: event.code, seats: event.seats, parties: named(ceremony.parties, event.seats) }
    case 'progress': {
      const { progress } = event
      if (progress.type === 'stage') {
        const { name, index, of } = progress
        return { ...ceremony, stage: { name, index, of } }
      }
      const parties = ceremony.parties.map((party) =>
        party.seat === progress.from ? { ...party, received: party.received + 1 } : party,
      )
      return { ...ceremony, parties }
    }
  }
}

function present(
  party: PartyView,
  participants: readonly { seat: number; state: Presence; refusedJoins?: number }[],
): PartyView {
  const seen = participants.find(({ seat }) => seat === party.seat)
  return seen === undefined ? party : { ...party, presence: seen.state, refusedJoins: seen.refusedJoins ?? 0 }
}

/** Whoever came by invitation learns only from the roster who the others are. */
function named(parties: readonly PartyView[], seats: readonly SeatShown[]): readonly PartyView[] {
  return seats.map(({ seat, label, isServerParty }) => {
    const known = parties.find((party) => party.seat === seat)
    return known ?? { seat, name: label, isPerson: !isServerParty, presence: 'joined', received: 0 }
  })
}

export function isRunning(ceremony: Ceremony | undefined): boolean {
  return ceremony !== undefined && ceremony.end === undefined
}

/** Our share is being stored, or stored: from here the others may count on it. */
export function isPastCancelling({ kind, step }: Ceremony): boolean {
  return kind === 'create' ? step === 'storing' || step === 'confirming' : step === 'confirming'
}
