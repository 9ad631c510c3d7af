import { useRef, useState, type SubmitEvent } from 'react'
import type { Failure } from '../../../tss-wasm/failure.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { download, shareFileName } from '../design/files.ts'
import { Notice } from '../design/Notice.tsx'
import { normalized, takePassphrase } from '../passphrase/passphrase.ts'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { useTexts } from '../texts/useTexts.tsx'

export function guardiansFileName(wallet: WalletRecord): string {
  return `guardians-${shareFileName(wallet, 'age')}`
}

/** The share of now, sealed for the guardians of before: they need not be there. */
export function GuardiansFile({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup, guardians: texts } = useTexts()
  const commands = useCommands()
  const passphrase = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const [state, setState] = useState<'making' | { readonly savedAs: string } | { readonly failure: Failure }>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const isEmpty = normalized(passphrase.current) === ''
    setMissing(isEmpty)
    if (isEmpty) return
    setState('making')
    const sealed = await commands.sealForGuardians(wallet, takePassphrase(passphrase.current))
    setState(sealed.ok ? { savedAs: download(guardiansFileName(wallet), sealed.value) } : sealed)
  }
  return (
    <Card title={texts.newFile}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5" data-testid="guardians-file">
        <p className="text-muted">{texts.newFileText}</p>
        <PassphraseField
          label={backup.walletPassphrase}
          error={missing ? backup.noPassphrase : undefined}
          field={passphrase}
          account={wallet.name}
          autoComplete="current-password"
        />
        {state !== undefined && state !== 'making' && 'failure' in state && (
          <FailureView failure={state.failure} kind="other" />
        )}
        {state !== undefined && state !== 'making' && 'savedAs' in state && (
          <Notice tone="good" role="status">
            {texts.saved(state.savedAs)}
          </Notice>
        )}
        <Button type="submit" className="justify-self-start" disabled={state === 'making'}>
          {texts.makeFile}
        </Button>
      </form>
    </Card>
  )
}
