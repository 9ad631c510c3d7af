import { useRef, useState, type SubmitEvent } from 'react'
import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useHasPasskey } from '../../state/passkeys.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Dialog } from '../design/Dialog.tsx'
import { Notice } from '../design/Notice.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { NewPassphraseFields, useNewPassphrase } from './NewPassphrase.tsx'
import { normalized, takePassphrase } from './passphrase.ts'
import { PassphraseField } from './PassphraseField.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface ChangePassphraseProps {
  readonly wallet: WalletRecord
  readonly onClose: () => void
}

/** The old passphrase holds until the share under the new one is stored and has been seen to open. */
export function ChangePassphrase({ wallet, onClose }: ChangePassphraseProps) {
  const { app, wallet: words, passkey, sign } = useTexts()
  const hasPasskey = useHasPasskey(wallet.walletId)
  const commands = useCommands()
  const current = useRef<HTMLInputElement>(null)
  const next = useNewPassphrase()
  const [missing, setMissing] = useState(false)
  const [answer, setAnswer] = useState<Outcome<undefined> | 'changing'>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const empty = normalized(current.current) === ''
    setMissing(empty)
    if (!(await next.check()) || empty) return
    setAnswer('changing')
    const changed = await commands.changePassphrase(wallet, takePassphrase(current.current), next.take())
    setAnswer(changed)
    if (!changed.ok) return
    toast(words.changed)
    onClose()
  }
  return (
    <Dialog title={words.changeTitle} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        <p className="text-muted">{words.changeText}</p>
        {hasPasskey && <Notice>{passkey.goes}</Notice>}
        <PassphraseField
          label={words.currentPassphrase}
          error={missing ? sign.invalid.required : undefined}
          field={current}
          account={wallet.name}
          autoComplete="current-password"
        />
        <NewPassphraseFields {...next.fields} />
        {answer === 'changing' && <Notice role="status">{words.changing}</Notice>}
        {typeof answer === 'object' && !answer.ok && <FailureView failure={answer.failure} kind="other" />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{app.cancel}</Button>
          <Button type="submit" look="primary" disabled={answer === 'changing'}>
            {words.changeSubmit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
