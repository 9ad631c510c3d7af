import { useState } from 'react'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { RenameDialog } from './RenameDialog.tsx'

/** What this device calls the wallet, and whether it stands in the list. */
export function WalletNameCard({ wallet }: { readonly wallet: WalletRecord }) {
  const { names } = useTexts()
  const commands = useCommands()
  const [isRenaming, setRenaming] = useState(false)
  const isArchived = wallet.isArchived === true
  const archive = async () => {
    const done = await commands.describe(wallet, { isArchived: !isArchived })
    if (done.ok) toast(isArchived ? names.unarchived : names.archived)
  }
  return (
    <Card title={names.onThisDevice}>
      <p className="mb-4 text-muted">{isArchived ? names.isArchived : names.archiveHint}</p>
      <div className="flex flex-wrap gap-3">
        <Button
          onClick={() => {
            setRenaming(true)
          }}
        >
          {names.renameWallet}
        </Button>
        <Button onClick={() => void archive()}>{isArchived ? names.unarchive : names.archive}</Button>
      </div>
      {isRenaming && (
        <RenameDialog
          title={names.renameTitle(wallet.name)}
          hint={names.renameHint}
          name={wallet.name}
          onName={(name) => {
            setRenaming(false)
            void commands.describe(wallet, { name })
          }}
          onClose={() => {
            setRenaming(false)
          }}
        />
      )}
    </Card>
  )
}
