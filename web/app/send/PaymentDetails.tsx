import { useState } from 'react'
import { speeds } from '../../../chain/evm/fees.ts'
import type { Outlook } from '../../../chain/evm/outlook.ts'
import { Choice } from '../design/Choice.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { Summary } from '../design/Summary.tsx'
import { etherDecimals, formatGrouped, gweiDecimals, parseAmount } from '../sign/amounts.ts'
import { coinOf } from '../sign/chains.ts'
import { SignerChoice } from '../sign/SignerChoice.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { filled, type SendDraft, type SendErrors, type Suggestion } from './sendForm.ts'

interface PaymentDetailsProps {
  readonly publicKey: Uint8Array
  readonly draft: SendDraft
  readonly outlook: Outlook | undefined
  readonly suggestion: Suggestion
  readonly errors: SendErrors
  readonly onChange: (change: Partial<SendDraft>) => void
}

const byHand = ['nonce', 'maxFee', 'tip', 'gas'] as const

/** What the nodes suggest, folded; open where they suggest nothing, and something has to be typed. */
export function PaymentDetails({ publicKey, draft, outlook, suggestion, errors, onChange }: PaymentDetailsProps) {
  const texts = useTexts()
  const { send, sign } = texts
  const [isAsked, setAsked] = useState(false)
  const values = filled(draft, suggestion)
  const isNeeded = byHand.some((name) => errors[name] !== undefined) || errors.path !== undefined
  const labels = { nonce: sign.nonce, maxFee: sign.maxFee, tip: sign.tip, gas: sign.gas }
  return (
    <>
      <p data-testid="fee">{feeText()}</p>
      <details
        open={isAsked || isNeeded}
        onToggle={({ currentTarget }) => {
          setAsked(currentTarget.open)
        }}
      >
        <Summary className="text-sm text-muted">{send.advanced}</Summary>
        <div className="mt-3 grid gap-5">
          <fieldset>
            <legend className="mb-2 text-sm font-medium">{send.speed}</legend>
            <div className="grid gap-2 sm:grid-cols-3">
              {speeds.map((speed) => (
                <Choice
                  key={speed}
                  type="radio"
                  name="speed"
                  checked={draft.speed === speed}
                  onChange={() => {
                    const { nonce, gas } = draft.own
                    onChange({
                      speed,
                      own: { ...(nonce !== undefined && { nonce }), ...(gas !== undefined && { gas }) },
                    })
                  }}
                >
                  {send.speeds[speed]}
                </Choice>
              ))}
            </div>
          </fieldset>
          <div className="grid gap-5 sm:grid-cols-2">
            {byHand.map((name) => (
              <Field
                key={name}
                label={labels[name]}
                hint={name === 'nonce' ? send.nonceHint : undefined}
                error={errors[name]}
              >
                {(control) => (
                  <input
                    {...control}
                    inputMode={name === 'nonce' || name === 'gas' ? 'numeric' : 'decimal'}
                    {...verbatim}
                    value={values[name]}
                    onChange={({ target }) => {
                      onChange({ own: { ...draft.own, [name]: target.value } })
                    }}
                  />
                )}
              </Field>
            ))}
          </div>
          <SignerChoice
            publicKey={publicKey}
            path={draft.path}
            error={errors.path}
            onChange={(path) => {
              onChange({ path, own: {} })
            }}
          />
        </div>
      </details>
    </>
  )

  /** A payment of the coin takes the least, until its recipient is known. */
  function gasOf({ gas }: Suggestion): string {
    return gas === '' && draft.asset === '' ? '21000' : gas
  }

  function feeText(): string {
    const [price, gas] = [parseAmount(values.maxFee, gweiDecimals), parseAmount(gasOf(values), 0)]
    if (price === undefined || gas === undefined) return outlook === undefined ? send.asking : send.feeUnknown
    return send.fee(`${formatGrouped(price * gas, etherDecimals)} ${coinOf(BigInt(draft.network), texts)}`)
  }
}
