import { useEffect, useRef, useState, type ReactNode, type SubmitEvent } from 'react'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { Unlocking } from '../../jobs/unlock.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { isRunning, useCeremony, type Opening } from '../../state/ceremony.ts'
import { useHasPasskey } from '../../state/passkeys.ts'
import { useUnlockedUntil } from '../../state/unlocked.ts'
import { useIsRead } from './review/reading.tsx'
import { failureText } from '../ceremony/failureTexts.ts'
import { useBlindConfirmation } from './BlindConfirmation.tsx'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import { normalized, takePassphrase } from '../passphrase/passphrase.ts'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { KeepUnlocked, UnlockedUntil } from '../passphrase/KeepUnlocked.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface SigningFormProps {
  readonly wallet: WalletRecord
  readonly order: SigningOrder
  /** What the buttons say that sign, by passphrase and by passkey, and whether they may already be pressed. */
  readonly submit: string
  readonly byPasskey: string
  readonly isReady?: boolean
  /** It does not wait for a ceremony that is under way. */
  readonly standsAlone?: boolean
  /** Of the share, where it was tried. */
  readonly opening?: Opening | undefined
  readonly onSign: (unlocking: Unlocking) => void
  /** What else can be done instead of signing: a button. */
  readonly instead: ReactNode
  /** What is asked before the passphrase. */
  readonly children?: ReactNode
}

/** The end of every review: whoever has seen what is signed types the passphrase, or uses the passkey, or does not sign. */
export function SigningForm(props: SigningFormProps) {
  const {
    wallet,
    order,
    submit,
    byPasskey,
    isReady = true,
    standsAlone = false,
    opening,
    onSign,
    instead,
    children,
  } = props
  const texts = useTexts()
  const { create, passkey, sign } = texts
  const hasPasskey = useHasPasskey(wallet.walletId)
  const busy = useCeremony((state) => isRunning(state.current)) && !standsAlone
  const passphrase = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const blind = useBlindConfirmation(order.content)
  const failure = opening?.failure
  const refusal = failure && failureText(failure, { kind: 'other', parties: String }, texts)
  const isWrong = failure?.kind === 'refused' && failure.what === 'passphrase'
  useEffect(() => {
    if (isWrong) passphrase.current?.focus()
  }, [failure, isWrong])
  const until = useUnlockedUntil(wallet.walletId)
  const [keepMs, setKeepMs] = useState(0)
  const kept = keepMs === 0 ? {} : { keepMs }
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (until !== undefined) {
      onSign({ unlocked: true })
      return
    }
    const empty = normalized(passphrase.current) === ''
    setMissing(empty)
    if (empty) passphrase.current?.focus()
    else onSign({ passphrase: takePassphrase(passphrase.current), ...kept })
  }
  const isRead = useIsRead()
  const disabled = busy || !isReady || !blind.isConfirmed || !isRead
  return (
    <form onSubmit={send} noValidate className="grid gap-5">
      {blind.field}
      <Card>
        {children}
        {until === undefined ? (
          <div className="grid gap-5">
            <PassphraseField
              label={sign.passphrase}
              {...(hasPasskey && { hint: passkey.hint })}
              error={missing ? sign.invalid.required : isWrong ? refusal?.title : undefined}
              field={passphrase}
              account={wallet.name}
              autoComplete="current-password"
            />
            <KeepUnlocked ms={keepMs} onChange={setKeepMs} />
          </div>
        ) : (
          <UnlockedUntil walletId={wallet.walletId} untilMs={until} />
        )}
      </Card>
      {opening?.isOpening === true ? (
        <Notice role="status">{texts.wallet.checking}</Notice>
      ) : (
        busy && <Notice tone="warn">{create.busy}</Notice>
      )}
      {refusal !== undefined && !isWrong && (
        <Notice tone="warn" role="alert" title={refusal.title}>
          <p>{refusal.now}</p>
        </Notice>
      )}
      {!isRead && <Notice role="status">{sign.unread}</Notice>}
      <div className="flex flex-wrap gap-3">
        {hasPasskey && until === undefined && (
          <Button
            look="primary"
            disabled={disabled}
            onClick={() => {
              onSign({ passkey: true, ...kept })
            }}
          >
            {byPasskey}
          </Button>
        )}
        <Button type="submit" look={hasPasskey && until === undefined ? 'secondary' : 'primary'} disabled={disabled}>
          {submit}
        </Button>
        {instead}
      </div>
    </form>
  )
}
