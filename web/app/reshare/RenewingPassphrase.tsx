import type { RefObject } from 'react'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { Card } from '../design/Card.tsx'
import { PassphraseField } from '../passphrase/PassphraseField.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface RenewingPassphraseProps {
  readonly wallet: WalletRecord
  readonly field: RefObject<HTMLInputElement | null>
  /** It was left empty. */
  readonly isMissing: boolean
}

/** One passphrase for both shares, the one that is there and the one that comes. */
export function RenewingPassphrase({ wallet, field, isMissing }: RenewingPassphraseProps) {
  const { reshare, sign } = useTexts()
  return (
    <Card>
      <PassphraseField
        label={sign.passphrase}
        hint={reshare.passphraseHint}
        error={isMissing ? sign.invalid.required : undefined}
        field={field}
        account={wallet.name}
        autoComplete="current-password"
      />
    </Card>
  )
}
