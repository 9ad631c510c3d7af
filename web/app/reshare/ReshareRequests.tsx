import type { ReshareRequest } from '../../jobs/joinReshare.ts'
import { FailureView } from '../ceremony/FailureView.tsx'
import { RequestCard } from '../ceremony/RequestCard.tsx'
import { useRefusing } from '../ceremony/useRefusing.ts'
import { useCommands } from '../commands/useCommands.ts'
import { BackLink } from '../design/BackLink.tsx'
import { Button } from '../design/Button.tsx'
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
    <RequestCard title={reshare.asked[proposal.reason](from.label, wallet.name)} sessionId={seen.sessionId}>
      <p className="text-sm text-muted">{requests.until(new Date(expiresAtMs))}</p>
    </RequestCard>
  )
}

/** One of them: what it changes, and the answer. */
export function ReshareRequestPage({ request }: { readonly request: ReshareRequest }) {
  const { requests, reshare } = useTexts()
  const commands = useCommands()
  const { wallet, proposal, from, seen } = request
  const declining = useRefusing(seen.sessionId, () => commands.declineReshare(request), reshare.declined)
  return (
    <div className="grid gap-5" data-testid="reshare-request">
      <BackLink href={hrefs.requests}>{requests.title}</BackLink>
      <PageTitle takesFocus>{reshare.asked[proposal.reason](from.label, wallet.name)}</PageTitle>
      <AskedChange request={request} />
      <AskedForm
        wallet={wallet}
        isReady={!declining.isTelling}
        onApprove={(passphrase) => {
          void commands.joinReshare(request, passphrase)
          location.hash = hrefs.reshare(wallet.walletId)
        }}
        instead={
          <Button look="danger" disabled={declining.isTelling} onClick={() => void declining.refuse()}>
            {reshare.decline}
          </Button>
        }
      />
      {declining.failure && <FailureView failure={declining.failure} kind="reshare" />}
    </div>
  )
}
