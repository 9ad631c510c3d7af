import { ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { useWallets, walletById } from '../state/wallets.ts'
import { useCommands } from './commands.ts'
import { LinkButton } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { Copyable } from './design/CopyButton.tsx'
import { CheckIcon } from './design/icons.tsx'
import { StorageNotice } from './StorageNotice.tsx'
import { PageTitle } from './PageTitle.tsx'
import { hrefs } from './route.ts'
import { useTexts } from './useTexts.tsx'

export function Created({ walletId }: { readonly walletId: string }) {
  const { backup, created, app } = useTexts()
  const commands = useCommands()
  const wallet = walletById(useWallets(), walletId)
  if (wallet === undefined) return <p className="text-muted">{app.loading}</p>
  return (
    <div className="grid gap-5" data-testid="created">
      <div className="flex items-center gap-3">
        <span
          aria-hidden="true"
          className="flex size-10 items-center justify-center rounded-full bg-good-soft text-good"
        >
          <CheckIcon className="size-6" />
        </span>
        <PageTitle takesFocus>{created.title}</PageTitle>
      </div>
      <Card>
        <p role="status" className="mb-4">
          {created.lead(wallet.name)}
        </p>
        <h2 className="mb-1.5 text-sm font-medium">{created.address}</h2>
        <Copyable what={created.address} text={ethereumAddress(wallet.publicKey)} testId="address" />
      </Card>
      <StorageNotice />
      <Card title={created.next}>
        <ul className="grid list-disc gap-2 pl-5">
          {created.care.map((advice) => (
            <li key={advice}>{advice}</li>
          ))}
        </ul>
      </Card>
      <Card title={backup.none}>
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
    </div>
  )
}
