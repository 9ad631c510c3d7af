import { bytesToHex } from '@noble/hashes/utils.js'
import { inviteAndCreate } from '../../jobs/createWallet.ts'
import { erasing } from '../../jobs/erasing.ts'
import { joinByInvitation, previewInvitation } from '../../jobs/joinByInvitation.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import type { CeremonyEnd } from '../../state/ceremony.ts'
import { useServerParties } from '../../state/serverParties.ts'
import { alone } from './alone.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { outcomeOf } from './outcome.ts'
import { isBusy, newcomer, type Running } from './running.ts'

type Creating = Pick<Commands, 'create' | 'previewSession' | 'join' | 'revoke' | 'compare'>

/** How long invitations hold. */
const hour = 3600

/** New wallets: ours, and those that we are invited to. */
export function creating(ports: CommandPorts, { run }: Running): Creating {
  let revokeSeat: (seat: number) => Promise<void> = () => Promise.resolve()
  let compareCodes: (match: boolean) => void = () => undefined
  const person = {
    codesMatch: () =>
      new Promise<boolean>((resolve) => {
        compareCodes = resolve
      }),
  }
  const host = {
    ...person,
    hosting: (revoke: typeof revokeSeat) => {
      revokeSeat = revoke
    },
  }
  return {
    async create({ passphrase, ...form }) {
      if (isBusy({ passphrase })) return
      const { name, serverParties, people } = form
      const others = [...serverParties.map((party) => ({ name: party.name })), ...people.map(asPerson)]
      const parties = [{ name: undefined }, ...others].map((party, i) => newcomer(i + 1, party))
      await run({ kind: 'create', walletName: name, step: 'preparing', parties }, async (watch, signal) => {
        const lifeSeconds = people.length === 0 ? 0 : hour
        const invited = { ...form, passphrase, lifeSeconds, app: await ports.webApp() }
        return inviteAndCreate(ports, invited, watch, signal, host).then(created)
      })
    },
    previewSession: (invitation) => outcomeOf(ports.webApp().then((app) => previewInvitation(ports, invitation, app))),
    async join(invitedTo, passphrase) {
      if (isBusy({ passphrase })) return
      const { walletName, seat } = invitedTo
      const parties = [newcomer(seat, { name: undefined })]
      const { session } = invitedTo.invitation
      await run({ kind: 'create', walletName, step: 'preparing', parties }, async (watch, signal) => {
        using secret = erasing(passphrase)
        const servers = useServerParties.getState()
        const serverParties = servers.status === 'ready' ? servers.parties : []
        const joining = { invitedTo, serverParties, passphrase: secret.bytes }
        return await alone(ports.walletLocks, `invitation ${bytesToHex(session)} ${seat}`, signal, () =>
          joinByInvitation(ports, joining, watch, signal, person).then(created),
        )
      })
    },
    revoke: (seat) => outcomeOf(revokeSeat(seat).then(() => undefined)),
    compare(codesMatch) {
      compareCodes(codesMatch)
    },
  }
}

function asPerson(name: string) {
  return { name, isPerson: true }
}

function created({ walletId }: WalletRecord): CeremonyEnd {
  return { type: 'created', walletId }
}
