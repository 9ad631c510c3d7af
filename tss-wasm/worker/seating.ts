import { refused } from '../failure.ts'
import { secured } from '../identity/envelope.ts'
import { identityOfKeys, unsealIdentityKeys } from '../identity/identity.ts'
import { identityAt, sameIdentity, type Roster } from '../identity/roster.ts'
import type { Tools } from '../keyShare/tools.ts'
import type { SeatKeys } from '../keyShare/wallet.ts'
import type { Party } from '../protocols/protocol.ts'
import type { Channel } from '../round/channel.ts'
import type { Clock } from '../round/clock.ts'
import { openMailbox, type OpenMailbox, type Round } from '../round/mailbox.ts'
import type { CreateWallet, Progress, Seating } from './api.ts'

export type OnProgress = (step: Progress) => void

export interface Seated extends Party {
  readonly mail: OpenMailbox
  /** `after`: where to look for the stage, when its name comes several times. */
  readonly stage: (name: string, after?: number) => void
}

export interface CeremonyTools extends Tools {
  /** By which the others' silence is measured; the system's if none is given. */
  readonly clock?: Clock
}

export interface Surroundings {
  readonly channel: Channel
  readonly rounds: readonly Round[]
  readonly stages: readonly string[]
  readonly onProgress: OnProgress
  readonly tools: CeremonyTools
}

/** Takes our seat among the parties of the roster: nothing but envelopes leaves, nothing else comes in. */
export function sit(seating: Seating, kind: Roster['kind'], around: Surroundings): Seated {
  const { me, roster, deadlineMs } = seating
  const { rounds, onProgress, tools } = around
  const { clock, ...computing } = tools
  const line = lineOf(seating, kind, around)
  const peers = roster.seats.map(({ seat }) => seat).filter((seat) => seat !== me)
  const mail = openMailbox(line, {
    me,
    peers,
    rounds,
    deadlineMs,
    ...(clock && { clock }),
    onReceived: (from, round) => {
      onProgress({ type: 'received', from, round })
    },
  })
  return { id: me, peers, mail, stage: stageOf(around), ...computing }
}

/** The signed and encrypted channel of our seat. @throws ProtocolAbort `refused` for a roster that has us elsewhere */
export function lineOf(
  { me, identity, roster }: Seating,
  kind: Roster['kind'],
  { channel, tools }: Pick<Surroundings, 'channel' | 'tools'>,
): Channel {
  if (roster.kind !== kind) throw refused('other-parties', `the roster is not for this kind of session`)
  if (!sameIdentity(identityAt(roster, me), identity.public))
    throw refused('other-parties', 'our seat in the roster is not ours')
  return secured(channel, { identity, roster, me, random: tools.random })
}

export function stageOf({ stages, onProgress }: Pick<Surroundings, 'stages' | 'onProgress'>): Seated['stage'] {
  return (name, after = 0) => {
    onProgress({ type: 'stage', name, index: stages.indexOf(name, after), of: stages.length })
  }
}

/** The private keys of the identity that takes part, to be sealed with the share; none where it cannot be copied. */
export async function ownSeatKeys({
  identity,
  sealedIdentity,
  preParametersKey,
}: Pick<CreateWallet, 'identity' | 'sealedIdentity' | 'preParametersKey'>): Promise<SeatKeys | undefined> {
  if (sealedIdentity === undefined) return undefined
  const keys = await unsealIdentityKeys(sealedIdentity, preParametersKey)
  const { public: ours } = await identityOfKeys(keys)
  if (!sameIdentity(ours, identity.public))
    throw refused('other-identity', 'the stored identity is not the one that takes part')
  return keys
}
