import { useRef, useState, type SubmitEvent } from 'react'
import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { CheckedBackup } from '../../jobs/backup.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePreferences } from '../../state/preferences.ts'
import { BackLink } from '../design/BackLink.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { FileField } from '../design/FileField.tsx'
import { Notice } from '../design/Notice.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { download, readChosen, shareFileName } from '../design/files.ts'
import { NewPassphraseFields, useNewPassphrase } from '../passphrase/NewPassphrase.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { normalized, takePassphrase } from '../passphrase/passphrase.ts'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { hrefs } from '../route.ts'
import { ShareExport } from './ShareExport.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Everything about the backup of this device's share: make one, check one, and the sheet that says where it is. */
export default function Backup({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup } = useTexts()
  const note = usePreferences((state) => state.backups[wallet.walletId])
  return (
    <div className="grid gap-5">
      <BackLink href={hrefs.wallet(wallet.walletId)}>{wallet.name}</BackLink>
      <PageTitle>{backup.title(wallet.name)}</PageTitle>
      <p className="text-muted">{backup.lead}</p>
      {note?.madeAtMs !== undefined && (
        <Notice tone={note.checkedAtMs === undefined ? 'info' : 'good'}>
          <p>{backup.made(new Date(note.madeAtMs))}</p>
          <p>{note.checkedAtMs === undefined ? backup.notChecked : backup.checked(new Date(note.checkedAtMs))}</p>
        </Notice>
      )}
      <MakeBackup wallet={wallet} />
      <CheckBackup wallet={wallet} />
      <Card title={backup.sheet}>
        <p className="mb-4 text-muted">{backup.sheetText}</p>
        <LinkButton href={hrefs.sheet(wallet.walletId)}>{backup.sheetOpen}</LinkButton>
      </Card>
      <ShareExport wallet={wallet} />
    </div>
  )
}

type Making = 'making' | { readonly savedAs: string } | Extract<Outcome<unknown>, { readonly ok: false }>

function MakeBackup({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup } = useTexts()
  const commands = useCommands()
  const mine = useRef<HTMLInputElement>(null)
  const chosen = useNewPassphrase()
  const [missing, setMissing] = useState(false)
  const [state, setState] = useState<Making>()
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const isEmpty = normalized(mine.current) === ''
    setMissing(isEmpty)
    const isStrong = await chosen.check()
    if (isEmpty || !isStrong) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    setState('making')
    const made = await commands.makeBackup(wallet, takePassphrase(mine.current), chosen.take())
    setState(made.ok ? { savedAs: download(shareFileName(wallet, 'age'), made.value) } : made)
  }
  return (
    <Card title={backup.makeTitle}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5" data-testid="make-backup">
        <PassphraseField
          label={backup.walletPassphrase}
          error={missing ? backup.noPassphrase : undefined}
          field={mine}
          account={wallet.name}
          autoComplete="current-password"
        />
        <NewPassphraseFields {...chosen.fields} label={backup.filePassphrase} hint={backup.filePassphraseHint} />
        {state === 'making' && <Notice role="status">{backup.making}</Notice>}
        {state !== undefined && state !== 'making' && 'savedAs' in state && (
          <Notice tone="good" role="status">
            {backup.saved(state.savedAs)}
          </Notice>
        )}
        {state !== undefined && state !== 'making' && 'failure' in state && (
          <FailureView failure={state.failure} kind="other" />
        )}
        <Button type="submit" look="primary" className="justify-self-start" disabled={state === 'making'}>
          {backup.submit}
        </Button>
      </form>
    </Card>
  )
}

function CheckBackup({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup } = useTexts()
  const commands = useCommands()
  const passphrase = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File>()
  const [errors, setErrors] = useState<{ readonly file?: string; readonly passphrase?: string }>({})
  const [answer, setAnswer] = useState<Outcome<CheckedBackup> | 'checking'>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const isEmpty = normalized(passphrase.current) === ''
    const content = await readChosen(file)
    const isRead = content instanceof Uint8Array
    setErrors({
      ...(isRead ? {} : { file: backup[content] }),
      ...(isEmpty ? { passphrase: backup.noPassphrase } : {}),
    })
    if (!isRead || isEmpty) return
    setAnswer('checking')
    setAnswer(await commands.checkBackup(wallet, content, takePassphrase(passphrase.current)))
  }
  return (
    <Card title={backup.checkTitle}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5" data-testid="check-backup">
        <p className="text-muted">{backup.checkText}</p>
        <FileField
          label={backup.file}
          hint={backup.fileHint}
          accept=".age"
          error={errors.file}
          file={file}
          onFile={(chosen) => {
            setFile(chosen)
            setAnswer(undefined)
          }}
        />
        <PassphraseField
          label={backup.filePassphrase}
          error={errors.passphrase}
          field={passphrase}
          autoComplete="current-password"
        />
        <Checked answer={answer} />
        <Button type="submit" className="justify-self-start" disabled={answer === 'checking'}>
          {backup.checkSubmit}
        </Button>
      </form>
    </Card>
  )
}

function Checked({ answer }: { readonly answer: Outcome<CheckedBackup> | 'checking' | undefined }) {
  const { backup } = useTexts()
  if (answer === undefined) return null
  if (answer === 'checking') return <Notice role="status">{backup.checking}</Notice>
  if (!answer.ok) return <FailureView failure={answer.failure} kind="other" />
  const { madeAtMs, hasIdentity } = answer.value
  return (
    <Notice tone={hasIdentity ? 'good' : 'warn'} role="status" title={backup.good}>
      <p>{backup.goodText(new Date(madeAtMs))}</p>
      {!hasIdentity && <p>{backup.goodNoIdentity}</p>}
    </Notice>
  )
}
