import { useEffect, type ReactNode } from 'react'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { useOccupied } from '../../state/occupied.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'

/** This tab's for as long as its screen is shown, or a ceremony with it runs. */
export function useOccupying(shown: string | undefined): void {
  const { occupy } = useCommands()
  const signing = useCeremony(({ current }) => (isRunning(current) ? current?.walletId : undefined))
  useEffect(() => {
    occupy([...new Set([shown, signing])].filter((walletId) => walletId !== undefined))
  }, [occupy, shown, signing])
}

/** What belongs to a wallet, in the one tab that works with it. */
export function WalletTab({ walletId, children }: { readonly walletId: string; readonly children: ReactNode }) {
  const { app, tabs } = useTexts()
  const { takeOver } = useCommands()
  const occupation = useOccupied((state) => state[walletId])
  if (occupation === 'here') return children
  if (occupation === undefined) return <p className="text-muted">{app.loading}</p>
  return (
    <Card>
      <div className="grid gap-3" role="status" data-testid="other-tab">
        <PageTitle>{occupation === 'waiting' ? tabs.elsewhere : tabs.taken}</PageTitle>
        <p>{tabs.why}</p>
        <p className="text-muted">{occupation === 'waiting' ? tabs.wait : tabs.takeBack}</p>
        <div className="mt-2 flex flex-wrap gap-3">
          <Button
            look="primary"
            onClick={() => {
              takeOver(walletId)
            }}
          >
            {tabs.takeOver}
          </Button>
          <LinkButton href={hrefs.wallets}>{app.toWallets}</LinkButton>
        </div>
      </div>
    </Card>
  )
}
