import { useState } from 'react'
import type { Failure } from '../../../tss-wasm/failure.ts'
import type { ReshareRequest } from '../../jobs/joinReshare.ts'
import { toast } from '../../state/toasts.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { BackLink } from '../design/BackLink.tsx'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { AskedForm } from './AskedForm.tsx'
import { AskedChange } from './AskedChange.tsx'

/** New shares that another member proposes, in the list of what others ask. */
export function ReshareSummary({ request }: { readonly request: ReshareRequest }) {
  const { requests, reshare } = useTexts()
  const { seen, wallet, proposal, from, expiresAtMs } = request
  return (
    <Card>
      <div className="flex flex-col items-start gap-4 sm:flex-row sm:items-center sm:justify-between">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">{reshare.asked[proposal.reason](from.label, wallet.name)}</h2>
          <p className="text-sm text-muted">{requests.until(new Date(expiresAtMs))}</p>
        </div>
        <LinkButton look="primary" className="shrink-0" href={hrefs.request(seen.sessionId)}>
          {requests.look}
        </LinkButton>
      </div>
    </Card>
  )
}

/** One of them: what it changes, and the answer. */
export function ReshareRequestPage({ request }: { readonly request: ReshareRequest }) {
  const { requests, reshare } = useTexts()
  const commands = useCommands()
  const { wallet, proposal, from, seen } = request
  const [declining, setDeclining] = useState<Failure | 'telling'>()
  const decline = async () => {
    setDeclining('telling')
    const told = await commands.declineReshare(request)
    setDeclining(told.ok ? undefined : told.failure)
    if (!told.ok) return
    toast(reshare.declined)
    if (location.hash === hrefs.request(seen.sessionId)) location.hash = hrefs.requests
  }
  return (
    <div className="grid gap-5" data-testid="reshare-request">
      <BackLink href={hrefs.requests}>{requests.title}</BackLink>
      <PageTitle takesFocus>{reshare.asked[proposal.reason](from.label, wallet.name)}</PageTitle>
      <AskedChange request={request} />
      <AskedForm
        wallet={wallet}
        isReady={declining !== 'telling'}
        onApprove={(passphrase) => {
          void commands.joinReshare(request, passphrase)
          location.hash = hrefs.reshare(wallet.walletId)
        }}
        instead={
          <Button look="danger" disabled={declining === 'telling'} onClick={() => void decline()}>
            {reshare.decline}
          </Button>
        }
      />
      {typeof declining === 'object' && <FailureView failure={declining} kind="reshare" />}
    </div>
  )
}
