import { useState, type SubmitEvent } from 'react'
import type { Outcome } from '../../../tss-wasm/failure.ts'
import type { CheckedBackup } from '../../jobs/backup.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { FileField } from '../design/FileField.tsx'
import { readChosen } from '../design/files.ts'
import { Notice } from '../design/Notice.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { openedPieces } from './openedPieces.ts'
import { PiecesField } from './PiecesField.tsx'

const empty = ['', '']

/** Whether guardians would succeed, tried while nothing is lost: their pieces, the file, and this wallet beside it. */
export function Drill({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup, guardians: texts } = useTexts()
  const commands = useCommands()
  const [file, setFile] = useState<File>()
  const [pieces, setPieces] = useState<readonly string[]>(empty)
  const [errors, setErrors] = useState<{ readonly file?: string; readonly pieces?: string }>({})
  const [answer, setAnswer] = useState<Outcome<CheckedBackup> | 'checking'>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const content = await readChosen(file)
    const opened = await openedPieces(pieces, texts)
    const isRead = content instanceof Uint8Array
    setErrors({
      ...(isRead ? {} : { file: backup[content] }),
      ...(opened.error === undefined ? {} : { pieces: opened.error }),
    })
    if (!isRead || opened.key === undefined) return
    setAnswer('checking')
    const checked = await commands.checkGuardians(wallet, content, opened.key)
    setAnswer(checked)
    if (checked.ok) setPieces(empty)
  }
  return (
    <Card title={texts.drill}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5" data-testid="drill">
        <p className="text-muted">{texts.drillText}</p>
        <FileField
          label={texts.file}
          hint={backup.fileHint}
          accept=".age"
          error={errors.file}
          file={file}
          onFile={setFile}
        />
        <PiecesField pieces={pieces} onPieces={setPieces} error={errors.pieces} />
        {answer === 'checking' && <Notice role="status">{backup.checking}</Notice>}
        {answer !== undefined && answer !== 'checking' && !answer.ok && (
          <FailureView failure={answer.failure} kind="other" />
        )}
        {answer !== undefined && answer !== 'checking' && answer.ok && (
          <Notice tone="good" role="status">
            {texts.drillGood(new Date(answer.value.madeAtMs))}
          </Notice>
        )}
        <Button type="submit" className="justify-self-start" disabled={answer === 'checking'}>
          {texts.drillSubmit}
        </Button>
      </form>
    </Card>
  )
}
