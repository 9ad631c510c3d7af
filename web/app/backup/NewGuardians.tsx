import { useRef, useState, type SubmitEvent } from 'react'
import type { Failure } from '../../../tss-wasm/failure.ts'
import type { GuardedShare } from '../../jobs/guardians.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Field } from '../design/Field.tsx'
import { download } from '../design/files.ts'
import { Notice } from '../design/Notice.tsx'
import { normalized, takePassphrase } from '../passphrase/passphrase.ts'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { guardiansFileName } from './GuardiansFile.tsx'

const most = 16

interface NewGuardiansProps {
  readonly wallet: WalletRecord
  readonly onMade: (made: GuardedShare) => void
}

/** Who the guardians are and how many of them it takes; then their pieces, and the file. */
export function NewGuardians({ wallet, onMade }: NewGuardiansProps) {
  const { backup, guardians: texts } = useTexts()
  const commands = useCommands()
  const passphrase = useRef<HTMLInputElement>(null)
  const [names, setNames] = useState<readonly string[]>(['', '', ''])
  const [needed, setNeeded] = useState(2)
  const [tried, setTried] = useState(false)
  const [missing, setMissing] = useState(false)
  const [state, setState] = useState<'making' | Failure>()
  const called = names.map((name) => name.trim())
  const areNamed = called.every((name) => name !== '') && new Set(called).size === called.length
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const isEmpty = normalized(passphrase.current) === ''
    setTried(true)
    setMissing(isEmpty)
    if (isEmpty || !areNamed) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    setState('making')
    const made = await commands.guard(wallet, { needed, names: called }, takePassphrase(passphrase.current))
    if (!made.ok) {
      setState(made.failure)
      return
    }
    download(guardiansFileName(wallet), made.value.file)
    onMade(made.value)
  }
  return (
    <Card title={texts.setUp}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5" data-testid="new-guardians">
        {names.map((name, i) => (
          <Field
            key={i}
            label={texts.guardian(i + 1)}
            error={tried && (called[i] === '' || called.indexOf(called[i] ?? '') !== i) ? texts.nameEach : undefined}
          >
            {(control) => (
              <input
                {...control}
                value={name}
                maxLength={64}
                autoComplete="off"
                onChange={({ target }) => {
                  setNames(names.with(i, target.value))
                }}
              />
            )}
          </Field>
        ))}
        <div className="flex flex-wrap gap-3">
          {names.length < most && (
            <Button
              onClick={() => {
                setNames([...names, ''])
              }}
            >
              {texts.addGuardian}
            </Button>
          )}
          {names.length > 2 && (
            <Button
              onClick={() => {
                setNames(names.slice(0, -1))
                setNeeded(Math.min(needed, names.length - 1))
              }}
            >
              {texts.removeGuardian}
            </Button>
          )}
        </div>
        <Field label={texts.needed} hint={texts.neededHint}>
          {(control) => (
            <select
              {...control}
              value={needed}
              onChange={({ target }) => {
                setNeeded(Number(target.value))
              }}
            >
              {names.slice(1).map((_, i) => (
                <option key={i} value={i + 2}>
                  {texts.ofGuardians(i + 2, names.length)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <PassphraseField
          label={backup.walletPassphrase}
          error={missing ? backup.noPassphrase : undefined}
          field={passphrase}
          account={wallet.name}
          autoComplete="current-password"
        />
        <Notice>{texts.before}</Notice>
        {state !== undefined && state !== 'making' && <FailureView failure={state} kind="other" />}
        <Button type="submit" look="primary" className="justify-self-start" disabled={state === 'making'}>
          {texts.make}
        </Button>
      </form>
    </Card>
  )
}
