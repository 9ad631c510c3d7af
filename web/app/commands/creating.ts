import { bytesToHex } from '@noble/hashes/utils.js'
import { inviteAndCreate } from '../../jobs/createWallet.ts'
import { erasing } from '../../jobs/erasing.ts'
import { joinByInvitation, previewInvitation } from '../../jobs/joinByInvitation.ts'
import type { PinnedParty } from '../../../participant/session/serverParties.ts'
import { partyLabel } from '../../platform/seatLabel.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import type { CeremonyEnd } from '../../state/ceremony.ts'
import { useServerParties } from '../../state/serverParties.ts'
import { alone } from './alone.ts'
import { appPlace } from './coordinators.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { outcomeOf } from './outcome.ts'
import type { Asking } from './asking.ts'
import { isBusy, newcomer, type Running } from './running.ts'

type Creating = Pick<Commands, 'create' | 'previewSession' | 'join'>

/** How long invitations hold, in seconds. */
export const hour = 3600

/** New wallets: ours, and those that we are invited to, new or not. */
export function creating(ports: CommandPorts, { run }: Running, { host }: Asking): Creating {
  return {
    async create({ passphrase, ...form }) {
      if (isBusy({ passphrase })) return
      const { name, serverParties, people } = form
      const others = [...serverParties.map((party) => ({ name: partyLabel(party) })), ...people.map(asPerson)]
      const parties = [{ name: undefined }, ...others].map((party, i) => newcomer(i + 1, party))
      await run({ kind: 'create', walletName: name, step: 'preparing', parties }, async (watch, signal) => {
        const lifeSeconds = people.length === 0 ? 0 : hour
        const invited = { ...form, passphrase, lifeSeconds, ...(await appPlace(ports)) }
        return inviteAndCreate(ports, invited, watch, signal, host).then(created)
      })
    },
    previewSession: (invitation) =>
      outcomeOf(appPlace(ports).then(({ app, coordinator }) => previewInvitation(ports, invitation, app, coordinator))),
    async join(invitedTo, myName, passphrase) {
      if (isBusy({ passphrase })) return
      const { walletName, seat } = invitedTo
      const parties = [newcomer(seat, { name: undefined })]
      const { session } = invitedTo.invitation
      const existing = invitedTo.existing && { walletId: invitedTo.existing.walletId }
      const kind = existing === undefined ? 'create' : 'reshare'
      const begun = { kind, walletName, ...existing, step: 'preparing', parties, isInvited: true } as const
      await run(begun, async (watch, signal) => {
        using secret = erasing(passphrase)
        const joining = { invitedTo, myName, serverParties: knownServers(), passphrase: secret.bytes }
        return await alone(ports.walletLocks, `invitation ${bytesToHex(session)} ${seat}`, signal, () =>
          joinByInvitation(ports, joining, watch, signal, host).then(kind === 'create' ? created : reshared),
        )
      })
    },
  }
}

/** By which server parties are told apart from people; none before they are loaded. */
export function knownServers(): readonly PinnedParty[] {
  const servers = useServerParties.getState()
  return servers.status === 'ready' ? servers.parties : []
}

export function asPerson(name: string) {
  return { name, isPerson: true }
}

function created({ walletId }: WalletRecord): CeremonyEnd {
  return { type: 'created', walletId }
}

export function reshared({ walletId }: WalletRecord): CeremonyEnd {
  return { type: 'reshared', walletId }
}
