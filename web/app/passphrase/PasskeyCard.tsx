import { useState } from 'react'
import type { Failure } from '../../../tss-wasm/failure.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePasskeys } from '../../state/passkeys.ts'
import { toast } from '../../state/toasts.ts'
import { AddPasskey } from './AddPasskey.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Whether a passkey opens the share beside the passphrase: added, removed, or why there can be none. */
export function PasskeyCard({ wallet }: { readonly wallet: WalletRecord }) {
  const { passkey: texts } = useTexts()
  const { offered, addedAtMs } = usePasskeys()
  const [dialog, setDialog] = useState<'add' | 'remove'>()
  const at = addedAtMs[wallet.walletId]
  if (offered === 'unknown') return null
  const close = () => {
    setDialog(undefined)
  }
  return (
    <Card title={texts.title}>
      <div className="grid justify-items-start gap-4" data-testid="passkey">
        <p className="text-muted">{at !== undefined ? texts.added(new Date(at)) : texts[explanations[offered]]}</p>
        {(at !== undefined || offered === 'yes') && (
          <Button
            onClick={() => {
              setDialog(at === undefined ? 'add' : 'remove')
            }}
          >
            {at === undefined ? texts.add : texts.remove}
          </Button>
        )}
      </div>
      {dialog === 'add' && <AddPasskey wallet={wallet} onClose={close} />}
      {dialog === 'remove' && <RemovePasskey wallet={wallet} onClose={close} />}
    </Card>
  )
}

const explanations = { yes: 'none', no: 'notHere', address: 'needsName' } as const

function RemovePasskey({ wallet, onClose }: { readonly wallet: WalletRecord; readonly onClose: () => void }) {
  const { app, passkey: texts } = useTexts()
  const commands = useCommands()
  const [failure, setFailure] = useState<Failure>()
  const remove = async () => {
    const removed = await commands.removePasskey(wallet)
    if (!removed.ok) {
      setFailure(removed.failure)
      return
    }
    toast(texts.removed)
    onClose()
  }
  return (
    <Dialog title={texts.removeTitle} onClose={onClose}>
      <div className="grid gap-4">
        <p className="text-muted">{texts.removeText}</p>
        {failure !== undefined && <FailureView failure={failure} kind="other" />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{app.cancel}</Button>
          <Button look="danger" onClick={() => void remove()}>
            {texts.removeSubmit}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
