import { useState, type RefObject } from 'react'
import { Field, verbatim } from '../design/Field.tsx'
import { Button } from '../design/Button.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface PassphraseFieldProps {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly field: RefObject<HTMLInputElement | null>
  /** Under which a password manager files it. */
  readonly account?: string
  readonly autoComplete: 'new-password' | 'current-password'
  readonly onInput?: (value: string) => void
}

/** What is typed stays in the input element: it is in no state, and is read once, by `takePassphrase`. */
export function PassphraseField({ label, hint, error, field, account, autoComplete, onInput }: PassphraseFieldProps) {
  const { create } = useTexts()
  const [shown, setShown] = useState(false)
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className="flex gap-2">
          {account !== undefined && <input type="text" autoComplete="username" value={account} readOnly hidden />}
          <input
            {...control}
            ref={field}
            type={shown ? 'text' : 'password'}
            {...verbatim}
            autoComplete={autoComplete}
            enterKeyHint={autoComplete === 'current-password' ? 'go' : 'done'}
            maxLength={1000}
            className={`${control.className} flex-1`}
            onInput={(event) => onInput?.(event.currentTarget.value)}
          />
          <Button
            aria-pressed={shown}
            aria-label={`${shown ? create.hide : create.show}: ${label}`}
            onClick={() => {
              setShown(!shown)
            }}
          >
            {shown ? create.hide : create.show}
          </Button>
        </div>
      )}
    </Field>
  )
}
