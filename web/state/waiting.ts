import { useRequests } from './requests.ts'
import { useReshareRequests } from './reshareRequests.ts'
import { awaitsUs, useWaitingRequests } from './waitingRequests.ts'

/** How many requests of other members wait for this device's answer. @param walletId of this wallet; left out: of all */
export function useWaiting(walletId?: string): number {
  const isMeant = ({ wallet }: { readonly wallet: { readonly walletId: string } }) =>
    walletId === undefined || wallet.walletId === walletId
  const toSign = useRequests(({ open }) => open.filter(isMeant).length)
  const toReshare = useReshareRequests(({ open }) => open.filter(isMeant).length)
  const toAnswer = useWaitingRequests(
    ({ byName, acting }) =>
      Object.values(byName).filter((one) => isMeant(one) && awaitsUs(one, acting[one.name]) !== undefined).length,
  )
  return toSign + toReshare + toAnswer
}
