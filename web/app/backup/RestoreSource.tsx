import { useRef, useState, type SubmitEvent } from 'react'
import type { ShareSource } from '../../../tss-wasm/worker/api.ts'
import { useOpenedFile } from '../../state/openedFile.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Choice } from '../design/Choice.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { FileField } from '../design/FileField.tsx'
import { Notice } from '../design/Notice.tsx'
import { readChosen } from '../design/files.ts'
import { openedPieces } from './openedPieces.ts'
import { PiecesField } from './PiecesField.tsx'
import { normalized, takePassphrase } from '../passphrase/passphrase.ts'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { useTexts } from '../texts/useTexts.tsx'

type Kind = ShareSource['kind'] | 'guardians'
interface Errors {
  readonly file?: string
  readonly passphrase?: string
  readonly threshold?: string
  readonly pieces?: string
}

interface RestoreSourceProps {
  readonly isOpening: boolean
  readonly onOpen: (source: ShareSource) => void
}

export function RestoreSource({ isOpening, onOpen }: RestoreSourceProps) {
  const { backup, guardians, restore } = useTexts()
  const [pieces, setPieces] = useState<readonly string[]>(['', ''])
  const given = useOpenedFile((state) => state.file)
  const [kind, setKind] = useState<Kind>('backup')
  const [chosen, setChosen] = useState<File>()
  const [errors, setErrors] = useState<Errors>({})
  const passphrase = useRef<HTMLInputElement>(null)
  const threshold = useRef<HTMLInputElement>(null)
  const file = chosen ?? given

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const content = await readChosen(file)
    const signers = Number(threshold.current?.value)
    const isBackup = kind === 'backup'
    const isImport = kind === 'save-data'
    const opened = kind === 'guardians' ? await openedPieces(pieces, guardians) : undefined
    const found: Errors = {
      ...(content instanceof Uint8Array ? {} : { file: backup[content] }),
      ...(isBackup && normalized(passphrase.current) === '' ? { passphrase: backup.noPassphrase } : {}),
      ...(opened?.error === undefined ? {} : { pieces: opened.error }),
      ...(isImport && !(Number.isInteger(signers) && signers >= 2) ? { threshold: restore.thresholdWrong } : {}),
    }
    setErrors(found)
    if (!(content instanceof Uint8Array) || Object.keys(found).length > 0) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    if (isImport) onOpen({ kind, file: content, threshold: signers })
    else onOpen({ kind: 'backup', file: content, passphrase: opened?.key ?? takePassphrase(passphrase.current) })
  }

  return (
    <Card>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5" data-testid="restore">
        <Kinds kind={kind} onKind={setKind} />
        {given !== undefined && chosen === undefined && <Notice>{restore.opened(given.name)}</Notice>}
        <FileField
          label={kind === 'save-data' ? restore.saveData : kind === 'guardians' ? guardians.file : backup.file}
          hint={kind === 'save-data' ? restore.saveDataHint : backup.fileHint}
          accept={kind === 'save-data' ? '.json,application/json' : '.age'}
          error={errors.file}
          file={file}
          onFile={setChosen}
        />
        {kind === 'guardians' && <PiecesField pieces={pieces} onPieces={setPieces} error={errors.pieces} />}
        {kind === 'backup' && (
          <PassphraseField
            label={restore.passphrase}
            error={errors.passphrase}
            field={passphrase}
            autoComplete="current-password"
          />
        )}
        {kind === 'save-data' && (
          <Field label={restore.threshold} hint={restore.thresholdHint} error={errors.threshold}>
            {({ className, ...control }) => (
              <input
                {...control}
                ref={threshold}
                inputMode="numeric"
                {...verbatim}
                className={`${className} max-w-32`}
              />
            )}
          </Field>
        )}
        {isOpening && <Notice role="status">{restore.opening}</Notice>}
        <Button type="submit" look="primary" className="justify-self-start" disabled={isOpening}>
          {restore.submit}
        </Button>
      </form>
    </Card>
  )
}

const kinds: readonly Kind[] = ['backup', 'guardians', 'save-data']

function Kinds({ kind, onKind }: { readonly kind: Kind; readonly onKind: (kind: Kind) => void }) {
  const { restore } = useTexts()
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{restore.what}</legend>
      <div className="flex flex-wrap gap-2">
        {kinds.map((each) => (
          <Choice
            key={each}
            type="radio"
            name="kind"
            checked={kind === each}
            onChange={() => {
              onKind(each)
            }}
          >
            {restore.kinds[each]}
          </Choice>
        ))}
      </div>
    </fieldset>
  )
}
