import { create } from 'zustand'
import type { Presence as SeenPresence } from '../../participant/session/seat.ts'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { AgreedShown, CeremonyEvent, InvitationShown, SeatShown, Step } from '../jobs/ceremony.ts'
import type { Signed } from '../jobs/signed.ts'

export type Presence = 'invited' | 'joined' | 'ready' | 'computing' | 'completed' | 'failed'

export interface PartyView {
  readonly seat: number
  /** Name of a server party, or what we call a person; undefined is this device, '' is somebody whom we do not know yet. */
  readonly name: string | undefined
  readonly isPerson?: boolean
  readonly presence: Presence
  /** Messages of it that have arrived. */
  readonly received: number
  /** How often somebody else came with the invitation for this seat. */
  readonly refusedJoins?: number
  /** Milliseconds since 1970: the coordinator has not heard of it since then. */
  readonly unheardSinceMs?: number | undefined
}

/** A ceremony as the screens show it: what it is for, how far it is, how it ended. */
export interface Ceremony {
  readonly kind: 'create' | 'sign' | 'reshare'
  readonly walletName: string
  /** Of the wallet that signs, or whose shares are renewed. */
  readonly walletId?: string
  readonly order?: SigningOrder
  /** We come to it by invitation. */
  readonly isInvited?: true
  /** Whose request this answers: the label of its seat, and the session; undefined is this device. */
  readonly askedBy?: { readonly label: string; readonly sessionId: string }
  readonly step: Step
  /** Of the protocol's stages, counted from 0. */
  readonly stage?: { readonly name: string; readonly index: number; readonly of: number }
  /**
   * Whether our part of the signature has left in one of the runs: others may hold the whole of it, however this ends here.
   */
  readonly mayBeSigned?: true
  readonly parties: readonly PartyView[]
  /** Links to hand out, one for each invited person. */
  readonly invitations?: readonly InvitationShown[]
  /** To be compared by the people who take part, and who sits where. */
  readonly checkCode?: string
  readonly agreed?: AgreedShown
  readonly startedAtMs: number
  /** When something last came that brought it forward: a step, a party that changed its state, a message that counted. */
  readonly lastNewsMs: number
  /** Cancelling is no longer possible once our own share is being stored. */
  readonly end?: CeremonyEnd
}

export type CeremonyEnd =
  | { readonly type: 'created'; readonly walletId: string }
  | { readonly type: 'signed'; readonly signed: Signed }
  | { readonly type: 'reshared'; readonly walletId: string }
  | { readonly type: 'failed'; readonly failure: Failure; readonly during: Step }

/** One at a time in a window. */
export const useCeremony = create<{ readonly current: Ceremony | undefined }>(() => ({ current: undefined }))

/** The ceremony after one more event, which came at `nowMs`. */
export function advance(ceremony: Ceremony, event: CeremonyEvent, nowMs: number): Ceremony {
  const news = { ...ceremony, lastNewsMs: nowMs }
  switch (event.type) {
    case 'step':
      return { ...news, step: event.step }
    case 'presence': {
      const parties = present(ceremony.parties, event.participants)
      const isNews = parties.some(({ presence }, i) => presence !== ceremony.parties[i]?.presence)
      return { ...(isNews ? news : ceremony), parties }
    }
    case 'invitations':
      return { ...ceremony, invitations: event.invitations }
    case 'check-code':
      return { ...news, checkCode: event.code, agreed: event, parties: named(ceremony.parties, event.seats) }
    case 'progress': {
      const { progress } = event
      if (progress.type === 'stage') {
        const { name, index, of } = progress
        const hasLeft = ceremony.kind === 'sign' && index === of - 1
        return { ...ceremony, stage: { name, index, of }, ...(hasLeft && { mayBeSigned: true }) }
      }
      const parties = ceremony.parties.map((party) =>
        party.seat === progress.from ? { ...party, received: party.received + 1 } : party,
      )
      return { ...news, parties }
    }
  }
}

type SeenParty = Pick<SeenPresence, 'seat' | 'state' | 'refusedJoins' | 'serverParty' | 'unheardSinceMs'>

/** Who joins by invitation sees others come before it knows who they are. */
function present(parties: readonly PartyView[], participants: readonly SeenParty[]): readonly PartyView[] {
  const strangers = participants
    .filter(({ seat }) => !parties.some((party) => party.seat === (seat as number)))
    .map(({ seat, state, serverParty }) => ({
      seat,
      name: '',
      isPerson: serverParty === '',
      presence: state,
      received: 0,
    }))
  const isJoining = parties.length === 1
  return [...parties, ...(isJoining ? strangers : [])].map((party) => {
    const seen = participants.find(({ seat }) => seat === (party.seat as PartyId))
    if (seen === undefined) return party
    const { state, refusedJoins = 0, unheardSinceMs } = seen
    return { ...party, presence: state, refusedJoins, unheardSinceMs }
  })
}

/**
 * Whom we wait for in this step, as far as one can tell: who has not come, not agreed, not confirmed; while computing, whose
 * messages are fewer than another's. Empty when nobody is known to be late.
 */
export function awaited({ step, parties }: Ceremony): readonly PartyView[] {
  const others = parties.filter(({ name }) => name !== undefined)
  const still = (...states: readonly Presence[]) => others.filter(({ presence }) => states.includes(presence))
  switch (step) {
    case 'joining':
      return still('invited')
    case 'comparing':
    case 'approving':
      return still('invited', 'joined')
    case 'computing': {
      const computing = still('computing')
      const most = Math.max(0, ...computing.map(({ received }) => received))
      return computing.filter(({ received }) => received < most)
    }
    case 'confirming':
      return still('computing')
    case 'preparing':
    case 'unlocking':
    case 'storing':
      return []
  }
}

/** Whoever came by invitation learns only from the roster who the others are. */
function named(parties: readonly PartyView[], seats: readonly SeatShown[]): readonly PartyView[] {
  return seats.map(({ seat, label, isServerParty }) => {
    const known = parties.find((party) => party.seat === seat)
    if (known !== undefined && known.name !== '') return known
    const { presence = 'joined' } = known ?? {}
    return { seat, name: label, isPerson: !isServerParty, presence, received: 0 }
  })
}

export function isRunning(ceremony: Ceremony | undefined): boolean {
  return ceremony !== undefined && ceremony.end === undefined
}

/** We are a guest, and others are still awaited: another invitation can seat us once more. */
export function canComeAgain({ kind, step, invitations, isInvited }: Ceremony): boolean {
  const isGuest = kind === 'create' ? invitations === undefined : isInvited === true
  return isGuest && (step === 'preparing' || step === 'joining')
}

/** Our share is being stored, or stored: from here the others may count on it. */
export function isPastCancelling({ kind, step }: Ceremony): boolean {
  return step === 'confirming' || (kind === 'create' && step === 'storing')
}

/** How the share opens, as the form sees it that its passphrase was typed into. */
export interface Opening {
  readonly isOpening: boolean
  /** The passphrase was wrong, or the passkey was not used: nothing has been said to anybody. */
  readonly failure: Failure | undefined
}

const answeredInReview: readonly string[] = ['passphrase', 'passkey-unused', 'locked']

/** What the form has to say that took the passphrase; nobody else has heard of it. */
export function isAnsweredInReview(failure: Failure | undefined): failure is Extract<Failure, { kind: 'refused' }> {
  return failure?.kind === 'refused' && answeredInReview.includes(failure.what)
}

/** As long as nothing has left this device the review stays, with what was typed and chosen in it. */
export function openingOf(ceremony: Ceremony): Opening | undefined {
  const { step, end } = ceremony
  if (step !== 'unlocking') return undefined
  if (end === undefined) return { isOpening: true, failure: undefined }
  if (end.type !== 'failed' || !isAnsweredInReview(end.failure)) return undefined
  return { isOpening: false, failure: end.failure }
}

/** Of the one that was begun from a review: of this wallet, and of this request or of none. */
export function useOpening(walletId: string, sessionId?: string): Opening | undefined {
  const current = useCeremony((state) => state.current)
  if (current?.walletId !== walletId || current.askedBy?.sessionId !== sessionId) return undefined
  return openingOf(current)
}
