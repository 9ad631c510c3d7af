import { useRef, useState, type SubmitEvent } from 'react'
import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Notice } from '../design/Notice.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { normalized, takePassphrase } from './passphrase.ts'
import { PassphraseField } from './PassphraseField.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface AddPasskeyProps {
  readonly wallet: WalletRecord
  readonly onClose: () => void
}

/** The passphrase first, then the authenticator; what it gives goes past this screen. */
export function AddPasskey({ wallet, onClose }: AddPasskeyProps) {
  const { app, passkey: texts, sign } = useTexts()
  const commands = useCommands()
  const passphrase = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const [answer, setAnswer] = useState<Outcome<undefined> | 'adding'>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const empty = normalized(passphrase.current) === ''
    setMissing(empty)
    if (empty) return
    setAnswer('adding')
    const added = await commands.addPasskey(wallet, takePassphrase(passphrase.current))
    setAnswer(added)
    if (!added.ok) return
    toast(texts.isAdded)
    onClose()
  }
  return (
    <Dialog title={texts.addTitle} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        <p className="text-muted">{texts.addText}</p>
        <PassphraseField
          label={sign.passphrase}
          error={missing ? sign.invalid.required : undefined}
          field={passphrase}
          account={wallet.name}
          autoComplete="current-password"
        />
        {answer === 'adding' && <Notice role="status">{texts.adding}</Notice>}
        {typeof answer === 'object' && !answer.ok && <FailureView failure={answer.failure} kind="other" />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{app.cancel}</Button>
          <Button type="submit" look="primary" disabled={answer === 'adding'}>
            {texts.addSubmit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
