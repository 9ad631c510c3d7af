import { useEffect, useMemo, type ReactNode } from 'react'
import { isLive } from '../../../tss-wasm/requests/isLive.ts'
import type { SigningRequest } from '../../jobs/requests.ts'
import { useCeremony, useOpening } from '../../state/ceremony.ts'
import { useRequests } from '../../state/requests.ts'
import { useReshareRequests } from '../../state/reshareRequests.ts'
import { awaitsUs, useWaitingRequest, useWaitingRequests, type WaitingRequest } from '../../state/waitingRequests.ts'
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
import { WaitingCard } from './WaitingCard.tsx'
import { WaitingPage } from './WaitingPage.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const betweenRefreshesMs = 5000

/** What members ask each other to sign: a list, or one of them. */
export default function Requests({ sessionId }: { readonly sessionId: string | undefined }) {
  const { requests: texts, waiting: words } = useTexts()
  const open = useRequests((state) => state.open)
  const toReshare = useReshareRequests((state) => state.open)
  const { forUs, forOthers, over, unread } = useSorted()
  const commands = useCommands()
  useEffect(() => {
    void commands.loadDescriptions()
  }, [commands])
  useRefreshing()
  const waiting = useWaitingRequest(sessionId)
  if (sessionId !== undefined) {
    if (waiting !== undefined) return <WaitingPage request={waiting} />
    const request = open.find(({ access }) => access.sessionId === sessionId)
    if (request !== undefined) return <Request request={request} />
    const shares = toReshare.find(({ seen }) => seen.sessionId === sessionId)
    if (shares !== undefined) return <ReshareRequestPage request={shares} />
  }
  const toDecide = open.length + toReshare.length + forUs.length
  return (
    <div className="grid gap-5">
      <PageTitle>{texts.title}</PageTitle>
      {sessionId !== undefined && <Notice role="status">{unread > 0 ? words.gone : texts.gone}</Notice>}
      {toDecide === 0 && (
        <Card title={texts.none}>
          <p className="text-muted">{texts.noneText}</p>
        </Card>
      )}
      {toDecide > 0 && (
        <Section title={words.forYou}>
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
          <Cards requests={forUs} />
        </Section>
      )}
      {forOthers.length > 0 && (
        <Section title={words.forOthers}>
          <Cards requests={forOthers} />
        </Section>
      )}
      {over.length > 0 && (
        <Section title={words.over}>
          <Cards requests={over} />
        </Section>
      )}
      {unread > 0 && <Notice role="status">{words.unread(unread)}</Notice>}
    </div>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="grid gap-3">
      <h2 className="text-sm font-semibold text-muted">{title}</h2>
      <ul className="grid gap-4">{children}</ul>
    </section>
  )
}

/** More are not laid out at once; the oldest of those that are over are in the histories of their wallets. */
const mostShown = 100

function Cards({ requests }: { readonly requests: readonly WaitingRequest[] }) {
  const acting = useWaitingRequests((state) => state.acting)
  return requests.slice(0, mostShown).map((request) => (
    <li key={request.name}>
      <WaitingCard request={request} acting={acting[request.name]} />
    </li>
  ))
}

/** The latest first, by whose turn it is. */
function useSorted() {
  const { byName, acting, unread } = useWaitingRequests()
  return useMemo(() => {
    const latest = Object.values(byName).sort((a, b) => b.opened.request.createdMs - a.opened.request.createdMs)
    const isForUs = (one: WaitingRequest) => awaitsUs(one, acting[one.name]) !== undefined
    return {
      forUs: latest.filter(isForUs),
      forOthers: latest.filter((one) => isLive(one.state) && !isForUs(one)),
      over: latest.filter(({ state }) => !isLive(state)),
      unread,
    }
  }, [byName, acting, unread])
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
    if (isAnswered && opening === undefined) location.hash = hrefs.signing(wallet.walletId)
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
