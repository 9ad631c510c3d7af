import { useState, type ComponentProps } from 'react'
import { chainName, chains, currencyOf } from './chains.ts'
import { Field } from '../design/Field.tsx'
import type { FieldErrors, TransactionFields } from './transactionForm.ts'
import { useTexts } from '../texts/useTexts.tsx'

interface TransactionInputsProps {
  readonly fields: TransactionFields
  readonly errors: FieldErrors
  readonly onChange: (change: Partial<TransactionFields>) => void
}

export function TransactionInputs({ fields, errors, onChange }: TransactionInputsProps) {
  const { sign } = useTexts()
  const currency = /^\d{1,20}$/.test(fields.chainId) ? currencyOf(BigInt(fields.chainId)) : 'ETH'
  const input = (name: keyof TransactionFields, label: string, hint?: string, rest: ComponentProps<'input'> = {}) => (
    <Field label={label} hint={hint} error={errors[name]}>
      {({ className, ...control }) => (
        <input
          {...control}
          {...rest}
          className={`${className} ${rest.className ?? ''}`}
          autoComplete="off"
          spellCheck={false}
          value={fields[name]}
          onChange={({ target }) => {
            onChange({ [name]: target.value })
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
      {input('to', sign.to, sign.toHint, { className: 'font-mono text-sm' })}
      <div className="grid gap-5 sm:grid-cols-2">
        {input('value', sign.value(currency), undefined, decimal)}
        {input('nonce', sign.nonce, sign.nonceHint, numeric)}
        {input('maxFee', sign.maxFee, undefined, decimal)}
        {input('tip', sign.tip, undefined, decimal)}
        {input('gas', sign.gas, sign.gasHint, numeric)}
        {input('data', sign.data, sign.dataHint, { className: 'font-mono text-sm' })}
      </div>
    </>
  )
}

function NetworkChoice({ fields, errors, onChange }: TransactionInputsProps) {
  const texts = useTexts()
  const { sign } = texts
  const [other, setOther] = useState(() => !chains.some(({ id }) => id.toString() === fields.chainId))
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field label={sign.network} error={other ? undefined : errors.chainId}>
        {(control) => (
          <select
            {...control}
            value={other ? 'other' : fields.chainId}
            onChange={({ target }) => {
              setOther(target.value === 'other')
              onChange({ chainId: target.value === 'other' ? '' : target.value })
            }}
          >
            {chains.map((chain) => (
              <option key={chain.id} value={chain.id.toString()}>
                {chainName(chain, texts)}
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
              autoComplete="off"
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
