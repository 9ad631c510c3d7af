import { useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { isRunning, useCeremony } from '../state/ceremony.ts'
import { useBlindConfirmation } from './BlindConfirmation.tsx'
import { Button } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { Notice } from './design/Notice.tsx'
import { normalized, takePassphrase } from './passphrase.ts'
import { PassphraseField } from './PassphraseField.tsx'
import { useTexts } from './useTexts.tsx'

interface SigningFormProps {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  /** What the button says that signs, and whether it may already be pressed. */
  readonly submit: string
  readonly isReady?: boolean
  readonly onSign: (passphrase: Uint8Array<ArrayBuffer>) => void
  /** What else can be done instead of signing: a button. */
  readonly instead: ReactNode
  /** What is asked before the passphrase. */
  readonly children?: ReactNode
}

/** The end of every review: whoever has seen what is signed types the passphrase, and signs or does not. */
export function SigningForm({ wallet, order, submit, isReady = true, onSign, instead, children }: SigningFormProps) {
  const { create, sign } = useTexts()
  const busy = useCeremony((state) => isRunning(state.current))
  const passphrase = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const blind = useBlindConfirmation(order.content)
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    const empty = normalized(passphrase.current) === ''
    setMissing(empty)
    if (empty) passphrase.current?.focus()
    else onSign(takePassphrase(passphrase.current))
  }
  return (
    <form onSubmit={send} noValidate className="grid gap-5">
      {blind.field}
      <Card>
        {children}
        <PassphraseField
          label={sign.passphrase}
          error={missing ? sign.invalid.required : undefined}
          field={passphrase}
          account={wallet.name}
          autoComplete="current-password"
        />
      </Card>
      {busy && <Notice tone="warn">{create.busy}</Notice>}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" disabled={busy || !isReady || !blind.isConfirmed}>
          {submit}
        </Button>
        {instead}
      </div>
    </form>
  )
}
