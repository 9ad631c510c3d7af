import { useEffect } from 'react'
import type { SigningRequest } from '../../jobs/requests.ts'
import { useCeremony, useOpening } from '../../state/ceremony.ts'
import { useRequests } from '../../state/requests.ts'
import { useReshareRequests } from '../../state/reshareRequests.ts'
import { BackLink } from '../design/BackLink.tsx'
import { ContentReview } from '../sign/review/ContentReview.tsx'
import { contentSummary } from '../sign/contentSummary.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { RequestCard } from '../ceremony/RequestCard.tsx'
import { useRefusing } from '../ceremony/useRefusing.ts'
import { PageTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { ReadingBeforeSigning } from '../sign/review/reading.tsx'
import { ReshareRequestPage, ReshareSummary } from '../reshare/ReshareRequests.tsx'
import { SigningForm } from '../sign/SigningForm.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const betweenRefreshesMs = 5000

/** What others ask us to sign: a list, or one of them. */
export default function Requests({ sessionId }: { readonly sessionId: string | undefined }) {
  const { requests: texts } = useTexts()
  const open = useRequests((state) => state.open)
  const toReshare = useReshareRequests((state) => state.open)
  const commands = useCommands()
  useEffect(() => {
    void commands.loadDescriptions()
  }, [commands])
  useRefreshing()
  if (sessionId !== undefined) {
    const request = open.find(({ access }) => access.sessionId === sessionId)
    if (request !== undefined) return <Request request={request} />
    const shares = toReshare.find(({ seen }) => seen.sessionId === sessionId)
    if (shares !== undefined) return <ReshareRequestPage request={shares} />
  }
  return (
    <div className="grid gap-5">
      <PageTitle>{texts.title}</PageTitle>
      {sessionId !== undefined && <Notice role="status">{texts.gone}</Notice>}
      {open.length + toReshare.length === 0 && (
        <Card title={texts.none}>
          <p className="text-muted">{texts.noneText}</p>
        </Card>
      )}
      <ul className="grid gap-4">
        {toReshare.map((request) => (
          <li key={request.seen.sessionId}>
            <ReshareSummary request={request} />
          </li>
        ))}
        {open.map((request) => (
          <li key={request.access.sessionId}>
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

function Summary({ request: { access, wallet, order, from, expiresAtMs } }: { readonly request: SigningRequest }) {
  const texts = useTexts()
  const { requests } = texts
  return (
    <RequestCard title={requests.from(from.label)} sessionId={access.sessionId}>
      <p className="mt-1">{contentSummary(order.content, texts)}</p>
      <p className="text-sm text-muted">
        {requests.wallet(wallet.name)} · {requests.until(new Date(expiresAtMs))}
      </p>
    </RequestCard>
  )
}

function Request({ request }: { readonly request: SigningRequest }) {
  const { passkey, requests: texts } = useTexts()
  const commands = useCommands()
  const { wallet, order, from } = request
  const { sessionId } = request.access
  const opening = useOpening(wallet.walletId, sessionId)
  const isAnswered = useCeremony(({ current }) => current?.askedBy?.sessionId === sessionId)
  useEffect(() => {
    if (isAnswered && opening === undefined) location.hash = hrefs.sign(wallet.walletId)
  }, [isAnswered, opening, wallet.walletId])
  const rejecting = useRefusing(sessionId, () => commands.reject(request), texts.rejected)
  return (
    <ReadingBeforeSigning testId="request">
      <BackLink href={hrefs.requests}>{texts.title}</BackLink>
      <PageTitle takesFocus>{texts.wallet(wallet.name)}</PageTitle>
      <p>{texts.lead(from.label)}</p>
      <ContentReview order={order} wallet={wallet.name} />
      <SigningForm
        wallet={wallet}
        order={order}
        submit={texts.approve}
        byPasskey={passkey.approve}
        isReady={!rejecting.isTelling}
        opening={opening}
        onSign={(unlocking) => {
          void commands.approve(request, unlocking)
        }}
        instead={
          <Button look="danger" disabled={rejecting.isTelling} onClick={() => void rejecting.refuse()}>
            {texts.reject}
          </Button>
        }
      />
      {rejecting.failure && <FailureView failure={rejecting.failure} kind="sign" />}
    </ReadingBeforeSigning>
  )
}
