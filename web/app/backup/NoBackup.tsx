import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePreferences } from '../../state/preferences.ts'
import { LinkButton } from '../design/Button.tsx'
import { Notice } from '../design/Notice.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

/** Stays on the wallet's page until this device has made a backup, or seen a good one. */
export function NoBackup({ wallet }: { readonly wallet: WalletRecord }) {
  const { backup } = useTexts()
  const madeAtMs = usePreferences((state) => state.backups[wallet.walletId]?.madeAtMs)
  const { renewedAtMs } = wallet
  if (madeAtMs !== undefined && madeAtMs >= (renewedAtMs ?? 0)) return null
  if (madeAtMs !== undefined && renewedAtMs !== undefined)
    return (
      <Notice tone="warn" title={backup.stale}>
        <p>{backup.staleText(new Date(madeAtMs), new Date(renewedAtMs))}</p>
        <LinkButton className="mt-1 justify-self-start" href={hrefs.backup(wallet.walletId)}>
          {backup.now}
        </LinkButton>
      </Notice>
    )
  return (
    <Notice tone="warn" title={backup.none}>
      <p>{backup.noneText}</p>
      <LinkButton className="mt-1 justify-self-start" href={hrefs.backup(wallet.walletId)}>
        {backup.now}
      </LinkButton>
    </Notice>
  )
}
