import { useState } from 'react'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useChain } from '../../state/chain.ts'
import { usePreferences } from '../../state/preferences.ts'
import { SigningFlow } from '../sign/SigningFlow.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { SendForm } from './SendForm.tsx'
import { emptySend, type SendDraft } from './sendForm.ts'

/** A payment as people say it: what, to whom, how much. Nodes suggest the rest. */
export default function Send({ wallet }: { readonly wallet: WalletRecord }) {
  const { app, send } = useTexts()
  const networks = useListedNetworks()
  const last = usePreferences(({ lastNetwork }) => lastNetwork)
  const [draft, setDraft] = useState<SendDraft>()
  const usual = networks.includes(last) ? last : networks[0]
  return (
    <SigningFlow
      wallet={wallet}
      title={send.title(wallet.name)}
      form={(onOrder) =>
        usual === undefined ? (
          <p className="text-muted">{app.loading}</p>
        ) : (
          <SendForm
            wallet={wallet}
            networks={networks}
            draft={draft ?? emptySend(usual)}
            onChange={setDraft}
            onOrder={onOrder}
          />
        )
      }
    />
  )
}

/** Chain ids of the networks that somebody lists a node of, each once. */
function useListedNetworks(): readonly string[] {
  const nodes = useChain((state) => state.nodes)
  return [...new Set(nodes.map(({ chainId }) => chainId.toString()))]
}
