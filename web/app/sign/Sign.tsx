import { useState } from 'react'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { ContentForm, emptyDraft, type Draft } from './ContentForm.tsx'
import { SigningFlow } from './SigningFlow.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Whatever can be signed, given by hand or pasted. */
export default function Sign({ wallet }: { readonly wallet: WalletRecord }) {
  const { sign } = useTexts()
  const [draft, setDraft] = useState<Draft>(emptyDraft)
  return (
    <SigningFlow
      wallet={wallet}
      title={sign.with(wallet.name)}
      form={(onOrder) => <ContentForm draft={draft} onChange={setDraft} wallet={wallet} onOrder={onOrder} />}
    />
  )
}
