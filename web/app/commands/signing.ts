import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { dropRequest } from '../../state/requests.ts'
import type { CommandPorts, Commands } from './commands.ts'
import { loadedFor } from './loaded.ts'
import { type BegunCeremony, isBusy, newcomer, type Running } from './running.ts'

/** How long people have to approve. */
const day = 24 * 3600

/** Signatures: those that we ask for, and those that we are asked for. */
export function signing(ports: CommandPorts, { run }: Running): Pick<Commands, 'sign' | 'approve'> {
  return {
    async sign(wallet, order, coSigners, unlocking) {
      if (isBusy(unlocking)) return
      const lifeSeconds = coSigners.some(({ serverParty }) => serverParty === undefined) ? day : 0
      await run(begun(wallet, order, coSigners), async (watch, signal) => {
        const { signContent } = await loadedFor(unlocking, import('../../jobs/signContent.ts'), 'signing')
        const signed = await signContent(
          ports,
          { wallet, ...order, coSigners, lifeSeconds, ...unlocking },
          watch,
          signal,
        )
        return { type: 'signed', signed }
      })
    },
    async approve(request, unlocking) {
      if (isBusy(unlocking)) return
      const { wallet, order, from, access } = request
      const askedBy = { label: from.label, sessionId: access.sessionId }
      const asking = wallet.seats.filter(({ seat }) => seat === from.seat)
      await run({ ...begun(wallet, order, asking), askedBy }, async (watch, signal) => {
        const { answerRequest } = await loadedFor(unlocking, import('../../jobs/requests.ts'), 'signing')
        const signed = await answerRequest(ports, { request, ...unlocking }, watch, signal)
        dropRequest(request)
        return { type: 'signed', signed }
      })
    },
  }
}

function begun(wallet: WalletRecord, order: SigningOrder, others: readonly WalletSeat[]): BegunCeremony {
  const mine = newcomer(wallet.mySeat, { name: undefined })
  const theirs = others.map(({ seat, label, serverParty }) =>
    newcomer(seat, { name: label, isPerson: serverParty === undefined }),
  )
  const { walletId, name: walletName } = wallet
  return { kind: 'sign', walletName, walletId, order, step: 'unlocking', parties: [mine, ...theirs] }
}
