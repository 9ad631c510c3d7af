import { useRef, useState, type ReactNode } from 'react'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { Button } from '../design/Button.tsx'
import { Notice } from '../design/Notice.tsx'
import { normalized, takePassphrase } from '../passphrase/passphrase.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { RenewingPassphrase } from './RenewingPassphrase.tsx'

interface AskedFormProps {
  readonly wallet: WalletRecord
  readonly isReady: boolean
  readonly onApprove: (passphrase: Uint8Array<ArrayBuffer>) => void
  /** What else can be done: a button. */
  readonly instead: ReactNode
}

/** Whoever has seen what changes types the passphrase, or declines. */
export function AskedForm({ wallet, isReady, onApprove, instead }: AskedFormProps) {
  const { create, reshare } = useTexts()
  const busy = useCeremony((state) => isRunning(state.current))
  const passphrase = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const empty = normalized(passphrase.current) === ''
        setMissing(empty)
        if (empty) passphrase.current?.focus()
        else onApprove(takePassphrase(passphrase.current))
      }}
      noValidate
      className="grid gap-5"
    >
      <RenewingPassphrase wallet={wallet} field={passphrase} isMissing={missing} />
      {busy && <Notice tone="warn">{create.busy}</Notice>}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" disabled={busy || !isReady}>
          {reshare.approve}
        </Button>
        {instead}
      </div>
    </form>
  )
}
