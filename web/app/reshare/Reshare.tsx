import type { WalletRecord } from '../../platform/shareStore.ts'
import { useCeremony } from '../../state/ceremony.ts'
import { CeremonyView } from '../ceremony/CeremonyView.tsx'
import { FailedCeremony } from '../ceremony/FailedCeremony.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { BackLink } from '../design/BackLink.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { hrefs, type Change } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { ChangeForm } from './ChangeForm.tsx'
import { Changes } from './Changes.tsx'
import { Reshared } from './Reshared.tsx'

interface ReshareProps {
  readonly walletId: string
  /** Undefined on a device that has been invited to the wallet. */
  readonly wallet: WalletRecord | undefined
  readonly change: Change | undefined
}

/** New shares of a wallet, from the choice of what is changed to the end: a switch over how far it is. */
export default function Reshare({ walletId, wallet, change }: ReshareProps) {
  const { ceremony: texts, reshare } = useTexts()
  const commands = useCommands()
  const current = useCeremony((state) => state.current)
  if (current?.kind === 'reshare' && current.walletId === walletId) {
    switch (current.end?.type) {
      case undefined:
        return <CeremonyView ceremony={current} />
      case 'reshared':
        return <Reshared wallet={wallet} isNew={current.isInvited === true} checkCode={current.checkCode} />
      case 'failed':
        return (
          <FailedCeremony
            title={texts.resharing(current.walletName)}
            failure={current.end.failure}
            kind="reshare"
            during={current.end.during}
            parties={current.parties}
            onRetry={commands.dismiss}
          />
        )
      case 'created':
      case 'signed':
        return null
    }
  }
  if (wallet === undefined) return null
  return (
    <div className="grid gap-5">
      <BackLink href={hrefs.wallet(walletId)}>{wallet.name}</BackLink>
      <PageTitle takesFocus>{change === undefined ? reshare.title : reshare.changes[change].title}</PageTitle>
      {change === undefined ? <Changes wallet={wallet} /> : <ChangeForm wallet={wallet} change={change} />}
    </div>
  )
}
