import { sessionSeatsOf } from '../../../tss-wasm/identity/reshareProposal.ts'
import type { PartyId } from '../../../tss-wasm/partyId.ts'
import type { ReshareRequest } from '../../jobs/joinReshare.ts'
import type { NewPlace } from '../../jobs/reshareWallet.ts'
import type { WalletSeat } from '../../platform/shareStore.ts'
import type { PartyView } from '../../state/ceremony.ts'
import { dropReshareRequest } from '../../state/reshareRequests.ts'
import type { Asking } from './asking.ts'
import { appPlace } from './coordinators.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { asPerson, hour, knownServers, reshared } from './creating.ts'
import { loaded, loadedFor } from './loaded.ts'
import { outcomeOf } from './outcome.ts'
import { type BegunCeremony, isBusy, newcomer, type Running } from './running.ts'

/** New shares of wallets that exist: those that we propose, and those that other members do. */
export function resharing(
  ports: CommandPorts,
  { run }: Running,
  { host }: Asking,
): Pick<Commands, 'reshare' | 'joinReshare' | 'oldShares'> {
  return {
    oldShares: (wallet) =>
      outcomeOf(
        loaded(import('../../jobs/oldShares.ts'), 'resharing').then((job) => job.oldSharesOf(wallet, ports.now())),
      ),
    async reshare(form) {
      const { wallet, places, leaving, passphrase } = form
      if (isBusy({ passphrase })) return
      const others = [...places.map(viewOf), ...leaving.map(viewOfSeat)]
      const parties = others.map(({ from, ...party }, i) =>
        newcomer(i + 1, from === wallet.mySeat ? { name: undefined } : party),
      )
      await run(begun(wallet, parties), async (watch, signal) => {
        const { reshareWallet } = await loadedFor({ passphrase }, import('../../jobs/reshareWallet.ts'), 'resharing')
        const lifeSeconds = others.some(({ isPerson }) => isPerson) ? hour : 0
        const hosted = { ...form, lifeSeconds, ...(await appPlace(ports)) }
        return reshareWallet(ports, hosted, watch, signal, host).then(reshared)
      })
    },
    async joinReshare(request, passphrase) {
      if (isBusy({ passphrase })) return
      const { wallet } = request
      await run(begun(wallet, partiesIn(request)), async (watch, signal) => {
        const job = await loadedFor({ passphrase }, import('../../jobs/joinReshare.ts'), 'resharing')
        const joining = { request, serverParties: knownServers(), passphrase }
        const after = await job.joinReshare(ports, joining, watch, signal, host)
        dropReshareRequest(request)
        return reshared(after)
      })
    },
  }
}

function begun(
  { walletId, name: walletName }: { readonly walletId: string; readonly name: string },
  parties: readonly PartyView[],
): BegunCeremony {
  return { kind: 'reshare', walletName, walletId, step: 'unlocking', parties }
}

/** Members by what they are called here; whoever is new is nobody yet. */
function partiesIn({ wallet, proposal, seen }: ReshareRequest): readonly PartyView[] {
  return Array.from({ length: sessionSeatsOf(proposal) }, (_, i) => {
    const seat = i + 1
    if (seat === (seen.me as number)) return newcomer(seat, { name: undefined })
    const from = proposal.dealers.find((dealer) => dealer.seat === (seat as PartyId))?.from
    const member = wallet.seats.find((each) => each.seat === (from as number | undefined))
    const { name, isPerson } = member === undefined ? { name: '', isPerson: true } : viewOfSeat(member)
    return newcomer(seat, { name, isPerson })
  })
}

interface View {
  readonly name: string
  readonly isPerson: boolean
  /** Its seat now, if it has one. */
  readonly from?: number
}

function viewOf(place: NewPlace): View {
  switch (place.kind) {
    case 'stays':
      return viewOfSeat(place.seat)
    case 'server':
      return { name: place.party.name, isPerson: false }
    case 'invited':
      return asPerson(place.label)
  }
}

function viewOfSeat({ seat, label, serverParty }: WalletSeat): View {
  return { name: label, from: seat, isPerson: serverParty === undefined }
}
