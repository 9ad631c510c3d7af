import { longestWalletName } from '../../../tss-wasm/identity/walletName.ts'
import { Field } from './Field.tsx'

interface NameFieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
  /** Browsers fill in what people call themselves, and no other name. */
  readonly isMine?: boolean
  readonly className?: string
}

/** A name of somebody or something, as short as names are here. */
export function NameField({ label, hint, error, value, onChange, isMine = false, className = '' }: NameFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          {...control}
          className={`${control.className} ${className}`}
          {...(isMine ? { name: 'nickname', autoComplete: 'nickname' } : { autoComplete: 'off' })}
          maxLength={longestWalletName}
          value={value}
          onChange={({ target }) => {
            onChange(target.value)
          }}
        />
      )}
    </Field>
  )
}
