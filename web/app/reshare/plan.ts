import type { PinnedParty } from '../../../participant/session/serverParties.ts'
import type { ReshareReason } from '../../../tss-wasm/identity/reshareProposal.ts'
import { visibleName } from '../../../tss-wasm/identity/walletName.ts'
import { mostParties } from '../../jobs/createWallet.ts'
import type { NewPlace } from '../../jobs/reshareWallet.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import type { InvitedPerson } from '../create/PartyChoice.tsx'
import type { Change } from '../route.ts'

/** stays: holds a share afterwards. helps: takes part once more, and holds none. absent: is left out, as it is not there. */
export type Part = 'stays' | 'helps' | 'absent'

/** What a person has chosen so far; each change asks for some of it. */
export interface Choice {
  /** The seat whose place a new device takes. */
  readonly target: number | undefined
  /** What the new device, or its person, is called. */
  readonly newName: string
  /** Of members that do not stay. */
  readonly parts: Readonly<Record<number, Part>>
  /** That become members. */
  readonly servers: readonly PinnedParty[]
  readonly people: readonly InvitedPerson[]
  /** How many sign afterwards; undefined: as many as now. */
  readonly threshold: number | undefined
}

export const nothingChosen: Choice = {
  target: undefined,
  newName: '',
  parts: {},
  servers: [],
  people: [],
  threshold: undefined,
}

/** What becomes of the wallet, in the words of the job (web/jobs/reshareWallet.ts). */
export interface Plan {
  readonly reason: ReshareReason
  readonly threshold: number
  readonly places: readonly NewPlace[]
  readonly leaving: readonly WalletSeat[]
  /** Members of now that neither stay nor take part. */
  readonly absent: readonly WalletSeat[]
}

const reasons: Readonly<Record<Change, ReshareReason>> = {
  replace: 'device',
  move: 'device',
  members: 'members',
  threshold: 'threshold',
  renew: 'renewal',
}

/** A change by what was chosen, whether it can be made or not. */
export function planOf(change: Change, wallet: WalletRecord, choice: Choice): Plan {
  const partOf = partsIn(change, choice)
  const theirs = (part: Part) => wallet.seats.filter((seat) => partOf(seat) === part)
  const kept = wallet.seats.flatMap((seat): NewPlace[] => {
    if (partOf(seat) === 'stays') return [{ kind: 'stays', seat }]
    // The new device sits where the old one sat: the others keep their numbers.
    return seat.seat === choice.target && change !== 'members'
      ? [{ kind: 'invited', label: visibleName(choice.newName) }]
      : []
  })
  const added: readonly NewPlace[] =
    change === 'members'
      ? [
          ...choice.servers.map((party): NewPlace => ({ kind: 'server', party })),
          ...choice.people.map(({ name }): NewPlace => ({ kind: 'invited', label: visibleName(name) })),
        ]
      : []
  const places = [...kept, ...added]
  const wanted = change === 'members' || change === 'threshold' ? choice.threshold : undefined
  const threshold = Math.min(wanted ?? wallet.threshold, Math.max(places.length, 2))
  return { reason: reasons[change], threshold, places, leaving: theirs('helps'), absent: theirs('absent') }
}

function partsIn(change: Change, { target, parts }: Choice): (seat: WalletSeat) => Part {
  switch (change) {
    case 'replace':
      return ({ seat }) => (seat === target ? 'absent' : 'stays')
    case 'move':
      return ({ seat }) => (seat === target ? 'helps' : 'stays')
    case 'members':
      return ({ seat }) => parts[seat] ?? 'stays'
    case 'threshold':
    case 'renew':
      return () => 'stays'
  }
}

/** What stands in the way, as the texts name it; undefined: nothing does. */
export type Problem = 'noDevice' | 'noName' | 'nothing' | 'sameNumber' | 'tooFewNow' | 'tooFew' | 'tooMany'

export function problemOf(change: Change, wallet: WalletRecord, choice: Choice): Problem | undefined {
  const { places, leaving, threshold } = planOf(change, wallet, choice)
  if ((change === 'replace' || change === 'move') && choice.target === undefined) return 'noDevice'
  if (places.some((place) => place.kind === 'invited' && place.label === '')) return 'noName'
  if (places.length < 2) return 'tooFew'
  if (places.length > mostParties) return 'tooMany'
  const staying = places.filter(({ kind }) => kind === 'stays').length
  if (staying + leaving.length < wallet.threshold) return 'tooFewNow'
  if (change === 'threshold' && threshold === wallet.threshold) return 'sameNumber'
  const isSame = staying === wallet.seats.length && places.length === staying
  return change === 'members' && isSame ? 'nothing' : undefined
}
