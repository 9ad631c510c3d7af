import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useCommands } from '../commands/useCommands.ts'
import { LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { DoneTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { StorageNotice } from '../settings/StorageNotice.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { Addresses } from '../wallet/Addresses.tsx'

interface ResharedProps {
  readonly wallet: WalletRecord | undefined
  /** We came to the wallet with these shares. */
  readonly isNew: boolean
  readonly checkCode: string | undefined
}

/** New shares are in use: where the wallet is paid, as before, and before anything else the new backup. */
export function Reshared({ wallet, isNew, checkCode }: ResharedProps) {
  const { app, backup, created, guardians, reshare } = useTexts()
  const notes = usePreferences((state) => state.backups)
  const { dismiss } = useCommands()
  if (wallet === undefined) return <p className="text-muted">{app.loading}</p>
  const { walletId, name } = wallet
  const hasGuardians = notes[walletId]?.guardians !== undefined
  if (wallet.state === 'left')
    return (
      <div className="grid gap-5" data-testid="reshared">
        <DoneTitle>{reshare.leftTitle(name)}</DoneTitle>
        <p role="status">{reshare.left}</p>
        <LinkButton className="justify-self-start" href={hrefs.wallets} onClick={dismiss}>
          {app.toWallets}
        </LinkButton>
      </div>
    )
  return (
    <div className="grid gap-5" data-testid="reshared">
      <DoneTitle>{isNew ? reshare.joinedTitle(name) : reshare.doneTitle}</DoneTitle>
      <p role="status">{isNew ? reshare.joined : reshare.done(name)}</p>
      <Card title={reshare.backupNow} className="border-warn">
        <p className="mb-4">{isNew ? backup.noneText : reshare.backupNowText}</p>
        <div className="flex flex-wrap gap-3">
          <LinkButton look="primary" href={hrefs.backup(walletId)} onClick={dismiss}>
            {backup.now}
          </LinkButton>
          {hasGuardians && (
            <LinkButton href={hrefs.guardians(walletId)} onClick={dismiss}>
              {guardians.newFileFor}
            </LinkButton>
          )}
          <LinkButton href={hrefs.wallet(walletId)} onClick={dismiss}>
            {backup.later}
          </LinkButton>
        </div>
      </Card>
      <Addresses publicKey={wallet.publicKey} />
      {isNew && <StorageNotice />}
      {checkCode !== undefined && (
        <p className="text-sm text-muted">
          {created.code} <span className="font-mono font-semibold text-ink">{checkCode}</span>
        </p>
      )}
    </div>
  )
}
