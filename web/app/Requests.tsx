import { useEffect } from 'react'
import type { SigningRequest } from '../jobs/requests.ts'
import { useRequests } from '../state/requests.ts'
import { toast } from '../state/toasts.ts'
import { BackLink } from './BackLink.tsx'
import { ContentReview } from './review/ContentReview.tsx'
import { useCommands } from './commands.ts'
import { Button, LinkButton } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { Notice } from './design/Notice.tsx'
import { PageTitle } from './PageTitle.tsx'
import { hrefs } from './route.ts'
import { SigningForm } from './SigningForm.tsx'
import { useTexts } from './useTexts.tsx'

const betweenRefreshesMs = 5000

/** What others ask us to sign: a list, or one of them. */
export default function Requests({ sessionId }: { readonly sessionId: string | undefined }) {
  const { requests: texts } = useTexts()
  const open = useRequests((state) => state.open)
  useRefreshing()
  if (sessionId !== undefined) {
    const request = open.find(({ ticket }) => ticket.sessionId === sessionId)
    if (request !== undefined) return <Request request={request} />
  }
  return (
    <div className="grid gap-5">
      <PageTitle>{texts.title}</PageTitle>
      {sessionId !== undefined && <Notice role="status">{texts.gone}</Notice>}
      {open.length === 0 && (
        <Card title={texts.none}>
          <p className="text-muted">{texts.noneText}</p>
        </Card>
      )}
      <ul className="grid gap-4">
        {open.map((request) => (
          <li key={request.ticket.sessionId}>
            <Summary request={request} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Others answer meanwhile: what is over does not stay. */
function useRefreshing(): void {
  const commands = useCommands()
  useEffect(() => {
    void commands.refreshRequests()
    const timer = setInterval(() => void commands.refreshRequests(), betweenRefreshesMs)
    return () => {
      clearInterval(timer)
    }
  }, [commands])
}

function Summary({ request: { ticket, wallet, order, from, expiresAtMs } }: { readonly request: SigningRequest }) {
  const { requests: texts } = useTexts()
  return (
    <Card title={texts.from(from.label)}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted">
          {texts.kinds[order.content.type]} · {texts.wallet(wallet.name)} · {texts.until(new Date(expiresAtMs))}
        </p>
        <LinkButton look="primary" href={hrefs.request(ticket.sessionId)}>
          {texts.look}
        </LinkButton>
      </div>
    </Card>
  )
}

function Request({ request }: { readonly request: SigningRequest }) {
  const { passkey, requests: texts } = useTexts()
  const commands = useCommands()
  const { wallet, order, from } = request
  const reject = () => {
    void commands.reject(request)
    toast(texts.rejected)
    location.hash = hrefs.requests
  }
  return (
    <div className="grid gap-5" data-testid="request">
      <BackLink href={hrefs.requests}>{texts.title}</BackLink>
      <PageTitle takesFocus>{texts.wallet(wallet.name)}</PageTitle>
      <p>{texts.lead(from.label)}</p>
      <ContentReview order={order} />
      <SigningForm
        wallet={wallet}
        order={order}
        submit={texts.approve}
        byPasskey={passkey.approve}
        onSign={(unlocking) => {
          void commands.approve(request, unlocking)
          location.hash = hrefs.sign(wallet.walletId)
        }}
        instead={
          <Button look="danger" onClick={reject}>
            {texts.reject}
          </Button>
        }
      />
    </div>
  )
}
