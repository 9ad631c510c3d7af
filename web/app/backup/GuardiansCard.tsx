import { useState } from 'react'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePreferences } from '../../state/preferences.ts'
import { LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { dueOf } from './guardiansDue.ts'

/** On the page of a wallet: whether somebody can bring this device's share back, and what is to be done about that. */
export function GuardiansCard({ wallet }: { readonly wallet: WalletRecord }) {
  const { guardians: texts } = useTexts()
  const note = usePreferences((state) => state.backups[wallet.walletId]?.guardians)
  const [nowMs] = useState(() => Date.now())
  const due = note && dueOf(note, wallet, nowMs)
  return (
    <Card title={texts.link} {...(due !== undefined && { className: 'border-warn' })}>
      <p className="mb-4 text-muted">
        {note === undefined
          ? texts.lead
          : due === undefined
            ? texts.inOrder(note.needed, note.names.length)
            : texts.due[due]}
      </p>
      <LinkButton href={hrefs.guardians(wallet.walletId)}>{note === undefined ? texts.setUp : texts.open}</LinkButton>
    </Card>
  )
}
