import { useState, type ComponentProps } from 'react'
import { networkOf, networks } from '../../../tss-wasm/content/networks.ts'
import { networkName } from './chains.ts'
import { Field, verbatim } from '../design/Field.tsx'
import { fieldsOfUri, type FieldErrors, type TransactionFields } from './transactionForm.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface TransactionInputsProps {
  readonly fields: TransactionFields
  readonly errors: FieldErrors
  readonly onChange: (change: Partial<TransactionFields>) => void
}

export function TransactionInputs({ fields, errors, onChange }: TransactionInputsProps) {
  const { sign } = useTexts()
  const coin = /^\d{1,20}$/.test(fields.chainId) ? networkOf(BigInt(fields.chainId))?.coin : undefined
  const input = (name: keyof TransactionFields, label: string, hint?: string, rest: ComponentProps<'input'> = {}) => (
    <Field label={label} hint={hint} error={errors[name]}>
      {({ className, ...control }) => (
        <input
          {...control}
          {...rest}
          className={`${className} ${rest.className ?? ''}`}
          {...verbatim}
          value={fields[name]}
          onChange={({ target }) => {
            const pasted = name === 'to' ? fieldsOfUri(target.value) : {}
            onChange({ [name]: target.value, ...pasted })
          }}
        />
      )}
    </Field>
  )
  const decimal = { inputMode: 'decimal' } as const
  const numeric = { inputMode: 'numeric' } as const
  return (
    <>
      <NetworkChoice fields={fields} errors={errors} onChange={onChange} />
      {input('to', sign.to, sign.toHint, { className: 'font-mono' })}
      <div className="grid gap-5 sm:grid-cols-2">
        {input('value', coin === undefined ? sign.valueUnknown : sign.value(coin), undefined, decimal)}
        {input('nonce', sign.nonce, sign.nonceHint, numeric)}
        {input('maxFee', sign.maxFee, undefined, decimal)}
        {input('tip', sign.tip, undefined, decimal)}
        {input('gas', sign.gas, sign.gasHint, numeric)}
        {input('data', sign.data, sign.dataHint, { className: 'font-mono' })}
      </div>
    </>
  )
}

function NetworkChoice({ fields, errors, onChange }: TransactionInputsProps) {
  const texts = useTexts()
  const { sign } = texts
  const [isAsked, setAsked] = useState(false)
  // Also of one that a link has brought, or JSON.
  const other = isAsked || (fields.chainId !== '' && !networks.some(({ id }) => id.toString() === fields.chainId))
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field label={sign.network} error={other ? undefined : errors.chainId}>
        {(control) => (
          <select
            {...control}
            value={other ? 'other' : fields.chainId}
            onChange={({ target }) => {
              setAsked(target.value === 'other')
              onChange({ chainId: target.value === 'other' ? '' : target.value })
            }}
          >
            {fields.chainId === '' && !other && <option value="">{sign.chooseNetwork}</option>}
            {networks.map((network) => (
              <option key={network.id} value={network.id.toString()}>
                {networkName(network, texts)}
              </option>
            ))}
            <option value="other">{sign.otherNetwork}</option>
          </select>
        )}
      </Field>
      {other && (
        <Field label={sign.chainId} error={errors.chainId}>
          {(control) => (
            <input
              {...control}
              inputMode="numeric"
              {...verbatim}
              value={fields.chainId}
              onChange={({ target }) => {
                onChange({ chainId: target.value })
              }}
            />
          )}
        </Field>
      )}
    </div>
  )
}
