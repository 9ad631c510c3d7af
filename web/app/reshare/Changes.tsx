import type { WalletRecord } from '../../platform/shareStore.ts'
import { ArrowIcon } from '../design/icons.tsx'
import { changes, hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { ProofCard } from './ProofCard.tsx'

/** What can be changed, in the words of whoever wants it. */
export function Changes({ wallet }: { readonly wallet: WalletRecord }) {
  const { reshare } = useTexts()
  return (
    <>
      <p className="text-muted">{reshare.lead}</p>
      <ul className="grid gap-3">
        {changes.map((change) => (
          <li key={change}>
            <a
              href={hrefs.reshare(wallet.walletId, change)}
              className="flex items-center gap-4 rounded-2xl border border-line bg-surface p-5 shadow-card transition-colors hover:border-accent"
            >
              <span className="grid min-w-0 flex-1 gap-1">
                <span className="font-semibold">{reshare.changes[change].title}</span>
                <span className="text-sm text-muted">{reshare.changes[change].lead}</span>
              </span>
              <ArrowIcon className="size-5 text-muted" />
            </a>
          </li>
        ))}
      </ul>
      <ProofCard wallet={wallet} />
    </>
  )
}
