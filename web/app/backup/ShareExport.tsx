import { useRef, useState, type SubmitEvent } from 'react'
import type { Failure } from '../../../tss-wasm/failure.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Notice } from '../design/Notice.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { download, shareFileName } from '../design/files.ts'
import { Summary } from '../design/Summary.tsx'
import { takePassphrase } from '../passphrase/passphrase.ts'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** The share without its encryption, for other software: folded away, warned about, confirmed. */
export function ShareExport({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup } = useTexts()
  const commands = useCommands()
  const passphrase = useRef<HTMLInputElement>(null)
  const [isConfirmed, setIsConfirmed] = useState(false)
  const [end, setEnd] = useState<{ readonly savedAs: string } | { readonly failure: Failure }>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const exported = await commands.exportShare(wallet, takePassphrase(passphrase.current))
    if (!exported.ok) {
      setEnd(exported)
      return
    }
    setEnd({ savedAs: download(shareFileName(wallet, 'json'), exported.value) })
    exported.value.fill(0)
    setIsConfirmed(false)
  }
  return (
    <details className="rounded-2xl border border-line bg-surface p-5 shadow-card sm:p-6">
      <Summary className="font-semibold">{backup.exportTitle}</Summary>
      <form onSubmit={(event) => void submit(event)} className="mt-4 grid gap-4" data-testid="export-share">
        <Notice tone="warn">{backup.exportText}</Notice>
        <PassphraseField
          label={backup.walletPassphrase}
          field={passphrase}
          account={wallet.name}
          autoComplete="current-password"
        />
        <label className="flex min-h-11 cursor-pointer items-center gap-2.5">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={isConfirmed}
            onChange={({ target }) => {
              setIsConfirmed(target.checked)
            }}
          />
          {backup.exportConfirm}
        </label>
        {end !== undefined && 'failure' in end && <FailureView failure={end.failure} kind="other" />}
        {end !== undefined && 'savedAs' in end && (
          <Notice tone="warn" role="status">
            {backup.exported(end.savedAs)}
          </Notice>
        )}
        <Button type="submit" look="danger" className="justify-self-start" disabled={!isConfirmed}>
          {backup.exportSubmit}
        </Button>
      </form>
    </details>
  )
}
