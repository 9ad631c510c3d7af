import { useWallets, walletById } from '../../state/wallets.ts'
import { Addresses } from '../wallet/Addresses.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { StorageNotice } from '../settings/StorageNotice.tsx'
import { DoneTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface CreatedProps {
  readonly walletId: string
  /** That the people compared, where people took part. */
  readonly checkCode: string | undefined
}

/** A wallet is there: where it is paid, and, before anything else is done with it, its backup. */
export function Created({ walletId, checkCode }: CreatedProps) {
  const { backup, created, app } = useTexts()
  const commands = useCommands()
  const wallet = walletById(useWallets(), walletId)
  if (wallet === undefined) return <p className="text-muted">{app.loading}</p>
  return (
    <div className="grid gap-5" data-testid="created">
      <DoneTitle>{created.title}</DoneTitle>
      <p role="status">{created.lead(wallet.name)}</p>
      <Addresses publicKey={wallet.publicKey} />
      <Card title={backup.none} className="border-warn">
        <p className="mb-4">{backup.noneText}</p>
        <div className="flex flex-wrap gap-3">
          <LinkButton look="primary" href={hrefs.backup(walletId)} onClick={commands.dismiss}>
            {backup.now}
          </LinkButton>
          <LinkButton href={hrefs.wallet(walletId)} onClick={commands.dismiss}>
            {backup.later}
          </LinkButton>
        </div>
      </Card>
      <StorageNotice />
      <Card title={created.next}>
        <ul className="grid list-disc gap-2 pl-5">
          {created.care.map((advice) => (
            <li key={advice}>{advice}</li>
          ))}
        </ul>
        {checkCode !== undefined && (
          <p className="mt-4 border-t border-line pt-4 text-sm text-muted">
            {created.code} <span className="font-mono font-semibold text-ink">{checkCode}</span>
          </p>
        )}
      </Card>
    </div>
  )
}
